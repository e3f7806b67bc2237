import type { Finding } from '../core/model/gate';
import type { GateView, RunView } from '../core/model/run';
import type { FindingItem, GateItem } from './runModel';

const findingLimit = 40;
const tailLimit = 2000;

/** The latest result of each gate on each tree, and the gates that run now; the combined tree first, the base last. */
export function gateItems(view: RunView): GateItem[] {
  const titleOf = new Map(view.gateSpecs.map((spec) => [spec.name, spec]));
  const running = view.runningGates.map(({ gate, on }): GateItem => {
    const spec = titleOf.get(gate);
    return {
      ...blank,
      gate,
      on,
      title: spec?.title ?? gate,
      command: spec?.command ?? '',
      verdict: 'running',
      reason: 'running now',
    };
  });
  const busy = new Set(running.map(keyOf));
  const finished = latestGates(view)
    .map((gate) => gateItem(view, gate, titleOf.get(gate.result.gate)?.title ?? gate.result.gate))
    .filter((item) => !busy.has(keyOf(item)));
  return [...running, ...finished].sort(
    (a, b) => rank(a.on) - rank(b.on) || a.on.localeCompare(b.on) || a.gate.localeCompare(b.gate),
  );
}

/** The last result of each gate on each tree, in the order in which they came. */
export function latestGates(view: RunView): GateView[] {
  const latest = new Map<string, GateView>();
  for (const gate of view.gates) latest.set(keyOf({ gate: gate.result.gate, on: gate.on }), gate);
  return [...latest.values()];
}

/** Which findings of a result were not there before the run. On the base itself nothing is new. */
export function isNewFinding(view: RunView, gate: GateView): (finding: Finding) => boolean {
  if (gate.on === 'base') return () => false;
  const base = view.gates
    .filter((known) => known.on === 'base' && known.result.gate === gate.result.gate)
    .at(-1);
  const known = new Set(base?.result.findings.map((finding) => finding.fingerprint));
  return (finding) => !known.has(finding.fingerprint);
}

const blank = {
  durationMs: null,
  reused: false,
  newFindings: 0,
  baselineFindings: 0,
  tests: null,
  coverage: null,
  findings: [],
  hidden: 0,
  outputTail: null,
};

function gateItem(view: RunView, gate: GateView, title: string): GateItem {
  const { result, judgement } = gate;
  const isNew = isNewFinding(view, gate);
  const findings = result.findings.map((finding) => findingItem(finding, isNew(finding)));
  findings.sort((a, b) => Number(b.isNew) - Number(a.isNew));
  const isRed = judgement.verdict === 'failed' || judgement.verdict === 'inconclusive';
  return {
    gate: result.gate,
    title,
    command: result.command,
    on: gate.on,
    verdict: judgement.verdict,
    reason: judgement.reason,
    durationMs: result.durationMs,
    reused: gate.reused,
    newFindings: judgement.newFindings.length,
    baselineFindings: judgement.baselineFindings,
    tests: result.tests ?? null,
    coverage: result.coverage ? { covered: result.coverage.covered, total: result.coverage.total } : null,
    findings: findings.slice(0, findingLimit),
    hidden: Math.max(0, findings.length - findingLimit) + result.truncated,
    outputTail: isRed && findings.length === 0 ? result.outputTail.slice(-tailLimit) : null,
  };
}

function findingItem(finding: Finding, isNew: boolean): FindingItem {
  return {
    file: finding.file ?? null,
    line: finding.range?.startLine ?? null,
    column: finding.range?.startColumn ?? null,
    severity: finding.severity,
    rule: finding.rule ?? null,
    message: finding.message,
    isNew,
  };
}

function keyOf(gate: { gate: string; on: string }): string {
  return `${gate.gate}\n${gate.on}`;
}

function rank(on: string): number {
  return on === 'combined' ? 0 : on === 'base' ? 2 : 1;
}
