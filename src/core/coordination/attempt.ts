import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Agent, Backend } from '../model/agent';
import type { NewEvent, StoredEvent } from '../model/event';
import { failureOf, type Failure } from '../model/failure';
import type { GateResult } from '../model/gate';
import type { Task } from '../model/plan';
import { isEnded } from '../model/taskState';
import { limitsFor } from '../planning/agentLimits';
import { resolveAgentModel } from '../planning/agentModel';
import type { AgentBackend, AttemptContext, AttemptOutcome, Worktree, Worktrees } from '../ports';
import type { Approvals } from './approvals';
import type { GateBook } from './gateBook';
import type { Mailboxes } from './mailboxes';
import type { RunControl } from './runControl';
import type { RunSession } from './runSession';

export interface AttemptDeps {
  readonly session: RunSession;
  readonly worktrees: Worktrees;
  readonly approvals: Approvals;
  readonly control: RunControl;
  readonly mailboxes: Mailboxes;
  readonly gates: GateBook;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly backends: Readonly<Record<Backend, AgentBackend>>;
  /** The briefing of a task's first attempt, from its contract, neighbours and what upstream produced. */
  readonly briefing: (task: Task, worktree: Worktree) => Promise<string>;
  /** Runs gates over a worktree as it stands, for an agent's own use; the results prove nothing and are not kept. */
  readonly diagnose: (
    gates: readonly string[],
    worktree: Worktree,
    signal: AbortSignal,
  ) => Promise<GateResult[]>;
}

/** Executes one attempt, or continues it where a crash left it. Its end is an event before this returns. */
export async function runAttempt(
  task: Task,
  attempt: number,
  place: { readonly worktree: Worktree; readonly repair: string | undefined },
  deps: AttemptDeps,
  signal: AbortSignal,
): Promise<Result<string, Failure>> {
  const { session } = deps;
  const agent = deps.agents.get(task.agent);
  if (!agent)
    return fail({
      kind: 'agent-missing',
      agent: task.agent,
      message: `There is no agent named ${task.agent} any more.`,
    });
  // Names were given their meaning when the agents were loaded; what is left is the run's own model.
  const model = resolveAgentModel(agent, { runModel: session.view.model, tiers: {} }).id;
  const backend = backendOf(task, model);
  const recorded = recordedOf(task.id, attempt, session);
  const begun = recorded.find((event) => event.type === 'attempt.started');
  // Neither a program nor the session of an external agent can be gone on with.
  if (begun && backend !== 'model') {
    const rewound = await deps.worktrees.rewind(session.runId, place.worktree);
    if (!rewound.ok) return rewound;
  }
  const briefing =
    begun?.type === 'attempt.started' ? begun.briefing : await briefingOf(task, backend, place, deps);
  if (!begun)
    await session.emit({
      type: 'attempt.started',
      taskId: task.id,
      attempt,
      agent: agent.name,
      backend,
      briefing,
    });
  const context = contextOf(task, attempt, agent, model, place.worktree, briefing, recorded, deps, signal);
  const outcome = await guarded(deps.backends[backend], context);
  if (signal.aborted) return fail({ kind: 'cancelled', message: `The task ${task.id} was stopped.` });
  if (!outcome.ok) {
    await session.emit({ type: 'attempt.failed', taskId: task.id, attempt, failure: outcome.failure });
    return outcome;
  }
  const { summary, claims, documents, handoff } = outcome.value;
  const optional = {
    ...(claims ? { claims } : {}),
    ...(documents ? { documents } : {}),
    ...(handoff ? { handoff } : {}),
  };
  session.record({ type: 'attempt.finished', taskId: task.id, attempt, summary, ...optional });
  return ok(summary);
}

/** The events of an attempt, and its questions with their answers: what waited for one when a process ended had no effect. */
function recordedOf(taskId: string, attempt: number, session: RunSession): StoredEvent[] {
  const own = session.eventsOf(taskId).filter((event) => 'attempt' in event && event.attempt === attempt);
  const [first] = own;
  if (!first) return [];
  const ids = new Set<string>();
  const questions = session.events.filter((event) => {
    if (event.seq < first.seq) return false;
    if (event.type === 'approval.answered') return ids.has(event.answer.id);
    if (event.type !== 'approval.requested' || event.approval.taskId !== taskId) return false;
    ids.add(event.approval.id);
    return true;
  });
  return [...own, ...questions].sort((a, b) => a.seq - b.seq);
}

/** A model id `acp/…` names an external agent, whoever's instructions it is given. */
function backendOf(task: Task, model: string): Backend {
  if (task.work.kind !== 'agent') return 'command';
  return model.startsWith('acp/') ? 'acp' : 'model';
}

/** A bug in a backend ends its attempt, not the run. */
async function guarded(
  backend: AgentBackend,
  context: AttemptContext,
): Promise<Result<AttemptOutcome, Failure>> {
  try {
    return await backend.run(context);
  } catch (error) {
    return fail(failureOf(error, `Attempt ${context.attempt} of the task ${context.task.id}`));
  }
}

/** A program is told nothing but its command line. */
async function briefingOf(
  task: Task,
  backend: Backend,
  place: { readonly worktree: Worktree; readonly repair: string | undefined },
  deps: AttemptDeps,
): Promise<string> {
  if (backend === 'command') return '';
  const briefing = await deps.briefing(task, place.worktree);
  if (place.repair === undefined) return briefing;
  return `${briefing}\n\n${place.repair}`;
}

function contextOf(
  task: Task,
  attempt: number,
  agent: Agent,
  model: string,
  worktree: Worktree,
  briefing: string,
  recorded: readonly StoredEvent[],
  deps: AttemptDeps,
  signal: AbortSignal,
): AttemptContext {
  const { session } = deps;
  return {
    runId: session.runId,
    task,
    attempt,
    agent,
    model,
    worktree,
    briefing,
    limits: limitsFor(task.limits, agent),
    recorded,
    signal,
    emit: (event: NewEvent) => session.emit(event),
    ask: (question) => deps.approvals.ask({ ...question, taskId: task.id }, signal),
    recipients: () =>
      session.view.tasks
        .filter((other) => other.task.work.kind === 'agent' && !isEnded(other.state))
        .map((other) => other.task.id)
        .filter((id) => id !== task.id),
    checkpoint: async () => {
      await deps.control.whileRunning(signal);
      return deps.mailboxes.unread(task.id);
    },
    diagnose: (gates) => deps.diagnose(gates, worktree, signal),
  };
}
