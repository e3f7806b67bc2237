import { join } from 'node:path';
import {
  defaultTimeoutMs,
  inconclusive,
  type Detected,
  type Gate,
  type GateContext,
  type GateOutcome,
} from './gate';
import type { Problem } from './findings';
import { parseBiomeJson } from './parsers/biomeJson';
import { parseEslintJson } from './parsers/eslintJson';
import { readReportFile } from './reportFile';
import type { Repository } from './repository';
import { expandScript, programName, splitScript, withArguments, withoutWords, type Command } from './script';
import {
  byExitCode,
  count,
  isOutcome,
  notInstalled,
  runScript,
  scriptLine,
  sentence,
  tellingLine,
} from './scriptGate';
import type { ToolRun } from './toolBench';

type Linter = 'eslint' | 'biome' | 'xo' | 'standard';

const eslintConfigs = [/^eslint\.config\.[cm]?[jt]s$/, /^\.eslintrc(\.|$)/];
const installedAs: Record<Linter, string> = {
  eslint: 'eslint',
  biome: '@biomejs/biome',
  xo: 'xo',
  standard: 'standard',
};

/** `lint`: the linter the repository is set up with, asked for a structured report; else its script `lint`. */
export function detectLint(repository: Repository): Detected {
  const command = lintCommand(repository);
  if (command !== undefined) return linterGate(command);
  if (repository.script('lint') !== undefined) return scriptedLint(repository);
  const config = repository.first(eslintConfigs);
  return {
    name: 'lint',
    reason:
      config === undefined
        ? 'no ESLint, Biome, XO or standard is set up and there is no script `lint`'
        : `${config} is there, but eslint is neither a dependency nor installed`,
  };
}

/** The linter's command: as a script has it, so that it sees the same files, or over the whole tree by its configuration. */
function lintCommand(repository: Repository): Command | undefined {
  for (const script of ['lint', 'lint:check', 'lint:js', 'lint:ts', 'eslint', 'test']) {
    const scripted = expandScript(repository, script)?.find((command) => linterOf(command) !== undefined);
    if (scripted) return withoutFixing(scripted);
  }
  const available = (linter: Linter) =>
    repository.declares(installedAs[linter]) || repository.program(linter) !== undefined;
  const isEslint = repository.first(eslintConfigs) !== undefined || repository.hasKey('eslintConfig');
  if (isEslint && available('eslint')) return commandOf('eslint .');
  if (repository.first(['biome.json', 'biome.jsonc']) !== undefined && available('biome'))
    return commandOf('biome lint .');
  if (repository.declares('xo')) return commandOf('xo');
  return repository.declares('standard') ? commandOf('standard') : undefined;
}

function commandOf(text: string): Command | undefined {
  return splitScript(text)?.[0];
}

function linterOf(command: Command): Linter | undefined {
  const [program = '', verb] = command.words.map((word) => word.text);
  const name = programName(program);
  if (name === 'biome' && !/^(lint|check|ci)$/.test(verb ?? '')) return undefined;
  return name === 'eslint' || name === 'biome' || name === 'xo' || name === 'standard' ? name : undefined;
}

/** A gate looks: it mends nothing, leaves no cache in the tree, and asks for its own form of output. */
function withoutFixing(command: Command): Command {
  return withoutWords(
    command,
    (word, previous) =>
      /^--(fix|fix-dry-run|write|apply|apply-unsafe|unsafe|cache)$/.test(word) ||
      /^(--format|--fix-type|--reporter|--output-file|--cache-location|--cache-strategy|-o)(=|$)/.test(
        word,
      ) ||
      (word === '-f' && programName(command.words[0]?.text ?? '') === 'eslint') ||
      /^(-f|--format|--fix-type|--reporter|--output-file|--cache-location|--cache-strategy|-o)$/.test(
        previous,
      ),
  );
}

