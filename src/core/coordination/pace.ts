/**
 * How many calls a model's service gets at once, found out by asking: additive increase, multiplicative decrease, as TCP
 * does it (Chiu and Jain, 1989). Nothing is limited until the service refuses a call for its rate.
 *
 *   unlimited ──refused──▶ limited: half of what was under way ──answers──▶ one more, slowly where it was too many before
 */
export interface Pace {
  /** Calls at once; undefined while the service has refused none. */
  readonly limit: number | undefined;
  readonly underWay: number;
  /** Monotonic milliseconds; no call starts before. */
  readonly notBeforeMs: number;
  /** Counts the cuts. A refused call that started before the last cut says nothing new about the limit. */
  readonly era: number;
  /** What was too many at the last cut. */
  readonly ceiling: number;
  /** Answers that came since the limit changed, while it was used up. */
  readonly answers: number;
  /** Cuts since the last answer. */
  readonly cutsInARow: number;
}

export type PaceEvent =
  | { readonly type: 'started' }
  | { readonly type: 'answered' }
  /** Over for another reason: it failed, or was aborted. */
  | { readonly type: 'ended' }
  | {
      readonly type: 'refused';
      /** That of the pace when the call started. */
      readonly era: number;
      /** What the service asked to wait. */
      readonly retryAfterMs: number | undefined;
      /** From 0 to below 1. */
      readonly random: number;
    };

export const openPace: Pace = {
  limit: undefined,
  underWay: 0,
  notBeforeMs: 0,
  era: 0,
  ceiling: 0,
  answers: 0,
  cutsInARow: 0,
};

/** 0: a call may start now; otherwise in how many milliseconds, or `busy`: when one under way is over. */
export function startsIn(pace: Pace, nowMs: number): number | 'busy' {
  if (pace.limit !== undefined && pace.underWay >= pace.limit) return 'busy';
  return Math.max(0, pace.notBeforeMs - nowMs);
}

export function nextPace(pace: Pace, event: PaceEvent, nowMs: number): Pace {
  switch (event.type) {
    case 'started':
      return { ...pace, underWay: pace.underWay + 1 };
    case 'ended':
      return { ...pace, underWay: pace.underWay - 1 };
    case 'answered':
      return { ...grown(pace), underWay: pace.underWay - 1, cutsInARow: 0 };
    case 'refused':
      return refused(pace, event, nowMs);
  }
}

/** From here on a limit is none. */
const manyCalls = 256;
/** How many times more answers it takes to go where it was too many before. */
const caution = 10;

function grown(pace: Pace): Pace {
  const { limit, underWay, ceiling } = pace;
  if (limit === undefined || underWay < limit) return pace;
  const answers = pace.answers + 1;
  const needed = limit + 1 >= ceiling ? caution * limit : limit;
  if (answers < needed) return { ...pace, answers };
  return { ...pace, answers: 0, limit: limit + 1 >= manyCalls ? undefined : limit + 1 };
}

const firstWaitMs = 1000;
const longestWaitMs = 60_000;

function refused(pace: Pace, event: Extract<PaceEvent, { type: 'refused' }>, nowMs: number): Pace {
  const isNews = event.era === pace.era;
  const cutsInARow = isNews ? pace.cutsInARow + 1 : pace.cutsInARow;
  const step = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.max(0, cutsInARow - 1));
  // Half of it random, so that processes that were refused together do not come back together.
  const ownMs = isNews ? Math.round(step / 2 + (step / 2) * event.random) : 0;
  const notBeforeMs = Math.max(pace.notBeforeMs, nowMs + Math.max(ownMs, event.retryAfterMs ?? 0));
  const rest = { ...pace, underWay: pace.underWay - 1, notBeforeMs };
  if (!isNews) return rest;
  const limit = Math.max(1, Math.floor(pace.underWay / 2));
  return { ...rest, cutsInARow, limit, era: pace.era + 1, ceiling: pace.underWay, answers: 0 };
}
