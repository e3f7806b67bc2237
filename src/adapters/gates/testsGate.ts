import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Coverage } from '../../core/model/gate';
import {
  defaultTimeoutMs,
  inconclusive,
  type Detected,
  type Gate,
  type GateContext,
  type GateOutcome,
} from './gate';
import { parseLcov } from './parsers/lcov';
import { combine, type TestReport } from './parsers/testReport';
import type { Problem } from './findings';
import { readReportFile } from './reportFile';
import type { Repository } from './repository';
import { expandScript, programName, type Command } from './script';
import {
  byExitCode,
  count,
  isOutcome,
  placesIn,
  runScript,
  scriptLine,
  sentence,
  tellingLine,
} from './scriptGate';
import { countsIn, readReport } from './testReports';
import { prepare, recognise, type PreparedRunner, type RunnerCommand } from './testRunners';
import type { ToolRun } from './toolBench';

const placeholder = /no test specified|^\s*(true|:|exit 0|echo\b[^&|;]*)\s*$/i;

/** `tests`: the script `test`, taken apart so that its runners report test by test where that is possible. */
export function detectTests(repository: Repository): Detected {
  const script = repository.script('test');
  if (script === undefined) return { name: 'tests', reason: 'no script `test` in package.json' };
  if (placeholder.test(script))
    return { name: 'tests', reason: `the script \`test\` runs no tests (\`${script}\`)` };
  const commands = expandScript(repository, 'test')?.filter((command) => !isOtherGates(command));
  if (!commands?.some((command) => recognise(command))) return scriptedTests(repository);
  return {
    spec: gateSpec(commands.map((command) => command.text).join(' && ')),
    run: (context) => runCommands(context, commands),
  };
}

function gateSpec(command: string) {
  return { name: 'tests', title: 'Tests', command, timeoutMs: defaultTimeoutMs.tests };
}

/** Linting and formatting have gates of their own, and a red one must not keep the tests from being seen. */
function isOtherGates(command: Command): boolean {
  const words = command.words.map((word) => word.text);
  const name = programName(words[0] ?? '');
  return /^(eslint|xo|standard|prettier|biome)$/.test(name) || (name === 'tsc' && words.includes('--noEmit'));
}

function scriptedTests(repository: Repository): Gate {
  const line = scriptLine(repository, 'test');
  return {
    spec: gateSpec(line),
    run: async (context) => {
      const run = await runScript(context, 'test');
      if (isOutcome(run)) return run;
      if (run.broken !== undefined) return inconclusive(`${sentence(run.broken)}.`, run.output, run.exitCode);
      const report = countsIn(run.output, context.toTreePath);
      if (report === undefined) return byExitCode(context, line, run);
      return concludeTests([{ line, run, report }], []);
    },
  };
}

/** One command that ran; a report where it was a test runner. */
interface Step {
  readonly line: string;
  readonly run: ToolRun;
  readonly runner?: PreparedRunner;
  readonly report?: TestReport;
}

/** Coverage that we add can break tests that pass without it; then what counts is the run without. */
async function runCommands(context: GateContext, commands: readonly Command[]): Promise<GateOutcome> {
  const deadline = performance.now() + context.timeoutMs;
  const first = await attempt(context, commands, true, deadline);
  const isOurs = first.steps.some((step) => step.runner?.addsCoverage);
  const hung = first.steps.some((step) => step.run.timedOut || step.run.aborted);
  if (first.outcome.verdict === 'passed' || !isOurs || hung || performance.now() > deadline)
    return first.outcome;
  const { outcome } = await attempt(context, commands, false, deadline);
  if (outcome.verdict === 'passed') {
    return {
      ...outcome,
      reason: `${outcome.tests?.passed ?? 0} tests passed. Coverage: not measured, the tests do not pass with it.`,
    };
  }
  const isSame =
    outcome.tests?.failed === first.outcome.tests?.failed && outcome.verdict === first.outcome.verdict;
  return isSame ? first.outcome : outcome;
}

async function attempt(
  context: GateContext,
  commands: readonly Command[],
  coverage: boolean,
  deadline: number,
) {
  const nodeMajor = await nodeVersion(context);
  const steps: Step[] = [];
  for (const [index, command] of commands.entries()) {
    // Nobody knows its name before it is there: a link laid in its place would lead us elsewhere.
    const folder = await mkdtemp(join(context.scratch, `${coverage ? 'covered' : 'plain'}-`));
    await mkdir(join(folder, 'coverage'));
    const found = recognise(command);
    const runner = found && prepareIn(context, found, folder, coverage, nodeMajor);
    const line = runner?.line ?? command.text;
    const run = await context.tools.shell(line, {
      timeoutMs: Math.max(1000, deadline - performance.now()),
      maxOutputChars: 32_000_000,
    });
    const report = runner && (await readReport(runner.report, run, context));
    steps.push({ line: command.text, run, ...(runner && { runner }), ...(report && { report }) });
    if (stopsHere(steps, commands.slice(index + 1))) break;
  }
  const checks = steps
    .filter((step) => !step.runner && step.run.exitCode !== 0)
    .flatMap((step) => failedCheck(context, step));
  const outcome = concludeTests(steps, checks);
  if (outcome.verdict !== 'passed' && outcome.verdict !== 'failed') return { steps, outcome };
  return { steps, outcome: await withCoverage(context, steps, outcome) };
}

function prepareIn(
  context: GateContext,
  found: RunnerCommand,
  folder: string,
  coverage: boolean,
  nodeMajor: number,
) {
  return prepare(found, { repository: context.repository, folder, coverage, nodeMajor });
}

async function nodeVersion(context: GateContext): Promise<number> {
  const run = await context.tools.run('node', ['--version'], { timeoutMs: 20_000 });
  return Number(/^v(\d+)/.exec(run.stdout)?.[1] ?? 0);
}

