import type { Approver } from '../core/ports';

/**
 * The person at the editor. Questions reach them through the run's events (panel, notification, status bar), and their
 * answers reach the engine only through `Engine.answer`, with the digest they saw. So this side just waits: it says
 * `nobody` when the engine stops asking, which by then has its answer or no longer needs one.
 */
export const editorApprover: Approver = {
  ask: (_runId, approval, signal) =>
    new Promise((resolve) => {
      const leave = () =>
        resolve({ id: approval.id, digest: approval.digest, decision: 'deny', by: 'nobody' });
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    }),
};
