import type { Finding } from '../model/gate';
import type { FindingReport } from '../model/report';
import type { GateView, RunView } from '../model/run';

/** The latest result of each gate for each tree: the base first, then tasks in the order of the plan, then the combined tree. */
export function latestGates(view: Pick<RunView, 'gates' | 'tasks'>): GateView[] {
  const latest = new Map<string, GateView>();
  for (const gate of view.gates) latest.set(`${gate.on} ${gate.result.gate}`, gate);
  const order = ['base', ...view.tasks.map(({ task }) => task.id), 'combined'];
  return order.flatMap((on) => [...latest.values()].filter((gate) => gate.on === on));
}

/** What the result stands or falls with: the combined tree's gates or, where that was not reached, those of tasks. */
export function decidingGates(view: Pick<RunView, 'gates' | 'tasks'>): GateView[] {
  const gates = latestGates(view);
  const combined = gates.filter((gate) => gate.on === 'combined');
  return combined.length > 0 ? combined : gates.filter((gate) => gate.on !== 'base');
}

/**
 * Findings of the latest results, each once: new ones, those that were there before the run and still are, and those
 * of the base that the combined tree no longer has.
 */
export function findingsOf(view: Pick<RunView, 'gates' | 'tasks'>): FindingReport[] {
  const gates = latestGates(view);
  const seen = new Set<string>();
  const fresh = gates
    .filter((gate) => gate.on !== 'base')
    .toReversed()
    .flatMap((gate) => gate.judgement.newFindings.map((finding) => reported(finding, gate.on, 'new', seen)));
  const known = gates
    .filter((gate) => gate.on === 'base')
    .flatMap((gate) => {
      const status = statusOf(
        gates.find((other) => other.on === 'combined' && other.result.gate === gate.result.gate),
      );
      return gate.result.findings.map((finding) => reported(finding, gate.on, status(finding), seen));
    });
  return [...fresh, ...known].filter((finding) => finding !== undefined);
}

/** What became of the base's findings; a gate that did not decide about the combined tree says nothing about them. */
function statusOf(combined: GateView | undefined): (finding: Finding) => 'known' | 'fixed' {
  const decided = combined?.result.verdict === 'passed' || combined?.result.verdict === 'failed';
  if (!combined || !decided || !combined.result.comparable || combined.result.truncated > 0)
    return () => 'known';
  const left = new Set(combined.result.findings.map((finding) => finding.fingerprint));
  return (finding) => (left.has(finding.fingerprint) ? 'known' : 'fixed');
}

function reported(
  finding: Finding,
  tree: string,
  status: FindingReport['status'],
  seen: Set<string>,
): FindingReport | undefined {
  if (seen.has(finding.fingerprint)) return undefined;
  seen.add(finding.fingerprint);
  const { gate, file, range, severity, rule, message } = finding;
  return {
    gate,
    tree,
    status,
    ...(file === undefined ? {} : { file }),
    ...(range === undefined ? {} : { range }),
    severity,
    ...(rule === undefined ? {} : { rule }),
    message,
  };
}
