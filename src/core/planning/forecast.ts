import type { Budget } from '../model/event';
import type { Analysis, Estimate, Plan } from '../model/plan';
import type { RunView } from '../model/run';
import { basisText, corrected, estimateCorrection } from './estimateCorrection';
import { planEstimate } from './planEstimate';

export interface Forecast {
  /** With the estimate that follows from the plan and from what happened here before. */
  readonly analysis: Analysis;
  /** What does not fit together, for the person. */
  readonly warnings: readonly string[];
}

/** What a plan will take, before anything is spent. */
export function forecastOf(
  plan: Pick<Plan, 'tasks'>,
  analysis: Analysis,
  budget: Budget,
  past: readonly Pick<RunView, 'tasks' | 'gates'>[],
): Forecast {
  const correction = estimateCorrection(past);
  const said = planEstimate(plan.tasks, budget.maxParallel);
  const estimateMinutes = corrected(said, correction);
  const basis = basisText(plan.tasks.length, budget.maxParallel, correction);
  const warnings: string[] = [];
  const { by, estimateMinutes: judged } = analysis;
  if (by !== 'rules' && (judged.high < said.low || judged.low > said.high))
    warnings.push(
      `${by} expects ${text(judged)} for the whole, but its tasks add up to ${text(said)}; the latter is taken.`,
    );
  const { maxMinutes } = budget;
  if (maxMinutes !== undefined && maxMinutes < estimateMinutes.low)
    warnings.push(
      `The plan takes about ${text(estimateMinutes)}, and the run ends after ${maxMinutes} min: raise the limit or make the plan smaller.`,
    );
  return { analysis: { ...analysis, estimateMinutes, basis }, warnings };
}

function text({ low, high }: Estimate): string {
  return low === high ? `${low} min` : `${low}–${high} min`;
}
