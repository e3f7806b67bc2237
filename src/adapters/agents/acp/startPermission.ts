import type { ApprovalAnswer } from '../../../core/model/approval';
import type { Failure } from '../../../core/model/failure';
import type { NewEvent } from '../../../core/model/event';
import type { AttemptContext, Policy } from '../../../core/ports';
import { startRequest, type Launch } from './launch';

export interface StartScene {
  readonly policy: Policy;
  /** Whose start it is; absent for the planning. */
  readonly caller?: { readonly taskId: string; readonly attempt: number };
  ask(question: Parameters<AttemptContext['ask']>[0]): Promise<ApprovalAnswer>;
  emit(event: NewEvent): Promise<void>;
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
  const { decision, rule, reason } = decided;
  await scene.emit({ type: 'policy.decided', ...scene.caller, subject: detail, decision, rule, reason });
  if (decided.decision === 'deny') return denied(launch, rule, reason);
  const { grant } = decided;
  const answer = await scene.ask({
    kind: 'tool',
    ...(scene.caller ? { taskId: scene.caller.taskId } : {}),
    title: `Start the external agent ${launch.model}?`,
    detail,
    ...(grant ? { rule: grant.text } : {}),
  });
  if (answer.decision !== 'allow') {
    const who = answer.by === 'nobody' ? 'nobody is there to allow it' : `${answer.by} said no`;
    return denied(launch, rule, answer.text ? `${who}: ${answer.text}` : `${who}.`);
  }
  if (!grant || !answer.scope || answer.scope === 'once') return undefined;
  const kept = await scene.policy.grant(grant, answer.scope);
  if (!kept.ok) {
    const message = `${launch.model} may start this once, but that was not remembered: ${kept.failure.message}`;
    await scene.emit({ type: 'note', level: 'warning', message });
  }
  return undefined;
}

function denied({ model }: Launch, rule: string, reason: string): Failure {
  return {
    kind: 'denied',
    rule,
    message: `${model} was not started: ${reason}`,
    remedy: 'Allow it when you are asked, or use another model.',
  };
}
