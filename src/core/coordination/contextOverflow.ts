import type { Failure } from '../model/failure';

/** Whether a service refused a call because the conversation is longer than the model's window, and the limit it names. */
export function overflowOf(failure: Failure): { readonly limitTokens?: number } | undefined {
  if (failure.kind !== 'model-unavailable' || failure.retryable) return undefined;
  if (failure.status !== 413 && !tooLong.test(failure.message)) return undefined;
  const stated = limits.map((pattern) => pattern.exec(failure.message)?.[1]).find(Boolean);
  const limitTokens = Number((stated ?? '').replaceAll(/[,_]/g, ''));
  return limitTokens > 0 ? { limitTokens } : {};
}

/** As OpenAI, Anthropic, Google, and the servers that imitate them (llama.cpp, vLLM, LM Studio, Ollama) put it. */
const tooLong =
  /context[_ -]?(length|window|size)|maximum context|prompt is too long|input is too long|too many (input )?tokens|input token count|exceeds? the (available )?context|maximum (prompt|input) length/i;

const limits = [
  /maximum context length (?:is|of) ([\d,_]+)/i,
  /[\d,_]+ tokens? > ([\d,_]+) maximum/i,
  /maximum number of tokens allowed \(?([\d,_]+)/i,
  /context (?:size|window|length)[^\d]{0,20}([\d,_]+)/i,
];
