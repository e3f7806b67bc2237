import type { GateContext, GateOutcome } from './gate';
import { inconclusive } from './gate';
import { findOnPath, packageManagerOf, runScriptLine } from './packageManager';
import { matchProblems } from './parsers/problemMatcher';
import { parseTsc } from './parsers/tsc';
import type { Problem } from './findings';
import type { Repository } from './repository';
import type { ToolRun } from './toolBench';

/** How a script of the manifest is run, for a person to read. */
export function scriptLine(repository: Repository, script: string): string {
  return runScriptLine(packageManagerOf(repository), script);
}

/** Runs a script as it is, with the repository's package manager. */
export async function runScript(context: GateContext, script: string): Promise<ToolRun | GateOutcome> {
  const manager = packageManagerOf(context.repository);
  if (findOnPath(manager.name, context.tools.env) === undefined) return missingManager(context.repository);
  return context.tools.shell(runScriptLine(manager, script), { timeoutMs: context.timeoutMs });
}

export function missingManager(repository: Repository): GateOutcome {
  const { name, because } = packageManagerOf(repository);
  return inconclusive(`${name} is the package manager here (${because}) but it is not installed.`);
}

export function isOutcome(result: ToolRun | GateOutcome): result is GateOutcome {
  return 'verdict' in result;
}

/** The verdict of a command of which only the exit code and places in the output are known. */
export function byExitCode(context: GateContext, line: string, run: ToolRun): GateOutcome {
  if (run.broken !== undefined) return inconclusive(`${sentence(run.broken)}.`, run.output, run.exitCode);
  if (run.exitCode === 0) {
    const reason = `\`${line}\` succeeded.`;
    return { verdict: 'passed', reason, exitCode: 0, problems: [], comparable: true, output: run.output };
  }
  const missing = notInstalledImport(context.repository, run.output);
  if (missing !== undefined) return inconclusive(missing, run.output, run.exitCode);
  const problems = placesIn(context, run.output);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const found = errors > 0 ? ` with ${count(errors, 'problem')} in the output` : '';
  const said = errors > 0 || run.output.trim() === '' ? '' : `: ${tellingLine(run.output)}`;
  return {
    verdict: 'failed',
    reason: `\`${line}\` ended with exit code ${run.exitCode ?? 'none'}${found}${said === '' ? '.' : said}`,
    exitCode: run.exitCode,
    problems,
    comparable: errors > 0 && !run.truncated,
    output: run.output,
  };
}

/** Problems with a place, in whatever form the output has them. */
export function placesIn(context: GateContext, output: string): Problem[] {
  const compiler = parseTsc(output, context.toTreePath).problems.filter(
    (problem) => problem.file !== undefined,
  );
  if (compiler.length > 0) return compiler;
  return matchProblems(output, context.toTreePath, (path) => context.repository.isFile(path));
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names of tests that passed often speak of errors; npm's own warnings are about npm; a place in a stack is no reason. */
const beside = /^(?:[✓✔√]|ok \d|npm (?:warn|notice)\b|at \S|Node\.js v\d)/i;

/** The line of a tool's output that says most: its first line that speaks of an error, else its last one. */
export function tellingLine(output: string): string {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !beside.test(line));
  const telling = lines.find((line) => /error\b|cannot find|not found|invalid/i.test(line)) ?? lines.at(-1);
  return (telling ?? 'it printed nothing').slice(0, 300);
}

/** Why a tool named in the repository cannot run: the first thing to check is whether dependencies are installed. */
export function notInstalled(repository: Repository, tool: string): string {
  return repository.entries.has('node_modules')
    ? `${tool} is not installed in node_modules.`
    : `${tool} is not installed: this tree has no node_modules.`;
}

/** Why a program could not even load: a dependency that package.json declares and nobody has installed. */
function notInstalledImport(repository: Repository, output: string): string | undefined {
  const imported = /Cannot find (?:module|package) '((?:@[^/']+\/)?[^/'.][^/']*)[^']*'/.exec(output)?.[1];
  const isMissing =
    imported !== undefined && repository.declares(imported) && repository.installed(imported) === undefined;
  return isMissing ? notInstalled(repository, imported) : undefined;
}
