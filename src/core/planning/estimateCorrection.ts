import { workMs } from '../insight/timing';
import { rounded } from './planEstimate';
import type { Estimate } from '../model/plan';
import type { RunView } from '../model/run';

/** How estimates of this repository compared with what happened. */
export interface EstimateCorrection {
  /** Minutes of an estimate are multiplied with it; 1 where nothing is known. */
  readonly factor: number;
  /** Finished tasks it is learnt from. */
  readonly samples: number;
}

/** As if this many tasks had taken exactly what was estimated: a few odd ones move the factor little. */
const prior = 5;
const bounds = { least: 0.25, most: 4 };
/** What one task can say at most, either way. */
const boldest = 8;

type Past = Pick<RunView, 'tasks' | 'gates'>;

/**
 * Learns from finished tasks of past runs: the geometric mean of what they took by what the middle of their estimate
 * said, drawn towards 1 and bounded. The tasks keep the estimates of their author, so what is learnt is not learnt twice.
 */
export function estimateCorrection(runs: readonly Past[]): EstimateCorrection {
  const ratios = runs.flatMap((run) =>
    run.tasks
      .filter(({ state }) => state.name === 'done')
      .flatMap((view) => {
        const { low, high } = view.task.estimateMinutes;
        const took = workMs(view, run.gates) / 60_000;
        const said = (low + high) / 2;
        return took > 0 && said > 0 ? [clamped(took / said, 1 / boldest, boldest)] : [];
      }),
  );
  const sum = ratios.reduce((total, ratio) => total + Math.log(ratio), 0);
  const factor = Math.exp(sum / (ratios.length + prior));
  return {
    factor: Math.round(100 * clamped(factor, bounds.least, bounds.most)) / 100,
    samples: ratios.length,
  };
}

export function corrected({ low, high }: Estimate, { factor }: EstimateCorrection): Estimate {
  const times = (minutes: number) => rounded(minutes * factor);
  return { low: times(low), high: times(high) };
}

/** What a corrected estimate rests on, for people. */
export function basisText(tasks: number, places: number, { factor, samples }: EstimateCorrection): string {
  const plan = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}, ${places} at a time`;
  if (samples === 0) return `${plan}; nothing was run here before`;
  const took = factor === 1 ? 'as long as estimated' : `about ${factor} times what was estimated`;
  return `${plan}; ${samples} finished ${samples === 1 ? 'task' : 'tasks'} here took ${took}`;
}

function clamped(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