function linterGate(command: Command): Gate {
  const linter = linterOf(command) ?? 'eslint';
  return {
    spec: { name: 'lint', title: 'Lint', command: command.text, timeoutMs: defaultTimeoutMs.lint },
    run: async (context) => {
      if (context.repository.program(linter) === undefined) {
        return inconclusive(notInstalled(context.repository, installedAs[linter]));
      }
      if (linter === 'standard') {
        const run = await context.tools.shell(command.text, {
          timeoutMs: context.timeoutMs,
          maxOutputChars: 16_000_000,
        });
        return byExitCode(context, command.text, run);
      }
      return linter === 'biome' ? runBiome(context, command) : runEslint(context, command, linter);
    },
  };
}

async function runEslint(
  context: GateContext,
  command: Command,
  linter: 'eslint' | 'xo',
): Promise<GateOutcome> {
  const file = join(context.scratch, 'lint.json');
  const args = linter === 'eslint' ? ['--format', 'json', '--output-file', file] : ['--reporter', 'json'];
  const limits = { timeoutMs: context.timeoutMs, maxOutputChars: 64_000_000 };
  const run = await context.tools.shell(withArguments(command, args), limits);
  if (run.broken !== undefined) return inconclusive(`${sentence(run.broken)}.`, run.output, run.exitCode);
  if (run.exitCode !== 0 && run.exitCode !== 1) return crashed(linter, run);
  const report = linter === 'eslint' ? ((await readReportFile(file, [context.scratch])) ?? '') : run.stdout;
  const problems = parseEslintJson(report, context.toTreePath);
  if (problems === undefined) return crashed(linter, run);
  return conclude(command, withBlockingWarnings(problems, run), run);
}

/** With `--max-warnings` a linter that found no error can still refuse: then the warnings are what blocks. */
function withBlockingWarnings(problems: readonly Problem[], run: ToolRun): Problem[] {
  const isRefused = run.exitCode !== 0 && !problems.some((problem) => problem.severity === 'error');
  return problems.map((problem) =>
    isRefused && problem.severity === 'warning' ? { ...problem, severity: 'error' } : problem,
  );
}

async function runBiome(context: GateContext, command: Command): Promise<GateOutcome> {
  const major = Number((context.repository.installed('@biomejs/biome') ?? '2').split('.')[0]);
  const args = ['--reporter=json', `--max-diagnostics=${major >= 2 ? 'none' : '200'}`];
  const limits = { timeoutMs: context.timeoutMs, maxOutputChars: 64_000_000 };
  const run = await context.tools.shell(withArguments(command, args), limits);
  if (run.broken !== undefined) return inconclusive(`${sentence(run.broken)}.`, run.output, run.exitCode);
  const report = parseBiomeJson(run.stdout, context.toTreePath);
  if (report === undefined || (run.exitCode !== 0 && report.problems.length === 0))
    return crashed('biome', run);
  return {
    ...conclude(command, withBlockingWarnings(report.problems, run), run),
    omitted: report.notPrinted,
  };
}

function conclude(command: Command, problems: readonly Problem[], run: ToolRun): GateOutcome {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.length - errors;
  const isClean = run.exitCode === 0 && errors === 0;
  const summary = [errors > 0 && count(errors, 'error'), warnings > 0 && count(warnings, 'warning')]
    .filter(Boolean)
    .join(' and ');
  return {
    verdict: isClean ? 'passed' : 'failed',
    reason: `\`${command.text}\` found ${summary === '' ? 'nothing' : summary}.`,
    exitCode: run.exitCode,
    problems,
    comparable: true,
    output: problems.slice(0, 50).map(line).join('\n') || run.stderr,
  };
}

function line({ file, range, severity, message, rule }: Problem): string {
  return `${file ?? ''}:${range?.startLine ?? 1}:${range?.startColumn ?? 1}: ${severity}: ${message} (${rule ?? ''})`;
}

function crashed(linter: string, run: ToolRun): GateOutcome {
  const reason = `${linter} broke (exit code ${run.exitCode ?? 'none'}): ${tellingLine(run.stderr || run.output)}`;
  return inconclusive(reason, run.output, run.exitCode);
}

function scriptedLint(repository: Repository): Gate {
  const command = scriptLine(repository, 'lint');
  return {
    spec: { name: 'lint', title: 'Lint', command, timeoutMs: defaultTimeoutMs.lint },
    run: async (context) => {
      const run = await runScript(context, 'lint');
      return isOutcome(run) ? run : byExitCode(context, command, run);
    },
  };
}
