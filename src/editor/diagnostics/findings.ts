import type { Diagnostic, DiagnosticCollection } from 'vscode';
import type { Finding, Range as FindingRange } from '../../core/model/gate';
import type { GateView, RunView } from '../../core/model/run';
import { isNewFinding, latestGates } from '../../protocol/gateProjection';
import type { Runs } from '../runs';
import type { VsCode } from '../vscodeApi';

/**
 * Raises what gates found in the latest run of each folder as problems of the workspace's files. They stay until the
 * next run there begins, the run is cancelled, or its delivery is undone (then only what was there before remains).
 */
export function showFindings(api: VsCode, collection: DiagnosticCollection, runs: Runs): void {
  const byFile = new Map<string, Diagnostic[]>();
  for (const view of latestOfEachFolder(runs.list())) collect(api, view, runs, byFile);
  collection.forEach((uri) => {
    if (!byFile.has(uri.fsPath)) collection.delete(uri);
  });
  for (const [file, diagnostics] of byFile) collection.set(api.Uri.file(file), diagnostics);
}

function latestOfEachFolder(newestFirst: readonly RunView[]): RunView[] {
  const latest = new Map<string, RunView>();
  for (const view of newestFirst) if (!latest.has(view.workspace)) latest.set(view.workspace, view);
  return [...latest.values()].filter((view) => view.state.name !== 'cancelled');
}

function collect(api: VsCode, view: RunView, runs: Runs, byFile: Map<string, Diagnostic[]>): void {
  const isUndone = view.state.name === 'delivered' && view.state.undone;
  const seen = new Set<string>();
  for (const gate of relevantGates(view, isUndone)) {
    const isNew = isNewFinding(view, gate);
    for (const finding of gate.result.findings) {
      if (finding.file === undefined || seen.has(finding.fingerprint)) continue;
      seen.add(finding.fingerprint);
      const file = runs.placeOf(view.runId, finding.file) ?? finding.file;
      byFile.set(file, [...(byFile.get(file) ?? []), diagnosticOf(api, finding, isNew(finding))]);
    }
  }
}

/** Per gate: the combined tree once it was checked, else what the tasks' trees and the base showed. */
function relevantGates(view: RunView, isUndone: boolean): GateView[] {
  const latest = latestGates(view).filter((gate) => !isUndone || gate.on === 'base');
  const combined = new Set(latest.filter((gate) => gate.on === 'combined').map((gate) => gate.result.gate));
  const relevant = latest.filter((gate) => gate.on === 'combined' || !combined.has(gate.result.gate));
  return relevant.sort((a, b) => Number(a.on === 'base') - Number(b.on === 'base'));
}

function diagnosticOf(api: VsCode, finding: Finding, isNew: boolean): Diagnostic {
  const message = isNew ? finding.message : `${finding.message} (was there before the run)`;
  const diagnostic = new api.Diagnostic(
    rangeOf(api, finding.range),
    message,
    severityOf(api, finding, isNew),
  );
  diagnostic.source = `enterprise: ${finding.gate}`;
  if (finding.rule !== undefined) diagnostic.code = finding.rule;
  return diagnostic;
}

function severityOf(api: VsCode, finding: Finding, isNew: boolean): Diagnostic['severity'] {
  const { Error, Warning, Information, Hint } = api.DiagnosticSeverity;
  if (!isNew) return finding.severity === 'error' ? Information : Hint;
  return { error: Error, warning: Warning, info: Information }[finding.severity];
}

function rangeOf(api: VsCode, range: FindingRange | undefined): Diagnostic['range'] {
  if (!range) return new api.Range(0, 0, 0, 0);
  return new api.Range(range.startLine - 1, range.startColumn - 1, range.endLine - 1, range.endColumn - 1);
}
