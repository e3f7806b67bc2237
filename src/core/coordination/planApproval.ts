import { fail, ok, type Result } from '../../base/result';
import { plural } from '../insight/wording';
import { isUnanswered, type ApprovalAnswer } from '../model/approval';
import type { Failure } from '../model/failure';
import { planDetail } from '../planning/planDetail';
import type { Approvals } from './approvals';
import { unseen } from './preparedWorktrees';
import type { RunControl } from './runControl';
import type { RunSession } from './runSession';
import type { TasksAtWork } from './tasksAtWork';

interface ApprovalDeps {
  readonly session: RunSession;
  readonly approvals: Approvals;
  readonly control: RunControl;
  readonly atWork: TasksAtWork;
  /** True: the plan needs no person's approval. */
  readonly approvePlan: boolean;
}

/**
 * Asks a person for the plan as it stands; one that is edited meanwhile is asked for anew, and no answer to an older one
 * counts. False when nobody was there to ask, or nobody answered in time: the run keeps waiting with its plan.
 */
export async function approvePlan(deps: ApprovalDeps): Promise<Result<boolean, Failure>> {
  const { session } = deps;
  for (;;) {
    const { plan, revision, state } = session.view;
    if (!plan || state.name !== 'awaiting_approval') return ok(true);
    const answer = deps.approvePlan ? byOption : await answerTo(revision, deps);
    if (answer && isUnanswered(answer)) return ok(false);
    if (answer?.decision === 'deny')
      return fail({
        kind: 'denied',
        rule: 'plan approval',
        message: `The plan was rejected by ${answer.by}.`,
      });
    if (answer) await approve(revision, answer.by, deps);
  }
}

const byOption = { decision: 'allow', by: unseen } as const;

/** Undefined when another revision took the place of the one that was asked about. */
async function answerTo(
  revision: number,
  { session, approvals, control }: ApprovalDeps,
): Promise<ApprovalAnswer | undefined> {
  const { plan } = session.view;
  const superseded = new AbortController();
  const watch = session.onChange((events) => {
    if (events.some((event) => event.type === 'plan.proposed'))
      superseded.abort(new Error('The plan was changed.'));
  });
  const what = revision > 1 ? `Run this plan (revision ${revision})` : 'Run this plan';
  const title = `${what} of ${plural(plan?.tasks.length ?? 0, 'task')}?`;
  const signal = AbortSignal.any([control.signal, superseded.signal]);
  try {
    return await approvals.ask({ kind: 'plan', title, detail: planDetail(session.view) }, signal);
  } catch (error) {
    if (control.signal.aborted || !superseded.signal.aborted) throw error;
    return undefined;
  } finally {
    watch.dispose();
  }
}

/** In turn with changes of the plan, so that what is approved is what was shown. */
function approve(revision: number, by: string, { session, atWork }: ApprovalDeps): Promise<void> {
  return atWork.exclusively(async () => {
    if (session.view.revision === revision) await session.emit({ type: 'plan.approved', revision, by });
  });
}
