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
  const tokens = `${usage.inputTokens + usage.outputTokens} tokens (${usage.inputTokens} in, ${usage.outputTokens} out)`;
  const cost =
    usage.costUsd === null ? 'price unknown' : `$${usage.costUsd.toFixed(usage.costUsd < 1 ? 4 : 2)}`;
  return `${usage.modelCalls} model ${usage.modelCalls === 1 ? 'call' : 'calls'}, ${tokens}, ${cost}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
