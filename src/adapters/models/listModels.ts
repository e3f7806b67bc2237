import * as z from 'zod';
import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import { redact } from './redact';
import { resolveService, type ModelService, type ModelSettings, type ProviderName } from './modelService';

/** Anthropic, OpenAI and everything compatible answer `{data: [{id}]}`, Google `{models: [{name}]}`. */
const listSchema = z.object({
  data: z.array(z.object({ id: z.string(), created: z.number().optional() })).optional(),
  models: z
    .array(z.object({ name: z.string(), supportedGenerationMethods: z.array(z.string()).optional() }))
    .optional(),
});
type ModelList = z.infer<typeof listSchema>;

const listTimeoutMs = 15_000;

/** The names of the models a service offers for conversations, without their provider. Fails with what is wrong with it. */
export async function listModels(
  provider: string,
  settings: ModelSettings,
): Promise<Result<string[], Failure>> {
  const service = resolveService(`${provider}/any`, settings);
  if (!service.ok) return service;
  const { address, headers } = requestOf(service.value);
  const listed = await read(address, headers, listTimeoutMs);
  if ('list' in listed) return ok(namesOf(listed.list, service.value.provider));
  const secrets = service.value.apiKey === undefined ? [] : [service.value.apiKey];
  return fail(unlisted(service.value, address, { ...listed, why: redact(listed.why, secrets) }));
}

/** The models of a server that needs no key; undefined where none answers in time. */
export async function serverModels(baseUrl: string, timeoutMs: number): Promise<string[] | undefined> {
  const listed = await read(`${baseUrl}/models`, {}, timeoutMs);
  return 'list' in listed ? namesOf(listed.list, 'openai-compatible') : undefined;
}

const usualAddresses: Partial<Record<ProviderName, string>> = {
  anthropic: 'https://api.anthropic.com/v1',
  openai: 'https://api.openai.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
};

function requestOf({ provider, baseUrl, apiKey }: ModelService): {
  address: string;
  headers: Record<string, string>;
} {
  const base = baseUrl ?? usualAddresses[provider] ?? '';
  const key = apiKey ?? '';
  switch (provider) {
    case 'anthropic':
      return {
        address: `${base}/models?limit=1000`,
        headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
      };
    case 'google':
      return { address: `${base}/models?pageSize=1000`, headers: { 'x-goog-api-key': key } };
    default: {
      const isBare = baseUrl !== undefined && new URL(baseUrl).pathname === '/';
      const headers: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
      return { address: `${base}${isBare ? '/v1' : ''}/models`, headers };
    }
  }
}

type Read = { readonly list: ModelList } | { readonly why: string; readonly status?: number };

async function read(address: string, headers: Record<string, string>, timeoutMs: number): Promise<Read> {
  try {
    // A redirect would take the key to another address.
    const options = { headers, redirect: 'error' as const, signal: AbortSignal.timeout(timeoutMs) };
    const response = await fetch(address, options);
    const text = await response.text();
    if (!response.ok) return { status: response.status, why: `it answered ${response.status}` };
    const parsed = listSchema.safeParse(JSON.parse(text));
    return parsed.success ? { list: parsed.data } : { why: 'what it answered is no list of models' };
  } catch (error) {
    if (error instanceof SyntaxError) return { why: 'what it answered is no list of models' };
    if (error instanceof Error && error.name === 'TimeoutError')
      return { why: `nothing came within ${timeoutMs} ms` };
    return { why: reasonOf(error) };
  }
}

/** fetch says only "fetch failed"; what failed is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}

/** What else a service serves under its models: no conversation is possible with these. */
const notForTalk =
  /embed|whisper|tts|audio|realtime|image|moderation|transcri|dall-e|sora|search|live|robotics|rerank|bge-|veo|imagen/i;

function namesOf({ data = [], models = [] }: ModelList, provider: ProviderName): string[] {
  const google = models
    .filter(({ supportedGenerationMethods: methods }) => methods?.includes('generateContent') ?? true)
    .map(({ name }) => name.replace(/^models\//, ''));
  const newestFirst = [...data].sort((a, b) => (b.created ?? 0) - (a.created ?? 0)).map(({ id }) => id);
  const names = provider === 'google' ? google : newestFirst;
  return names.filter((name) => !notForTalk.test(name));
}

function unlisted(
  { model, keyVariables }: ModelService,
  address: string,
  { why, status }: { why: string; status?: number },
): Failure {
  const place = new URL(address).origin;
  const isRefused = status === 401 || status === 403;
  const remedy = isRefused
    ? `Check the API key (${keyVariables.join(' or ')}).`
    : status === undefined
      ? `Check that the service at ${place} runs and can be reached.`
      : 'Name the model yourself.';
  return {
    kind: 'model-unavailable',
    model,
    retryable: false,
    message: `The models of ${place} cannot be listed: ${why}.`,
    remedy,
    ...(status === undefined ? {} : { status }),
  };
}
