import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { EventOf, StoredEvent } from '../model/event';
import { describeFailure, failureOf, sentence, type Failure } from '../model/failure';
import type { Task } from '../model/plan';
import type { AttemptView, TaskView } from '../model/run';
import type { CommittedTree, Worktree } from '../ports';
import { runAttempt } from './attempt';
import { checkClaims } from './checkClaims';
import type { GateOutcome } from './gateBook';
import { checkTree } from './taskGates';
import { taskLife } from './taskLife';
import type { TaskRunDeps } from './taskRunDeps';
import { repairBriefing } from '../planning/briefing';
import { suggestReplan } from '../planning/suggestReplan';
import { needsRepair, redoBriefing, type Shortcoming } from './shortcoming';

/**
 * Works one task from its worktree to the run's branch. Every step leaves an event, and a step whose event exists is
 * not taken again, so the same call continues a task after a crash. Ends with `task.done` or `task.failed`; a
 * cancellation leaves the state to the coordinator, which knows why it cancelled.
 */
export async function runTask(taskId: string, deps: TaskRunDeps, signal: AbortSignal): Promise<void> {
  try {
    const outcome = await work(taskId, deps, signal);
    if (signal.aborted) return;
    if (outcome.ok) await deps.session.emit({ type: 'task.done', taskId, summary: outcome.value });
    else await deps.session.emit({ type: 'task.failed', taskId, failure: suggestReplan(outcome.failure) });
  } catch (error) {
    // The one seam per task: what was thrown is a bug or an abort, and must not reach another task.
    if (signal.aborted) return;
    await deps.session.emit({ type: 'task.failed', taskId, failure: failureOf(error, `The task ${taskId}`) });
  }
}

async function work(
  taskId: string,
  deps: TaskRunDeps,
  signal: AbortSignal,
): Promise<Result<string, Failure>> {
  const view = viewOf(taskId, deps);
  const { events } = taskLife(taskId, deps.session);
  if (events.some((event) => event.type === 'task.integrated')) return ok(lastSummary(view));
  if (view.state.name === 'pending') deps.session.record({ type: 'task.preparing', taskId });
  if (view.task.work.kind === 'check') return runChecks(view.task, view.task.work.gates, deps, signal);
  return attempts(view.task, deps, signal);
}

/** A check task looks at the base tree: its attempt is the run of its gates. */
async function runChecks(
  task: Task,
  names: readonly string[],
  deps: TaskRunDeps,
  signal: AbortSignal,
): Promise<Result<string, Failure>> {
  const { session } = deps;
  const earlier = viewOf(task.id, deps).attempts.at(-1);
  const attempt = earlier?.attempt ?? taskLife(task.id, session).firstAttempt;
  if (!earlier)
    await session.emit({
      type: 'attempt.started',
      taskId: task.id,
      attempt,
      agent: task.agent,
      backend: 'command',
      briefing: names.join(', '),
    });
  let finished = 0;
  const outcomes = await Promise.all(
    names.map(async (name) => {
      const [outcome] = await deps.gates.check([name], deps.base, signal);
      finished++;
      const percent = Math.round((100 * finished) / names.length);
      await session.emit({
        type: 'attempt.progress',
        taskId: task.id,
        attempt,
        activity: `${name} finished`,
        percent,
      });
      return outcome;
    }),
  );
  const known = outcomes.filter((outcome) => outcome !== undefined);
  const summary = known
    .map((outcome) => `${outcome.gate}: ${outcome.result.verdict} (${outcome.result.reason})`)
    .join('; ');
  if (!earlier?.finishedAt)
    await session.emit({ type: 'attempt.finished', taskId: task.id, attempt, summary });
  return verdictOf(known, summary);
}

/** A red or undecided base fails the task that asked for the check. */
function verdictOf(known: readonly GateOutcome[], summary: string): Result<string, Failure> {
  const red = known.find((outcome) => outcome.result.verdict === 'failed');
  if (red) {
    const newFindings = red.result.findings.length + red.result.truncated;
    const remedy = 'The findings are listed with file and line in the gates view and in qa-report.md.';
    return fail({
      kind: 'gate-failed',
      gate: red.gate,
      newFindings,
      message: `The base is red: ${red.gate}: ${sentence(red.result.reason)}`,
      remedy,
    });
  }
  const broken = known.find((outcome) => outcome.result.verdict === 'inconclusive');
  if (broken)
    return fail({
      kind: 'gate-inconclusive',
      gate: broken.gate,
      message: `${broken.gate} could not be decided: ${sentence(broken.result.reason)}`,
    });
  return ok(summary);
}

