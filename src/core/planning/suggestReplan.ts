import type { Failure, FailureKind } from '../model/failure';

/** Failures that another agent, another scope or smaller parts may well avoid. */
const avoidable: ReadonlySet<FailureKind> = new Set([
  'agent-stuck',
  'model-misbehaved',
  'timed-out',
  'scope-violated',
  'interface-changed',
]);

const suggestion =
  'While the run is under way you can give the task to another agent, another scope, or split it: it is tried again then, with what was skipped because of it.';

/** A task's failure with the change of the plan that may help; whether it is made is for the person. */
export function suggestReplan(failure: Failure): Failure {
  if (!avoidable.has(failure.kind)) return failure;
  return {
    ...failure,
    remedy: failure.remedy === undefined ? suggestion : `${failure.remedy} ${suggestion}`,
  };
}
