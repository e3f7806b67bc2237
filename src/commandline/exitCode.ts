import { decidingGates } from '../core/insight/gateSummary';
import type { Failure } from '../core/model/failure';
import type { RunView } from '../core/model/run';

/** Exit codes of `design.md` §7. */
export const exitCodes = { success: 0, red: 1, usage: 2, waiting: 3, cancelled: 130 } as const;

/**
 * How a run that nobody works at any more ended for a script. @param isPlanOnly a proposed plan is what was asked for.
 */
export function exitCodeOf(view: RunView, isPlanOnly = false): number {
  switch (view.state.name) {
    case 'delivered':
      return isGreen(view) ? exitCodes.success : exitCodes.red;
    case 'awaiting_delivery':
      // Leaving the result on the run's branch was what the person chose.
      if (!view.deliver) return isGreen(view) ? exitCodes.success : exitCodes.red;
      return exitCodes.waiting;
    case 'failed':
      return exitCodes.red;
    case 'cancelled':
      return exitCodes.cancelled;
    case 'awaiting_approval':
      return isPlanOnly ? exitCodes.success : exitCodes.waiting;
    case 'planning':
    case 'running':
    case 'paused':
    case 'validating':
      return exitCodes.waiting;
  }
}

/** No task failed and every gate of the result passed or does not apply. Inconclusive is not passed. */
export function isGreen(view: RunView): boolean {
  // A task of a run that came this far is cancelled only where a person took it out of the plan.
  const isDone = view.tasks.every(({ state }) => state.name === 'done' || state.name === 'cancelled');
  const verdicts = decidingGates(view).map((gate) => gate.judgement.verdict);
  return isDone && verdicts.every((verdict) => verdict === 'passed' || verdict === 'skipped');
}

/** A command that could not be carried out: a red result, or something to set right first. */
export function exitCodeOfFailure(failure: Failure): number {
  switch (failure.kind) {
    case 'cancelled':
      return exitCodes.cancelled;
    case 'gate-failed':
    case 'gate-inconclusive':
    case 'delivery-refused':
    case 'undo-refused':
    case 'merge-conflict':
    case 'journal-failed':
    case 'unexpected':
      return exitCodes.red;
    default:
      return exitCodes.usage;
  }
}
