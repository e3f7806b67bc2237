/** What the measurements of test/bench share. */

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** @param share from 0 to 1: 0.95 for the value that 95 % do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const lagEveryMs = 2;

/** Measures how late a timer is while something runs; the samples are milliseconds beyond its time. */
export async function lagWhile<T>(work: () => Promise<T>): Promise<{ value: T; samples: number[] }> {
  const samples: number[] = [];
  let due = performance.now() + lagEveryMs;
  let timer = setTimeout(function late() {
    samples.push(Math.max(0, performance.now() - due));
    due = performance.now() + lagEveryMs;
    timer = setTimeout(late, lagEveryMs);
  }, lagEveryMs);
  try {
    return { value: await work(), samples };
  } finally {
    clearTimeout(timer);
  }
}
