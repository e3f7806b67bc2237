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
import { parsePrettierCheck } from './parsers/prettierCheck';
import type { Repository } from './repository';
import { expandScript, programName, splitScript, withArguments, withoutWords, type Command } from './script';
import { count, notInstalled, sentence, tellingLine } from './scriptGate';
import type { ToolRun } from './toolBench';

const prettierConfigs = [/^\.prettierrc(\.|$)/, /^prettier\.config\.[cm]?[jt]s$/];
const scripts = [
  'format:check',
  'check-format',
  'check:format',
  'prettier:check',
  'fmt:check',
  'format',
  'prettier',
  'fmt',
  'lint',
];

/** `format`: whether files are as the repository's formatter would write them; nothing is written. */
export function detectFormat(repository: Repository): Detected {
  const scripted = scripts
    .flatMap((script) => expandScript(repository, script) ?? [])
    .find((command) => programName(command.words[0]?.text ?? '') === 'prettier');
  const config =
    repository.first(prettierConfigs) ??
    (repository.hasKey('prettier') ? '`prettier` in package.json' : undefined);
  const isPrettier = scripted !== undefined || config !== undefined;
  if (isPrettier && (repository.declares('prettier') || repository.program('prettier') !== undefined)) {
    return prettierGate(scripted);
  }
  const biome = repository.first(['biome.json', 'biome.jsonc']);
  if (biome !== undefined && repository.declares('@biomejs/biome')) return biomeFormat(repository, biome);
  const reason = isPrettier
    ? `${config ?? 'a script'} asks for prettier, but prettier is neither a dependency nor installed`
    : 'neither Prettier nor Biome is configured';
  return { name: 'format', reason };
}

function biomeFormat(repository: Repository, config: string): Detected {
  if (/"formatter"\s*:\s*\{[^}]*"enabled"\s*:\s*false/.test(repository.text(config) ?? '')) {
    return { name: 'format', reason: `${config} turns the formatter off` };
  }
  const command = splitScript('biome format .')?.[0];
  if (command === undefined) return { name: 'format', reason: 'Biome has no command' };
  return {
    spec: { name: 'format', title: 'Format', command: command.text, timeoutMs: defaultTimeoutMs.format },
    run: async (context) => {
      if (context.repository.program('biome') === undefined)
        return inconclusive(notInstalled(context.repository, '@biomejs/biome'));
      return runBiome(context, command);
    },
  };
}

async function runBiome(context: GateContext, command: Command): Promise<GateOutcome> {
  const major = Number((context.repository.installed('@biomejs/biome') ?? '2').split('.')[0]);
  const args = ['--reporter=json', `--max-diagnostics=${major >= 2 ? 'none' : '200'}`];
  const run = await context.tools.shell(withArguments(command, args), {
    timeoutMs: context.timeoutMs,
    maxOutputChars: 64_000_000,
  });
  if (run.broken !== undefined) return inconclusive(`${sentence(run.broken)}.`, run.output, run.exitCode);
  const report = parseBiomeJson(run.stdout, context.toTreePath);
  if (report === undefined || (run.exitCode !== 0 && report.problems.length === 0)) {
    return inconclusive(
      `biome broke (exit code ${run.exitCode ?? 'none'}): ${tellingLine(run.stderr)}`,
      run.output,
      run.exitCode,
    );
  }
  return { ...conclude(command.text, report.problems, run), omitted: report.notPrinted };
}

function prettierGate(scripted: Command | undefined): Gate {
  const line = prettierLine(scripted);
  return {
    spec: { name: 'format', title: 'Format', command: line, timeoutMs: defaultTimeoutMs.format },
    run: async (context) => {
      if (context.repository.program('prettier') === undefined)
        return inconclusive(notInstalled(context.repository, 'prettier'));
      const run = await context.tools.shell(line, {
        timeoutMs: context.timeoutMs,
        maxOutputChars: 16_000_000,
      });
      return concludePrettier(context, line, run);
    },
  };
}

/** The files a script formats, checked instead of written; without such a script the whole tree. */
function prettierLine(scripted: Command | undefined): string {
  if (scripted === undefined) return 'prettier --check .';
  const plain = withoutWords(
    scripted,
    (word, previous) =>
      /^(--write|-w|--check|-c|--list-different|-l|--cache|--log-?level(=.*)?)$/.test(word) ||
      /^--log-?level$/.test(previous),
  );
  return withArguments(plain, plain.words.length === 1 ? ['--check', '.'] : ['--check']);
}

function concludePrettier(context: GateContext, line: string, run: ToolRun): GateOutcome {
  if (run.broken !== undefined) return inconclusive(`${sentence(run.broken)}.`, run.output, run.exitCode);
  const { problems, broken, concluded } = parsePrettierCheck(run.output, context.toTreePath);
  if (broken[0] !== undefined) return inconclusive(`prettier broke: ${broken[0]}`, run.output, run.exitCode);
  if (!concluded || (run.exitCode !== 0 && problems.length === 0)) {
    return inconclusive(
      `prettier ended with exit code ${run.exitCode ?? 'none'} without a result: ${tellingLine(run.output)}`,
      run.output,
      run.exitCode,
    );
  }
  return conclude(line, problems, run);
}

function conclude(line: string, problems: readonly Problem[], run: ToolRun): GateOutcome {
  const files = new Set(problems.map((problem) => problem.file)).size;
  return {
    verdict: run.exitCode === 0 ? 'passed' : 'failed',
    reason:
      problems.length === 0
        ? `\`${line}\` found every file formatted.`
        : `\`${line}\` found ${count(files, 'file')} to format.`,
    exitCode: run.exitCode,
    problems,
    comparable: !run.truncated,
    output: run.output,
  };
}
