import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { sentence, type Failure } from '../model/failure';
import type { RunView } from '../model/run';
import { steeredBy } from '../model/steeringFiles';
import type { Merge } from '../ports';
import type { GateOutcome } from './gateBook';
import type { TaskRunDeps } from './taskRunDeps';

/** Phase 4: gates the combined tree. A red gate is a failure; an undecided one is not, but nobody delivers it unasked. */
export async function validate(deps: TaskRunDeps, signal: AbortSignal): Promise<Result<Merge, Failure>> {
  const { session, worktrees } = deps;
  const tip = await worktrees.tip(session.runId);
  if (!tip.ok) return tip;
  const gates = gatesOf(deps);
  const path = await checkout(deps, tip.value, signal);
  if (!path.ok) return path;
  const difference = await worktrees.changes(deps.base.commit, tip.value.commit);
  if (!difference.ok) return difference;
  const changed = difference.value.map((file) => file.path);
  const outcomes = await deps.gates.check(
    gates,
    { on: 'combined', tree: tip.value.tree, path: path.value, changed },
    signal,
  );
  const red = outcomes.filter((outcome) => outcome.judgement.verdict === 'failed');
  if (red.length > 0) return fail(combinedRed(red));
  return tip;
}

function gatesOf(deps: TaskRunDeps): string[] {
  const detected = new Set(deps.session.view.gateSpecs.map((spec) => spec.name));
  return (deps.session.view.plan?.gates ?? []).filter((gate) => detected.has(gate));
}

/** A tree equal to the base is already checked out; any other gets a worktree of its own. */
async function checkout(
  deps: TaskRunDeps,
  tip: Merge,
  signal: AbortSignal,
): Promise<Result<string, Failure>> {
  if (tip.tree === deps.base.tree) return ok(deps.base.path);
  const name = `combined-${tip.tree.slice(0, 10)}`;
  const worktree = await deps.worktrees.create(deps.session.runId, name, tip.commit, signal);
  return worktree.ok ? ok(worktree.value.path) : worktree;
}

/** Why a person has to look before the proposed result lands; undefined when it may land unasked. */
export function reasonToAsk(view: RunView): string | undefined {
  const { state, deliverables } = view;
  if (state.name !== 'awaiting_delivery') return 'there is no verified result';
  const files = deliverables.map((file) => file.path).filter((path) => steeredBy(path) !== undefined);
  if (files.length > 0)
    return `it changes files that decide what agents and programs here may do: ${files.join(', ')}`;
  const undecided = undecidedGates(view, state.tree);
  return undecided.length > 0
    ? `these gates worked before the run and could not decide about the result: ${undecided.join(', ')}`
    : undefined;
}

/** Gates of the proposed result that are undecided in another way than before the run. */
function undecidedGates({ gates }: RunView, tree: string): string[] {
  return gates
    .filter(
      (gate) => gate.on === 'combined' && gate.tree === tree && gate.judgement.verdict === 'inconclusive',
    )
    .map((gate) => gate.result.gate)
    .filter((name) => {
      const base = gates.find((view) => view.on === 'base' && view.result.gate === name);
      return base?.result.verdict !== 'inconclusive' && base?.result.verdict !== 'failed';
    });
}

function combinedRed(red: readonly GateOutcome[]): Failure {
  const gate = red.map((outcome) => outcome.gate).join(', ');
  const newFindings = red.reduce((sum, outcome) => sum + outcome.judgement.newFindings.length, 0);
  const reasons = red.map((outcome) => `${outcome.gate}: ${outcome.judgement.reason}`).join('; ');
  const message = `The combined result does not pass its gates. ${sentence(reasons)}`;
  const remedy =
    'Nothing was delivered; the result is kept on the run’s branch. See qa-report.md for the findings.';
  return { kind: 'gate-failed', gate, newFindings, message, remedy };
}
