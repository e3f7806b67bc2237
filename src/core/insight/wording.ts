import type { FindingReport, Report } from '../model/report';

/** Figures as a person reads them, the same in documents and in the terminal. */

export function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1_000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

export function minutesText({ low, high }: { low: number; high: number }): string {
  const text = (minutes: number) => String(Math.round(minutes * 10) / 10);
  return low === high ? `${text(low)} min` : `${text(low)}–${text(high)} min`;
}

/** `src/a.ts:3:7`, or where the problem is in no file, nothing. */
export function placeText({ file, range }: Pick<FindingReport, 'file' | 'range'>): string {
  if (file === undefined) return '';
  return range === undefined ? file : `${file}:${range.startLine}:${range.startColumn}`;
}

export function changeText({
  insertions,
  deletions,
}: {
  insertions: number | null;
  deletions: number | null;
}): string {
  return insertions === null || deletions === null ? 'binary' : `+${insertions} −${deletions}`;
}

/** Money and tokens of the model's answers; says so where no model took part, and where a price is unknown. */
export function usageText(usage: Report['usage']): string {
  if (usage.modelCalls === 0) return 'no model took part';
  const { inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0 } = usage;
  const read = `${inputTokens} in${cachedInputTokens > 0 ? ` with ${cachedInputTokens} cached` : ''}`;
  const written = `${outputTokens} out${reasoningTokens > 0 ? ` with ${reasoningTokens} of thinking` : ''}`;
  const tokens = `${inputTokens + outputTokens} tokens (${read}, ${written})`;
  return `${plural(usage.modelCalls, 'model call')}, ${tokens}${estimated(usage)}, ${costOf(usage)}`;
}

function estimated({ modelCalls, estimatedCalls = 0 }: Report['usage']): string {
  if (estimatedCalls === 0) return '';
  return estimatedCalls === modelCalls
    ? ', estimated from characters'
    : `, those of ${plural(estimatedCalls, 'call')} estimated from characters`;
}

function costOf({ costUsd, pricesAsOf }: Report['usage']): string {
  if (costUsd === null) return 'cost not reported';
  const cost = `$${costUsd.toFixed(costUsd < 1 ? 4 : 2)}`;
  return pricesAsOf === undefined ? cost : `${cost} at list prices of ${pricesAsOf}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