/** A run that was stopped ends everything; a failed preparation ends what it prepares. */
function stopsHere(steps: readonly Step[], rest: readonly Command[]): boolean {
  const last = steps.at(-1);
  if (last === undefined || last.run.exitCode === null) return true;
  return last.run.exitCode !== 0 && !last.runner && rest.some((command) => recognise(command));
}

function failedCheck(context: GateContext, { line, run }: Step): Problem[] {
  const places = placesIn(context, run.output).filter((problem) => problem.severity === 'error');
  const message = `\`${line}\` ended with exit code ${run.exitCode ?? 'none'}: ${tellingLine(run.output)}`;
  return places.length > 0
    ? places
    : [{ severity: 'error', rule: 'command', message, identity: `command ${line}` }];
}

function concludeTests(steps: readonly Step[], checks: readonly Problem[]): GateOutcome {
  const output = steps.map((step) => step.run.output).join('\n');
  const exitCode =
    steps.find((step) => step.run.exitCode !== 0)?.run.exitCode ?? steps.at(-1)?.run.exitCode ?? null;
  const unknown = steps.map(unknownReason).find((reason) => reason !== undefined);
  const preparation = steps.at(-1);
  if (unknown !== undefined) return inconclusive(unknown, output, exitCode);
  if (!steps.some((step) => step.report)) {
    return inconclusive(
      `The tests were not reached: ${checks[0]?.message ?? preparation?.line ?? ''}`,
      output,
      exitCode,
    );
  }
  const total = combine(steps.flatMap((step) => step.report ?? []));
  const tests = { passed: total.passed, failed: total.failed, skipped: total.skipped };
  const problems = [...total.problems, ...checks];
  const isGreen =
    steps.every((step) => step.run.exitCode === 0) && total.failed === 0 && total.problems.length === 0;
  if (total.passed + total.failed === 0 && problems.length === 0) {
    return {
      ...inconclusive(
        `No test was run${total.skipped > 0 ? ` (${total.skipped} skipped)` : ''}.`,
        output,
        exitCode,
      ),
      tests,
    };
  }
  return {
    verdict: isGreen ? 'passed' : 'failed',
    reason: isGreen ? `${count(total.passed, 'test')} passed.` : failureReason(total, checks, steps),
    exitCode,
    problems,
    // Where no test ran, nothing is known of those that did not.
    comparable: isGreen || (total.passed + total.failed > 0 && isComparable(steps, problems)),
    tests,
    output,
  };
}

/** Why a step proves nothing either way. */
function unknownReason({ run, runner, report, line }: Step): string | undefined {
  if (run.exitCode === null) return `${sentence(run.broken ?? `\`${line}\` was stopped`)}.`;
  if (report?.incomplete !== undefined) return `\`${line}\` did not finish: ${report.incomplete}.`;
  if (!runner || report) return undefined;
  if (run.broken !== undefined) return `${sentence(run.broken)}.`;
  return `\`${line}\` ended with exit code ${run.exitCode} without a report: ${tellingLine(run.stderr || run.output)}`;
}

/** Every red command has something in the findings that explains it. */
function isComparable(steps: readonly Step[], problems: readonly Problem[]): boolean {
  return (
    problems.length > 0 &&
    steps.every(
      ({ run, report, runner }) => run.exitCode === 0 || !runner || (report?.problems.length ?? 0) > 0,
    )
  );
}

function failureReason(total: TestReport, checks: readonly Problem[], steps: readonly Step[]): string {
  if (total.failed > 0) return `${count(total.failed, 'test')} failed, ${total.passed} passed.`;
  if (total.problems.length > 0) return `${count(total.problems.length, 'test file')} could not be run.`;
  if (checks[0]) return `${count(total.passed, 'test')} passed, but ${checks[0].message}`;
  const red = steps.find((step) => step.run.exitCode !== 0);
  return `${count(total.passed, 'test')} passed, but \`${red?.line ?? ''}\` ended with exit code ${red?.run.exitCode ?? 'none'}: ${tellingLine(red?.run.output ?? '')}`;
}

async function withCoverage(
  context: GateContext,
  steps: readonly Step[],
  outcome: GateOutcome,
): Promise<GateOutcome> {
  const paths = steps.flatMap((step) => step.runner?.lcov ?? []);
  const texts = await Promise.all(paths.map((path) => readReportFile(path, [context.scratch])));
  const measured = parseLcov(texts.filter((text) => text !== undefined).join('\n'), context.toTreePath);
  const coverage = measured && withoutTests(measured);
  const isMeasured = coverage !== undefined && coverage.total > 0 && coverage.covered > 0;
  if (isMeasured || (coverage && outcome.tests?.passed === 0)) return { ...outcome, coverage };
  const absent = steps.map((step) => step.runner?.coverageAbsent).find((reason) => reason !== undefined);
  // A runner of the repository's own may take the option and measure nothing.
  const empty = coverage
    ? 'the report names no line that passing tests ran, so nothing was measured'
    : undefined;
  return {
    ...outcome,
    reason: `${outcome.reason} Coverage: ${absent ?? empty ?? 'the run left no report of it'}.`,
  };
}

/** Tests cover themselves; counting them would flatter. */
function withoutTests(coverage: Coverage): Coverage {
  const byFile = coverage.byFile.filter(
    ({ file }) => !/(^|\/)(tests?|__tests__|spec)\/|[.-](test|spec)\.[cm]?[jt]sx?$/.test(file),
  );
  const add = (field: 'covered' | 'total') => byFile.reduce((sum, entry) => sum + entry[field], 0);
  return { covered: add('covered'), total: add('total'), byFile };
}
