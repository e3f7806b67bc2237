import { createHash } from 'node:crypto';
import type { Finding, GateResult } from '../../src/core/model/gate';
import type { GateRunner } from '../../src/core/ports';

/** What a fake gate sees in a tree; a finding needs only what the test is about. */
export type FakeGate =
  | { readonly does: 'pass' | 'hang' }
  | { readonly does: 'fail'; readonly problems: readonly FakeProblem[] }
  | { readonly does: 'break' | 'skip'; readonly reason: string };

export interface FakeProblem {
  readonly file?: string;
  readonly line?: number;
  readonly message: string;
  readonly severity?: Finding['severity'];
}

export interface FakeGateCall {
  readonly gate: string;
  readonly runId: string;
  readonly path: string;
  readonly changed: readonly string[] | undefined;
}

/** A gate runner without processes: each gate behaves as told, by default the same in every tree. */
export interface FakeGateRunner extends GateRunner {
  readonly calls: readonly FakeGateCall[];
  /** Sets how a gate behaves from now on; a gate never set does not apply. A function decides by the tree. */
  set(gate: string, behaviour: FakeGate | ((call: FakeGateCall) => FakeGate | Promise<FakeGate>)): void;
  /** Takes a gate away from every tree. */
  remove(gate: string): void;
}

export function createFakeGateRunner(gates: Readonly<Record<string, FakeGate>> = {}): FakeGateRunner {
  const behaviours = new Map<string, FakeGate | ((call: FakeGateCall) => FakeGate | Promise<FakeGate>)>(
    Object.entries(gates),
  );
  const calls: FakeGateCall[] = [];
  return {
    calls,
    set: (gate, behaviour) => behaviours.set(gate, behaviour),
    remove: (gate) => behaviours.delete(gate),
    detect: async () => ({
      gates: [...behaviours.keys()].map((name) => ({
        name,
        title: name,
        command: commandOf(name),
        timeoutMs: 60_000,
      })),
      absent: [],
    }),
    run: async (gate, tree, signal) => {
      const call = { gate, ...tree };
      calls.push(call);
      const behaviour = behaviours.get(gate);
      if (behaviour === undefined)
        return result(gate, 'inconclusive', `The gate \`${gate}\` does not apply to this tree.`, []);
      if (signal.aborted) return result(gate, 'inconclusive', 'It was stopped before it began.', []);
      if (tree.changed?.length === 0) return result(gate, 'skipped', 'Nothing has changed.', []);
      const seen = await behave(
        gate,
        typeof behaviour === 'function' ? await behaviour(call) : behaviour,
        signal,
      );
      return isStopped(signal) ? result(gate, 'inconclusive', 'It was stopped.', []) : seen;
    },
  };
}

async function behave(gate: string, behaviour: FakeGate, signal: AbortSignal): Promise<GateResult> {
  switch (behaviour.does) {
    case 'pass':
      return result(gate, 'passed', `\`${commandOf(gate)}\` succeeded.`, []);
    case 'fail':
      return result(gate, 'failed', `${behaviour.problems.length} problems.`, behaviour.problems);
    case 'break':
      return result(gate, 'inconclusive', behaviour.reason, []);
    case 'skip':
      return result(gate, 'skipped', behaviour.reason, []);
    case 'hang':
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return result(gate, 'inconclusive', `\`${commandOf(gate)}\` was stopped.`, []);
  }
}

function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

function commandOf(gate: string): string {
  return `fake-${gate}`;
}

function result(
  gate: string,
  verdict: GateResult['verdict'],
  reason: string,
  problems: readonly FakeProblem[],
): GateResult {
  const seen = new Map<string, number>();
  const findings = problems.map(({ file, line = 1, message, severity = 'error' }): Finding => {
    const identity = JSON.stringify([gate, file, message]);
    const ordinal = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, ordinal);
    const fingerprint = createHash('sha256').update(`${identity}${ordinal}`).digest('hex').slice(0, 24);
    const range = { startLine: line, startColumn: 1, endLine: line, endColumn: 2 };
    return { gate, ...(file !== undefined && { file, range }), severity, message, fingerprint };
  });
  const exitCode = verdict === 'passed' ? 0 : verdict === 'failed' ? 1 : null;
  return {
    gate,
    command: commandOf(gate),
    verdict,
    reason,
    durationMs: 1,
    exitCode,
    findings,
    truncated: 0,
    comparable: verdict !== 'inconclusive',
    outputTail: findings.map((finding) => finding.message).join('\n'),
  };
}
