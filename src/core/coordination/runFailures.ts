import type { Failure } from '../model/failure';
import type { RunView } from '../model/run';

/** What a person is told when a run cannot do what was asked of it. */

export function unknownRun(runId: string): Failure {
  return {
    kind: 'not-found',
    message: `There is no run ${runId} of this repository.`,
    remedy: 'See the list of runs.',
  };
}

export function notPaused({ runId, state }: RunView): Failure {
  const message = `Run ${runId} cannot be paused: it is ${state.name.replace('_', ' ')}.`;
  return { kind: 'usage', message, remedy: 'Only a run whose tasks are at work can be paused.' };
}

export function notHeard(taskId: string): Failure {
  return {
    kind: 'not-found',
    message: `No agent that could hear this works at the task ${taskId}, or will.`,
  };
}

export function notCancelled({ runId, state }: RunView): Failure {
  const message = `Run ${runId} was not cancelled: it is ${state.name.replace('_', ' ')}.`;
  const remedy = state.name === 'delivered' ? 'Take the delivery back instead: undo.' : undefined;
  return { kind: 'usage', message, ...(remedy === undefined ? {} : { remedy }) };
}

export function alreadyEnded(view: RunView): Failure {
  return {
    kind: 'usage',
    message: `Run ${view.runId} has ended (${view.state.name}).`,
    remedy: 'Start a new run.',
  };
}
