import type { Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { ModelAnswer, ModelRequest } from '../../core/ports';
import type { ModelService } from './modelService';

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
  /** What the SDK made for earlier calls of the same provider, by service: making it costs more than a call does. */
  readonly made?: Map<string, unknown>;
}
