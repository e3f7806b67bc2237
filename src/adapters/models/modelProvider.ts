import { type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { ModelAnswer, ModelProvider, ModelRequest } from '../../core/ports';
import { resolveService, type ModelService, type ModelSettings } from './modelService';

/** What `aiSdkProvider.ts` offers; it is loaded on the first call, so that starting the engine does not pay for it. */
export interface ModelCaller {
  complete(
    service: ModelService,
    request: ModelRequest,
    signal: AbortSignal,
    options: CallOptions,
  ): Promise<Result<ModelAnswer, Failure>>;
}

export interface CallOptions {
  /** A stream that brings no byte for this long is given up. Also the limit for the first byte. */
  readonly stallTimeoutMs: number;
  /** Milliseconds since 1970, to read dates in a Retry-After header. */
  readonly wallMs: () => number;
  readonly onText?: (delta: string) => void;
}

export interface ModelProviderOptions extends ModelSettings {
  /** Default: three minutes, long enough for a local model that reads a long prompt. */
  readonly stallTimeoutMs?: number;
  readonly wallMs?: () => number;
  /** Default: the module beside this one. A bundle may put it in a file of its own. */
  readonly load?: () => Promise<ModelCaller>;
}

/** The models of `design.md` §7 by id. Which service answers is decided per request, so agents may use different ones. */
export function createModelProvider(options: ModelProviderOptions): ModelProvider {
  const load = options.load ?? (() => import('./aiSdkProvider'));
  return {
    complete: async (request, signal, onText) => {
      if (signal.aborted)
        return { ok: false, failure: { kind: 'cancelled', message: 'The model call was cancelled.' } };
      const service = resolveService(request.model, options);
      if (!service.ok) return service;
      const caller = await load();
      return caller.complete(service.value, request, signal, {
        stallTimeoutMs: options.stallTimeoutMs ?? 180_000,
        wallMs: options.wallMs ?? Date.now,
        ...(onText ? { onText } : {}),
      });
    },
  };
}
