/**
 * How long a service asks to wait, in milliseconds: `retry-after-ms` (OpenAI), else `retry-after` in seconds or as an HTTP
 * date (RFC 9110 §10.2.3). Undefined when it does not ask, or not in a form that can be read.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, wallMs: number): number | undefined {
  const precise = numberOf(headers['retry-after-ms']);
  if (precise !== undefined) return precise;
  const after = headers['retry-after'];
  const seconds = numberOf(after);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  const date = after === undefined ? Number.NaN : Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallMs);
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
