import type { ToolCall, ToolSession } from '../../../core/ports';

/** Why a call cannot be carried out as written, as a sentence for the model; undefined when it can be tried. */
export function whyMalformed(
  call: ToolCall,
  session: Pick<ToolSession, 'specs' | 'unlisted' | 'whyInvalid'>,
): string | undefined {
  const { specs, unlisted = [] } = session;
  const spec = [...specs, ...unlisted].find((known) => known.name === call.name);
  if (!spec)
    return `There is no tool "${call.name}". There are: ${specs.map((known) => known.name).join(', ')}.`;
  if (typeof call.input !== 'object' || call.input === null || Array.isArray(call.input)) {
    return `The arguments of ${call.name} are not a JSON object: ${JSON.stringify(call.input).slice(0, 300)}. Nothing was done. Send valid JSON.`;
  }
  const required = Array.isArray(spec.inputSchema['required'])
    ? (spec.inputSchema['required'] as string[])
    : [];
  const given = call.input;
  const missing = required.filter((name) => !(name in given));
  return missing.length > 0
    ? `${call.name} needs ${missing.join(', ')}. Nothing was done.`
    : session.whyInvalid?.(call);
}
