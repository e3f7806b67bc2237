import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Deliverable } from '../model/event';
import { plural } from '../insight/wording';
import { isUnanswered } from '../model/approval';
import type { Failure } from '../model/failure';
import type { RunView } from '../model/run';
import type { Workspace, Worktrees } from '../ports';
import type { Approvals } from './approvals';
import { influenceSaid, sayInfluence } from './influence';
import type { RunSession } from './runSession';

export interface DeliveryDeps {
  readonly session: RunSession;
  readonly worktrees: Worktrees;
  readonly workspace: Workspace;
}

/** Names what a delivery would change, with the tasks that did it. A run that changed nothing is delivered by that. */
export async function propose(
  deps: DeliveryDeps,
  tip: { commit: string; tree: string },
): Promise<Result<readonly Deliverable[], Failure>> {
  const { session, worktrees } = deps;
  const changes = await worktrees.changes(session.view.baseCommit, tip.commit);
  if (!changes.ok) return changes;
  const authors = await authorsOf(deps);
  const deliverables = changes.value.map((file) => ({ ...file, tasks: authors.get(file.path) ?? [] }));
  await sayInfluence(deps, deliverables, tip.commit);
  await session.emit({ type: 'delivery.proposed', commit: tip.commit, tree: tip.tree, deliverables });
  return ok(deliverables);
}

/** Which integrated tasks touched a path, in the order of their integration. */
async function authorsOf({ session, worktrees }: DeliveryDeps): Promise<Map<string, string[]>> {
  const authors = new Map<string, string[]>();
  for (const event of session.events) {
    if (event.type !== 'task.integrated') continue;
    const to = session.events.findLast(
      (known) => known.type === 'task.committed' && known.taskId === event.taskId,
    );
    if (to?.type !== 'task.committed') continue;
    const from = session.events.findLast(
      (known) => known.type === 'worktree.created' && known.taskId === event.taskId && known.seq < to.seq,
    );
    if (from?.type !== 'worktree.created') continue;
    const changes = await worktrees.changes(from.commit, to.commit);
    if (!changes.ok) continue;
    for (const file of changes.value)
      authors.set(file.path, [...(authors.get(file.path) ?? []), event.taskId]);
  }
  return authors;
}

/** Asks the person, showing every file and every verdict. */
export async function askForDelivery(
  session: RunSession,
  approvals: Approvals,
  signal: AbortSignal,
): Promise<'allow' | 'deny' | 'nobody'> {
  const { view } = session;
  const title = `Deliver ${plural(view.deliverables.length, 'changed file')} into the workspace?`;
  const answer = await approvals.ask(
    { kind: 'delivery', title, detail: detailOf(view, influenceSaid(session)) },
    signal,
  );
  return isUnanswered(answer) ? 'nobody' : answer.decision;
}

function detailOf(view: RunView, influence: string | undefined): string {
  const files = view.deliverables.map((file) => {
    const lines = file.insertions === null ? 'binary' : `+${file.insertions} -${file.deletions ?? 0}`;
    return `${file.change.padEnd(8)} ${file.path} (${lines}) by ${file.tasks.join(', ')}`;
  });
  const gates = view.gates
    .filter((gate) => gate.on === 'combined')
    .map((gate) => `${gate.result.gate}: ${gate.judgement.verdict}, ${gate.judgement.reason}`);
  const failed = view.tasks
    .filter((task) => task.state.name !== 'done')
    .map((task) => `not included: ${task.task.title} (${task.state.name})`);
  const touched = influence === undefined ? [] : ['', influence];
  return [...files, '', 'Gates of the combined tree:', ...gates, ...failed, ...touched].join('\n');
}

/** Lands the proposed result. A refusal leaves the run waiting, so that the person can clear the way and deliver again. */
export async function deliver(deps: DeliveryDeps): Promise<Result<{ paths: readonly string[] }, Failure>> {
  const { session, workspace } = deps;
  const { state, runId, baseCommit, deliverables } = session.view;
  if (state.name !== 'awaiting_delivery') return fail(notDeliverable(session.view));
  const refused = async (failure: Failure) => {
    await session.emit({ type: 'delivery.refused', failure });
    return fail(failure);
  };
  if (!isDeliveryBegun(session)) {
    const clear = await workspace.check(baseCommit, state.commit);
    if (!clear.ok) return refused(clear.failure);
    const paths = deliverables.map((file) => file.path);
    await session.emit({
      type: 'delivery.started',
      commit: state.commit,
      rescueRef: workspace.rescueRef(runId),
      paths,
    });
  }
  const delivered = await workspace.deliver(runId, baseCommit, state.commit);
  if (!delivered.ok) return refused(delivered.failure);
  await session.emit({ type: 'delivery.completed', commit: state.commit, paths: delivered.value.paths });
  return delivered;
}

/** True when the checkout may already hold a part of the result: the process was killed while it wrote. */
export function isDeliveryBegun(session: RunSession): boolean {
  const last = session.events.findLast(
    (event) => event.type === 'delivery.started' || event.type === 'delivery.refused',
  );
  return last?.type === 'delivery.started';
}

/** Takes a delivery back; refuses by name where a delivered file was changed since. */
export async function undo(deps: DeliveryDeps): Promise<Result<{ paths: readonly string[] }, Failure>> {
  const { session, workspace } = deps;
  const completed = session.events.findLast((event) => event.type === 'delivery.completed');
  const { state, runId, baseCommit } = session.view;
  if (state.name !== 'delivered' || completed?.type !== 'delivery.completed') {
    return fail({
      kind: 'undo-refused',
      paths: [],
      message: `Run ${runId} delivered nothing, so there is nothing to undo.`,
    });
  }
  if (state.undone)
    return fail({
      kind: 'undo-refused',
      paths: [],
      message: `The delivery of run ${runId} was already taken back.`,
    });
  await session.emit({ type: 'undo.started', paths: completed.paths });
  const undone = await workspace.undo(runId, baseCommit, completed.commit);
  if (undone.ok) await session.emit({ type: 'undo.completed', paths: undone.value.paths });
  else await session.emit({ type: 'undo.refused', failure: undone.failure });
  return undone;
}

function notDeliverable(view: RunView): Failure {
  const message = `Run ${view.runId} is ${view.state.name.replace('_', ' ')}: it has no verified result that waits for delivery.`;
  return {
    kind: 'delivery-refused',
    paths: [],
    message,
    remedy: 'Only a run that is awaiting delivery can be delivered.',
  };
}
