import type { Limiter } from '../../base/limiter';
import { judge, type GateResult, type Judgement } from '../model/gate';
import type { GateRunner } from '../ports';
import type { RunSession } from './runSession';

/** A tree as gates see it: where it is checked out, its git id, and what differs from the base. */
export interface GatedTree {
  /** What it is: `base`, `combined`, or a task's id. */
  readonly on: string;
  readonly tree: string;
  readonly path: string;
  /** Paths that differ from the base tree; undefined for the base itself. */
  readonly changed: readonly string[] | undefined;
}

export interface GateOutcome {
  readonly gate: string;
  readonly result: GateResult;
  readonly judgement: Judgement;
  /** What the same gate said of the base; undefined for the base itself. */
  readonly baseline: GateResult | undefined;
}

/**
 * Every gate result of one run, by tree. The same gate over the same tree runs once, whoever asks; results for other
 * trees than the base are judged against the base's.
 */
export class GateBook {
  private readonly results = new Map<string, Promise<GateResult>>();
  /** What already has its `gate.finished`. */
  private readonly reported = new Set<string>();

  constructor(
    private readonly session: RunSession,
    private readonly runner: GateRunner,
    private readonly base: GatedTree,
    private readonly limiter: Limiter,
  ) {
    for (const view of session.view.gates) {
      this.results.set(keyOf(view.tree, view.result.gate), Promise.resolve(view.result));
      this.reported.add(`${view.on} ${keyOf(view.tree, view.result.gate)}`);
    }
  }

  /** Runs gates over a tree side by side. Rejects only when the signal is aborted. */
  async check(gates: readonly string[], tree: GatedTree, signal: AbortSignal): Promise<GateOutcome[]> {
    return Promise.all(gates.map((gate) => this.one(gate, tree, signal)));
  }

  private async one(gate: string, tree: GatedTree, signal: AbortSignal): Promise<GateOutcome> {
    const isBase = tree.on === 'base';
    const baseline = isBase ? undefined : (await this.one(gate, this.base, signal)).result;
    const { result, reused } = await this.resultOf(gate, tree, signal);
    const judgement = isBase ? asBaseline(judge(result)) : judge(result, baseline);
    const key = `${tree.on} ${keyOf(tree.tree, gate)}`;
    if (!this.reported.has(key)) {
      this.reported.add(key);
      this.session.record({ type: 'gate.finished', tree: tree.tree, on: tree.on, reused, result, judgement });
    }
    return { gate, result, judgement, baseline };
  }

  private async resultOf(
    gate: string,
    tree: GatedTree,
    signal: AbortSignal,
  ): Promise<{ result: GateResult; reused: boolean }> {
    const key = keyOf(tree.tree, gate);
    for (let known = this.results.get(key); known; known = this.results.get(key)) {
      try {
        return { result: await known, reused: true };
      } catch {
        // Whoever asked first was stopped, or saw the failure itself: this one asks for itself.
        signal.throwIfAborted();
        if (this.results.get(key) === known) this.results.delete(key);
      }
    }
    const running = this.limiter.run(async () => {
      this.session.record({ type: 'gate.started', gate, tree: tree.tree, on: tree.on });
      const result = await this.runner.run(
        gate,
        { runId: this.session.runId, path: tree.path, changed: tree.changed },
        signal,
      );
      // A gate that was stopped has said nothing about the tree: it runs again when the run goes on.
      signal.throwIfAborted();
      return result;
    }, signal);
    this.results.set(key, running);
    try {
      return { result: await running, reused: false };
    } catch (error) {
      this.results.delete(key);
      throw error;
    }
  }
}

function keyOf(tree: string, gate: string): string {
  return `${tree} ${gate}`;
}

/** In the base tree nothing is new: what it shows was there before the run. */
function asBaseline(judgement: Judgement): Judgement {
  return {
    ...judgement,
    baselineFindings: judgement.newFindings.length + judgement.baselineFindings,
    newFindings: [],
  };
}
