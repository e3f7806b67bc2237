import type { ModelProvider } from '../../core/ports';
import type { ModelCaller } from './modelCaller';
import { resolveService, type ModelSettings } from './modelService';

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
  const made = new Map<string, unknown>();
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
        made,
        ...(onText ? { onText } : {}),
      });
    },
  };
}
