import { Limiter } from '../../../base/limiter';
import type { Result } from '../../../base/result';
import type { Failure } from '../../../core/model/failure';
import type { AgentBackend } from '../../../core/ports';
import { ExternalAttempt, type ExternalAttemptOptions } from './externalAttempt';
import type { Launch } from './launch';

export interface ExternalBackendOptions extends Omit<ExternalAttemptOptions, 'starts'> {
  /** Finds what is started for a model id `acp/…`. */
  launch(model: string): Promise<Result<Launch, Failure>>;
}

/**
 * Attempts that an external agent makes, through the Agent Client Protocol: one process per attempt, in the worktree.
 * Its session cannot be replayed: an attempt that a crash interrupted is made anew, in a worktree that was put back.
 */
export function createExternalBackend(options: ExternalBackendOptions): AgentBackend {
  // One after another, so that a permission for the whole run is asked for once.
  const starts = new Limiter(1);
  return {
    run: async (context) => {
      const launch = await options.launch(context.model);
      if (!launch.ok) return launch;
      return new ExternalAttempt({ ...options, starts }, context, launch.value).run();
    },
  };
}
