import { refusalOf, type PermissionScene } from '../../../core/coordination/permission';
import type { Failure } from '../../../core/model/failure';
import { startRequest, type Launch } from './launch';

export interface StartScene extends PermissionScene {
  /** How it would run, in a sentence: in the sandbox or not. */
  describe(launch: Launch): Promise<string>;
}

/** Undefined when an external agent may be started: by a rule, or by a person who saw its exact command line. */
export async function mayStart(launch: Launch, scene: StartScene): Promise<Failure | undefined> {
  const request = startRequest(launch);
  const decided = await scene.policy.decide(request);
  if (decided.decision === 'allow') return undefined;
  const variables = Object.keys(launch.passed);
  const detail = [
    request.commandLine,
    `Variables it is given: ${variables.length > 0 ? variables.join(', ') : 'none but the usual ones without secrets'}`,
    await scene.describe(launch),
  ].join('\n');
  const refusal = await refusalOf(
    decided,
    { title: `Start the external agent ${launch.model}?`, detail },
    scene,
  );
  if (!refusal) return undefined;
  const { rule, reason, said, isRule } = refusal;
  return denied(launch, rule, isRule ? reason : `${said}.`);
}

function denied({ model }: Launch, rule: string, reason: string): Failure {
  return {
    kind: 'denied',
    rule,
    message: `${model} was not started: ${reason}`,
    remedy: 'Allow it when you are asked, or use another model.',
  };
}