async function attempts(
  task: Task,
  deps: TaskRunDeps,
  signal: AbortSignal,
): Promise<Result<string, Failure>> {
  let repair: Shortcoming | undefined;
  const { firstAttempt } = taskLife(task.id, deps.session);
  // An unfinished one after a crash is gone on with.
  let attempt = viewOf(task.id, deps).attempts.at(-1)?.attempt ?? firstAttempt;
  for (;;) {
    const tried = await oneTry(task, attempt, repair, deps, signal);
    if (tried.ok) return tried;
    const shortcoming = tried.failure;
    const mayRepair =
      attempt < firstAttempt - 1 + deps.maxAttempts && needsRepair(task, shortcoming) && !signal.aborted;
    if (!mayRepair) return fail(shortcoming.failure);
    repair = shortcoming;
    attempt++;
    await deps.session.emit({
      type: 'task.repairing',
      taskId: task.id,
      attempt,
      because: [describeFailure(shortcoming.failure)],
    });
  }
}

async function oneTry(
  task: Task,
  attempt: number,
  repair: Shortcoming | undefined,
  deps: TaskRunDeps,
  signal: AbortSignal,
): Promise<Result<string, Shortcoming>> {
  const worktree = await prepare(task, attempt, repair, deps, signal);
  if (!worktree.ok) return fail({ failure: worktree.failure, repairable: false, findings: [] });
  const done = await attemptOutcome(task, attempt, repair, worktree.value, deps, signal);
  if (!done.ok) {
    // What the agent left on disk is kept under a ref, whatever becomes of the task (N2).
    await deps.worktrees.commit(deps.session.runId, worktree.value, `${task.title} (unfinished)`);
    return fail({ failure: done.failure, repairable: false, findings: [] });
  }
  const committed = await commitAttempt(task, attempt, worktree.value, deps);
  if (!committed.ok) return fail({ failure: committed.failure, repairable: false, findings: [] });
  const isChanged = committed.value.changed.length > 0;
  const checked = isChanged
    ? await checkTree(task, worktree.value, committed.value, deps, signal)
    : ok(undefined);
  if (!checked.ok) return checked;
  const claims = await checkClaims(task, attempt, worktree.value, committed.value, deps, signal);
  if (!claims.ok) return claims;
  if (!isChanged) return ok(done.value);
  const merged = await integrate(task, committed.value, deps, signal);
  return merged.ok ? ok(done.value) : merged;
}

/** The attempt's work as a commit. One that was made before a crash stands: gates may have written into the tree since. */
async function commitAttempt(
  task: Task,
  attempt: number,
  worktree: Worktree,
  deps: TaskRunDeps,
): Promise<Result<CommittedTree, Failure>> {
  const { session, worktrees } = deps;
  const finished = session.events.findLast(
    (event) => event.type === 'attempt.finished' && event.taskId === task.id && event.attempt === attempt,
  );
  const known = session.events.findLast(
    (event) => event.type === 'task.committed' && event.taskId === task.id,
  );
  if (known?.type === 'task.committed' && finished && known.seq > finished.seq) {
    const { commit, tree } = known;
    const restored = await worktrees.restore(worktree, { commit, tree, changed: [] });
    if (!restored.ok) return restored;
    const changes = await worktrees.changes(worktree.commit, commit);
    return changes.ok ? ok({ commit, tree, changed: changes.value.map((file) => file.path) }) : changes;
  }
  session.record({ type: 'task.checking', taskId: task.id });
  const committed = await worktrees.commit(session.runId, worktree, `${task.title}\n\nTask: ${task.id}`);
  if (!committed.ok) return committed;
  const { commit, tree, changed } = committed.value;
  session.record({ type: 'task.committed', taskId: task.id, commit, tree, files: changed.length });
  return committed;
}

