/**
 * How long a service asks to wait, in milliseconds: `retry-after-ms` (OpenAI), `retry-after` in seconds or as an HTTP date
 * (RFC 9110 §10.2.3), else until the limits that are used up are filled again (`anthropic-ratelimit-*`,
 * `x-ratelimit-*`). Undefined when it does not ask, or not in a form that can be read.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, wallMs: number): number | undefined {
  const precise = numberOf(headers['retry-after-ms']);
  if (precise !== undefined) return precise;
  const after = headers['retry-after'];
  const seconds = numberOf(after);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  return untilDate(after, wallMs) ?? untilReset(headers, wallMs);
}

/** Google's `RetryInfo` in the body of an error: `"retryDelay": "34.5s"`. Source: google.rpc.RetryInfo. */
export function retryDelayMs(body: string): number | undefined {
  const found = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(body);
  return found ? Math.ceil(Number(found[1]) * 1000) : undefined;
}

const limits = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/** The longest of the waits for what has nothing left. Anthropic gives a date, OpenAI a duration. */
function untilReset(headers: Readonly<Record<string, string>>, wallMs: number): number | undefined {
  const waits = limits.flatMap((limit) => {
    const isSpent = (name: string) => numberOf(headers[name]) === 0;
    const anthropic = `anthropic-ratelimit-${limit}`;
    const openai = (what: string) => `x-ratelimit-${what}-${limit}`;
    const date = isSpent(`${anthropic}-remaining`)
      ? untilDate(headers[`${anthropic}-reset`], wallMs)
      : undefined;
    const duration = isSpent(openai('remaining')) ? durationMs(headers[openai('reset')]) : undefined;
    return [date, duration].filter((wait) => wait !== undefined);
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function untilDate(text: string | undefined, wallMs: number): number | undefined {
  const date = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallMs);
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** `1s`, `6m0s`, `120ms`, `1h2m3.5s`. */
function durationMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  return Math.ceil(parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit] ?? 0), 0));
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
