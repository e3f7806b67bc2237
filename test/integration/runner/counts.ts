import { writeFileSync } from 'node:fs';

/** What a run of mocha counted; the script that runs the tiers reads it from the file ENTERPRISE_COUNTS names. */
export interface Counts {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
}

export function sum(all: readonly Counts[]): Counts {
  const total = (key: keyof Counts) => all.reduce((subtotal, counts) => subtotal + counts[key], 0);
  return { passes: total('passes'), failures: total('failures'), pending: total('pending') };
}

export function leaveCounts(counts: Counts): void {
  const file = process.env['ENTERPRISE_COUNTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
}
