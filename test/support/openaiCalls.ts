import type { ScriptedCall, ScriptedRequest } from './modelScript';

/** The arguments of a scripted call as the text that goes over the wire. */
export function argumentsOf(call: ScriptedCall): string {
  return call.rawArguments ?? JSON.stringify(call.input ?? {});
}

/** The scripted id, or one that is unique in the conversation. */
export function idOf(request: ScriptedRequest, call: ScriptedCall, index: number): string {
  return call.id ?? `call_${request.step}_${index}`;
}
