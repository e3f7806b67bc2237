import type { EventOf, StoredEvent } from '../model/event';

/** What two runs of the same plan have in common, and where they part. */
export interface RunComparison {
  /** Every tree that came out, of each task and of the whole, is the same to the byte. */
  readonly sameResult: boolean;
  /** How much was compared. */
  readonly compared: {
    readonly trees: number;
    readonly answers: number;
    readonly tools: number;
    readonly gates: number;
  };
  readonly differences: readonly RunDifference[];
}

export interface RunDifference {
  /** `docs, attempt 1, step 3`, `docs`, `the whole`. */
  readonly where: string;
  readonly what: 'tree' | 'answer' | 'tool' | 'gate' | 'end';
  readonly before: string;
  readonly now: string;
}

const shownChars = 300;

/**
 * Compares a recorded run with its replay. Times, ids of calls, and the places of worktrees are no differences.
 * @param paths what stands for a place in texts of the first run, and in those of the second: ids of the runs
 */
export function compareRuns(
  before: readonly StoredEvent[],
  now: readonly StoredEvent[],
  [idBefore, idNow]: readonly [string, string],
): RunComparison {
  const recorded = factsOf(before, (text) => text.replaceAll(idBefore, '<run>'));
  const replayed = factsOf(now, (text) => text.replaceAll(idNow, '<run>'));
  const differences = [...recorded].flatMap(([key, fact]): RunDifference[] => {
    const other = replayed.get(key)?.text ?? nothing;
    return other === fact.text ? [] : [difference(fact, fact.text, other)];
  });
  const added = [...replayed].filter(([key]) => !recorded.has(key));
  const all = [...differences, ...added.map(([, fact]) => difference(fact, nothing, fact.text))];
  const count = (what: RunDifference['what']) =>
    [...recorded.values()].filter((fact) => fact.what === what).length;
  return {
    sameResult: !all.some((found) => found.what === 'tree' || found.what === 'end'),
    compared: { trees: count('tree'), answers: count('answer'), tools: count('tool'), gates: count('gate') },
    differences: all,
  };
}

const nothing = '(nothing)';

interface Fact {
  readonly what: RunDifference['what'];
  readonly where: string;
  readonly text: string;
}

/** What is compared, by what it is about. A later fact about the same thing takes the place of an earlier one. */
function factsOf(events: readonly StoredEvent[], placeless: (text: string) => string): Map<string, Fact> {
  const facts = new Map<string, Fact>();
  const calls = new Map<string, number>();
  const put = (what: Fact['what'], where: string, key: string, text: string) =>
    facts.set(`${what} ${key}`, { what, where, text: placeless(text) });
  for (const event of events) {
    switch (event.type) {
      case 'task.committed':
        put('tree', event.taskId, event.taskId, event.tree);
        break;
      case 'delivery.proposed':
        put('tree', 'the whole', 'the whole', event.tree);
        break;
      case 'task.done':
      case 'task.failed':
      case 'task.skipped':
        put('end', event.taskId, event.taskId, event.type);
        break;
      case 'gate.finished':
        put(
          'gate',
          `${event.result.gate} on ${event.on}`,
          `${event.on} ${event.result.gate}`,
          event.judgement.verdict,
        );
        break;
      case 'model.answered':
        if (event.taskId !== undefined) put('answer', stepName(event), stepName(event), answerText(event));
        break;
      case 'tool.returned': {
        const attempt = `${event.taskId}, attempt ${event.attempt}`;
        const nth = (calls.get(attempt) ?? 0) + 1;
        calls.set(attempt, nth);
        put(
          'tool',
          `${attempt}, ${event.tool}`,
          `${attempt} ${nth}`,
          `${event.ok ? 'ok' : 'not ok'}: ${event.output}`,
        );
        break;
      }
      default:
        break;
    }
  }
  return facts;
}

function stepName({ taskId, attempt, step }: EventOf<'model.answered'>): string {
  return `${taskId ?? 'planning'}, attempt ${attempt ?? 0}, step ${step}`;
}

function answerText({ text, toolCalls }: EventOf<'model.answered'>): string {
  return JSON.stringify([text, toolCalls.map(({ name, input }) => [name, input])]);
}

function difference({ what, where }: Fact, before: string, now: string): RunDifference {
  return { where, what, ...around(before, now) };
}

/** The two texts from shortly before the place where they part. */
function around(before: string, now: string): { before: string; now: string } {
  let at = 0;
  while (at < before.length && before[at] === now[at]) at++;
  const from = Math.max(0, at - 40);
  const shown = (text: string) => {
    const piece = text.slice(from, from + shownChars);
    return `${from > 0 ? '…' : ''}${piece}${from + shownChars < text.length ? '…' : ''}`;
  };
  return { before: shown(before), now: shown(now) };
}