/** The worktree of an attempt: the one it began in, or a new one at the base, the run's tip (with dependencies), or after a conflict. */
async function prepare(
  task: Task,
  attempt: number,
  repair: Shortcoming | undefined,
  deps: TaskRunDeps,
  signal: AbortSignal,
): Promise<Result<Worktree, Failure>> {
  const { session, worktrees } = deps;
  const afresh = repair?.conflict === true;
  const { events, earlierWorktrees } = taskLife(task.id, session);
  const known = worktreesUntil(attempt, afresh, events);
  const last = known.at(-1);
  if (last) {
    const name = worktreeName(task.id, earlierWorktrees + known.length);
    return worktrees.create(session.runId, name, last.commit, signal);
  }
  const count = earlierWorktrees + events.filter((event) => event.type === 'worktree.created').length;
  let commit = deps.base.commit;
  if (task.needs.length > 0 || afresh) {
    const tip = await worktrees.tip(session.runId);
    if (!tip.ok) return tip;
    commit = tip.value.commit;
  }
  const created = await worktrees.create(session.runId, worktreeName(task.id, count + 1), commit, signal);
  if (!created.ok) return created;
  // After a crash between the two, the worktree exists at the commit of then.
  const { path, dependencies, commit: actual } = created.value;
  session.record({ type: 'worktree.created', taskId: task.id, path, commit: actual, dependencies });
  return created;
}

/** The worktrees of a task up to that of an attempt; none when it needs one of its own that does not exist yet. */
function worktreesUntil(
  attempt: number,
  afresh: boolean,
  events: readonly StoredEvent[],
): EventOf<'worktree.created'>[] {
  const created = events.filter((event) => event.type === 'worktree.created');
  const started = events.find((event) => event.type === 'attempt.started' && event.attempt === attempt);
  if (started) return created.filter((event) => event.seq < started.seq);
  const previous = events.findLast((event) => event.type === 'attempt.finished');
  const isNew = afresh && previous !== undefined && (created.at(-1)?.seq ?? 0) < previous.seq;
  return isNew ? [] : created;
}

const conflictDiffChars = 30_000;

/** A task that starts afresh after a conflict works in a second worktree; the first stays until it is proven saved. */
function worktreeName(taskId: string, count: number): string {
  return count <= 1 ? taskId : `${taskId}-${count}`;
}

async function attemptOutcome(
  task: Task,
  attempt: number,
  repair: Shortcoming | undefined,
  worktree: Worktree,
  deps: TaskRunDeps,
  signal: AbortSignal,
): Promise<Result<string, Failure>> {
  const earlier = viewOf(task.id, deps).attempts.find((known) => known.attempt === attempt);
  if (earlier?.failure) return fail(earlier.failure);
  if (earlier?.finishedAt) return ok(earlier.summary ?? '');
  return runAttempt(
    task,
    attempt,
    { worktree, repair: repair && (await repairText(repair, deps)) },
    deps,
    signal,
  );
}

async function repairText(repair: Shortcoming, deps: TaskRunDeps): Promise<string> {
  if (repair.previous === undefined) return repairBriefing(repair.findings, describeFailure(repair.failure));
  const diff = await deps.worktrees.diff(deps.base.commit, repair.previous, conflictDiffChars);
  return redoBriefing(repair, diff.ok ? diff.value : diff.failure.message);
}

async function integrate(
  task: Task,
  committed: CommittedTree,
  deps: TaskRunDeps,
  signal: AbortSignal,
): Promise<Result<void, Shortcoming>> {
  const { session, worktrees } = deps;
  // The branch moves only for what is in the journal: everything recorded so far is durable with this.
  await session.emit({ type: 'task.integrating', taskId: task.id });
  const merged = await deps.integrationQueue(() => {
    signal.throwIfAborted();
    return worktrees.integrate(session.runId, task.id, committed.commit, `${task.title}\n\nTask: ${task.id}`);
  });
  if (!merged.ok) {
    const conflict = merged.failure.kind === 'merge-conflict';
    return fail({
      failure: merged.failure,
      repairable: conflict,
      conflict,
      findings: [],
      previous: committed.commit,
    });
  }
  session.record({ type: 'task.integrated', taskId: task.id, ...merged.value });
  return ok(undefined);
}

/** The task with the attempts since it last began. */
function viewOf(taskId: string, deps: TaskRunDeps): TaskView {
  const view = deps.session.view.tasks.find((known) => known.task.id === taskId);
  if (!view) throw new Error(`The plan has no task ${taskId}.`);
  const { firstAttempt } = taskLife(taskId, deps.session);
  return { ...view, attempts: view.attempts.filter(({ attempt }) => attempt >= firstAttempt) };
}

function lastSummary(view: TaskView): string {
  const finished: AttemptView | undefined = view.attempts.findLast(
    (attempt) => attempt.summary !== undefined,
  );
  return finished?.summary ?? '';
}
