import type { Diagnostic, DiagnosticCollection } from 'vscode';
import type { FileProblem } from '../../core/model/agent';
import type { VsCode } from '../vscodeApi';

/** Shows what is wrong with an agent file in that file. */
export function showFileProblems(
  api: VsCode,
  collection: DiagnosticCollection,
  problems: readonly FileProblem[],
): void {
  const byFile = new Map<string, Diagnostic[]>();
  for (const problem of problems)
    byFile.set(problem.path, [...(byFile.get(problem.path) ?? []), diagnosticOf(api, problem)]);
  collection.clear();
  for (const [file, diagnostics] of byFile) collection.set(api.Uri.file(file), diagnostics);
}

function diagnosticOf(api: VsCode, problem: FileProblem): Diagnostic {
  const { Error, Warning } = api.DiagnosticSeverity;
  const range = new api.Range(problem.line - 1, problem.column - 1, problem.line - 1, problem.column);
  const diagnostic = new api.Diagnostic(
    range,
    problem.message,
    problem.severity === 'error' ? Error : Warning,
  );
  diagnostic.source = 'enterprise: agents';
  return diagnostic;
}
