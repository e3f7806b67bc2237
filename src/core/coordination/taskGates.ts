import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { sentence } from '../model/failure';
import type { Task } from '../model/plan';
import type { CommittedTree, Worktree } from '../ports';
import { frozenFor, frozenIn, type FrozenPaths } from '../planning/frozen';
import { outsideScope } from '../planning/scope';
import type { GateOutcome } from './gateBook';
import type { Shortcoming } from './shortcoming';
import type { TaskRunDeps } from './taskRunDeps';

/**
 * Proves a task's committed tree: inside its scope, and every gate of its contract passed against the baseline. A gate
 * that could not decide on the base either does not block the task; it stays visible as inconclusive.
 */
export async function checkTree(
  task: Task,
  worktree: Worktree,
  committed: CommittedTree,
  deps: TaskRunDeps,
  signal: AbortSignal,
): Promise<Result<void, Shortcoming>> {
  const outside = outsideScope(task.scope, committed.changed);
  if (outside.length > 0) return fail(scopeViolated(task, outside));
  const broken = frozenIn(committed.changed, frozenFor(task.id, deps.session.view.tasks));
  if (broken.length > 0) return fail(frozenChanged(broken));
  const difference = await deps.worktrees.changes(deps.base.commit, committed.commit);
  if (!difference.ok) return fail({ failure: difference.failure, repairable: false, findings: [] });
  const changed = difference.value.map((file) => file.path);
  const detected = new Set(deps.session.view.gateSpecs.map((spec) => spec.name));
  const gates = task.gates.filter((gate) => detected.has(gate));
  const outcomes = await deps.gates.check(
    gates,
    { on: task.id, tree: committed.tree, path: worktree.path, changed },
    signal,
  );
  const restored = await deps.worktrees.restore(worktree, committed);
  if (!restored.ok) return fail({ failure: restored.failure, repairable: false, findings: [] });
  const red = outcomes.filter(blocks);
  return red.length > 0 ? fail(gatesFailed(red)) : ok(undefined);
}

/** A gate that gave no green result on the base either cannot be blamed on the task when it is undecided. */
function blocks({ judgement, baseline }: GateOutcome): boolean {
  if (judgement.verdict === 'failed') return true;
  if (judgement.verdict !== 'inconclusive') return false;
  return baseline?.verdict === 'passed' || baseline?.verdict === 'skipped';
}

function gatesFailed(red: readonly GateOutcome[]): Shortcoming {
  const [first] = red;
  const findings = red.flatMap((outcome) =>
    outcome.judgement.newFindings.length > 0 ? outcome.judgement.newFindings : outcome.result.findings,
  );
  const gate = red.map((outcome) => outcome.gate).join(', ');
  const reasons = red.map((outcome) => `${outcome.gate}: ${outcome.judgement.reason}`).join('; ');
  const tail = findings.length === 0 ? `\n${first?.result.outputTail ?? ''}` : '';
  const message = `The task's tree does not pass its gates. ${sentence(reasons)}${tail}`;
  const remedy = 'Its work is kept; see the findings in the gates view.';
  return {
    failure: { kind: 'gate-failed', gate, newFindings: findings.length, message, remedy },
    repairable: true,
    findings,
  };
}

function scopeViolated(task: Task, paths: readonly string[]): Shortcoming {
  const message = `The task changed files outside its scope (${task.scope.join(', ')}): ${paths.slice(0, 10).join(', ')}.`;
  const remedy = 'Undo these changes or widen the scope in the plan.';
  return {
    failure: { kind: 'scope-violated', paths: [...paths], message, remedy },
    repairable: true,
    findings: [],
  };
}

function frozenChanged(broken: readonly FrozenPaths[]): Shortcoming {
  const paths = broken.flatMap((frozen) => frozen.paths);
  const owners = [...new Set(broken.map(({ by }) => by))].join(', ');
  const message = `The task changed what ${owners} settled for all others: ${paths.slice(0, 10).join(', ')}.`;
  const remedy = `Put these files back as ${owners} left them and build on them. If they cannot be built on, change the plan: ${owners} has to settle them anew.`;
  return {
    failure: { kind: 'interface-changed', paths, task: owners, message, remedy },
    repairable: true,
    findings: [],
  };
}
