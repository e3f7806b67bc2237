import type { Permit, Policy } from '../ports';
import { refusalOf } from './permission';
import type { AskPerson } from './research';
import type { RunSession } from './runSession';

/** `Permit` for what a run does before it has tasks. */
export function planningPermit(policy: Policy, session: RunSession, ask: AskPerson): Permit {
  const scene = { policy, ask, emit: (event: Parameters<RunSession['emit']>[0]) => session.emit(event) };
  return async (request, question) => {
    const refusal = await refusalOf(await policy.decide(request), question, scene);
    if (!refusal) return undefined;
    const { reason, said, isRule } = refusal;
    return isRule ? `${said}: ${reason}` : `it needs a person's permission (${reason}), and ${said}`;
  };
}
