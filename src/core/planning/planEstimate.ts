import type { Estimate, Task } from '../model/plan';
import { topologicalOrder } from './criticalPath';

type Node = Pick<Task, 'id' | 'needs' | 'estimateMinutes'>;

/**
 * Minutes of wall time for a plan: at least its longest chain and its whole work spread over the places there are; at
 * most what list scheduling needs in the worst order (Graham 1969: `chain + (work - chain) / places`).
 * @param places tasks that may run at the same time
 */
export function planEstimate(tasks: readonly Node[], places: number): Estimate {
  const low = chainAndWork(tasks, 'low');
  const high = chainAndWork(tasks, 'high');
  return {
    low: rounded(Math.max(low.chain, low.work / places)),
    high: rounded(high.chain + (high.work - high.chain) / places),
  };
}

function chainAndWork(tasks: readonly Node[], bound: keyof Estimate): { chain: number; work: number } {
  const until = new Map<string, number>();
  let chain = 0;
  let work = 0;
  for (const { id, needs, estimateMinutes } of topologicalOrder(tasks)) {
    const end = Math.max(0, ...needs.map((need) => until.get(need) ?? 0)) + estimateMinutes[bound];
    until.set(id, end);
    chain = Math.max(chain, end);
    work += estimateMinutes[bound];
  }
  return { chain, work };
}

/** Minutes as people say them: tenths only where they make a difference. */
export function rounded(minutes: number): number {
  return minutes < 10 ? Math.round(minutes * 10) / 10 : Math.round(minutes);
}
