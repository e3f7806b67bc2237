import type { Failure } from '../model/failure';
import type { Report } from '../model/report';
import type { GateView, RunView, TaskView } from '../model/run';
import { findingsOf, latestGates } from './gateSummary';
import { elapsedMs, timingOf } from './timing';

/** The report of a run as it stands, ended or not. */
export function buildReport(view: RunView): Report {
  return {
    schemaVersion: 1,
    run: runPart(view),
    analysis: view.analysis ?? null,
    plan: planPart(view),
    tasks: view.tasks.map(taskPart),
    agents: agentsPart(view),
    gates: latestGates(view).map(gatePart),
    absentGates: [...view.gateAbsences],
    findings: findingsOf(view),
    deliverables: view.deliverables.map((file) => ({ ...file, task: file.tasks.at(-1) ?? null })),
    usage: { ...view.usage },
    timing: timingOf(view),
    failures: view.failures.map(({ failure, taskId }) => failurePart(failure, taskId)),
    undoCommand: undoCommand(view),
  };
}

/** Where no file had to change there is nothing to take back. */
function undoCommand({ runId, state }: RunView): string | null {
  return state.name === 'delivered' && !state.undone && state.paths.length > 0
    ? `enterprise undo ${runId}`
    : null;
}

function runPart(view: RunView): Report['run'] {
  return {
    id: view.runId,
    task: view.request,
    state: view.state.name,
    phase: view.phase,
    workspace: view.workspace,
    baseCommit: view.baseCommit,
    baseKind: view.baseKind,
    startedAt: view.startedAt,
    finishedAt: view.finishedAt ?? null,
    durationMs: elapsedMs(view.startedAt, view.finishedAt ?? view.updatedAt),
    model: view.model,
    ...(view.workflow === undefined ? {} : { workflow: view.workflow }),
  };
}

function planPart({ plan }: RunView): Report['plan'] {
  if (!plan) return null;
  const { origin, source, rationale, risks } = plan;
  return { origin, ...(source === undefined ? {} : { source }), rationale, risks };
}

function taskPart({ task, state, attempts, startedAt, finishedAt }: TaskView): Report['tasks'][number] {
  return {
    id: task.id,
    title: task.title,
    state: state.name,
    agent: task.agent,
    agentReasons: task.agentReasons,
    dependsOn: task.needs,
    attempts: attempts.length,
    durationMs: startedAt === undefined || finishedAt === undefined ? null : elapsedMs(startedAt, finishedAt),
    priority: task.priority,
    estimateMinutes: task.estimateMinutes,
    acceptance: task.acceptance,
    ...(state.name === 'done' ? { summary: state.summary } : {}),
  };
}

function agentsPart(view: RunView): Report['agents'] {
  const names = new Set(
    view.tasks.flatMap((task) => [task.task.agent, ...task.attempts.map((attempt) => attempt.agent)]),
  );
  return [...names].map((name) => {
    const source = view.agents.find((agent) => agent.name === name)?.source;
    const tasks = view.tasks.filter(
      ({ task, attempts }) => task.agent === name || attempts.some((attempt) => attempt.agent === name),
    );
    return {
      name,
      source: source?.kind ?? 'unknown',
      ...(source?.path === undefined ? {} : { path: source.path }),
      tasks: tasks.map(({ task }) => task.id),
    };
  });
}

function gatePart({ on, tree, result, judgement, reused }: GateView): Report['gates'][number] {
  return {
    name: result.gate,
    tree: on,
    treeId: tree,
    verdict: judgement.verdict,
    reason: judgement.reason,
    command: result.command,
    durationMs: result.durationMs,
    reused,
    newFindings: judgement.newFindings.length,
    baselineFindings: judgement.baselineFindings,
    ...(result.tests ? { tests: result.tests } : {}),
    ...(result.coverage
      ? { lineCoverage: { covered: result.coverage.covered, total: result.coverage.total } }
      : {}),
  };
}

function failurePart(failure: Failure, taskId: string | undefined): Report['failures'][number] {
  const { kind, message, remedy } = failure;
  return {
    kind,
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(taskId === undefined ? {} : { task: taskId }),
  };
}
