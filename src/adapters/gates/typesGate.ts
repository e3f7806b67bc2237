import { join } from 'node:path';
import { parseTsconfig, type TsConfigJsonResolved } from 'get-tsconfig';
import {
  defaultTimeoutMs,
  inconclusive,
  skipped,
  type Detected,
  type Gate,
  type GateContext,
  type GateOutcome,
} from './gate';
import { parseTsc } from './parsers/tsc';
import type { Repository } from './repository';
import { quoted, splitScript, withArguments } from './script';
import {
  byExitCode,
  count,
  isOutcome,
  notInstalled,
  placesIn,
  runScript,
  scriptLine,
  sentence,
} from './scriptGate';
import type { ToolRun } from './toolBench';

const scripts = ['typecheck', 'type-check', 'check-types', 'types:check', 'check:types', 'tsc'];
/** Files that the compiler never reads and that change no dependency. */
const foreign = /\.(md|mdx|markdown|txt|css|scss|less|html|png|jpe?g|gif|svg|ico|webp|avif|pdf|woff2?)$/i;

/** `types`: the repository's own type check, by its script or with its own compiler. */
export function detectTypes(repository: Repository): Detected {
  const script = scripts.find((name) => repository.script(name) !== undefined);
  if (script !== undefined) return scriptedTypes(repository, script);
  if (!repository.entries.has('tsconfig.json')) {
    return { name: 'types', reason: `there is no script ${list(scripts)} and no tsconfig.json at the root` };
  }
  if (!repository.declares('typescript') && repository.program('tsc') === undefined) {
    return {
      name: 'types',
      reason: 'tsconfig.json is there, but typescript is neither a dependency nor installed',
    };
  }
  return compilerGate(repository);
}

function scriptedTypes(repository: Repository, script: string): Gate {
  const [command, ...more] = splitScript(repository.script(script) ?? '') ?? [];
  const args = command?.words.map((word) => word.text) ?? [];
  if (
    command &&
    more.length === 0 &&
    args[0] === 'tsc' &&
    !args.some((arg) => /^(-b|--build|--noEmit|-w|--watch)$/.test(arg))
  ) {
    // The script would write its output; the check itself is the same without.
    const line = withArguments(command, ['--noEmit', '--pretty', 'false']);
    return gate(line, (context) => context.tools.shell(line, limits(context)));
  }
  const line = scriptLine(repository, script);
  return gate(line, (context) => runScript(context, script));
}

function compilerGate(repository: Repository): Gate {
  const commands = compilerArguments(repository);
  const line = commands.map((args) => ['tsc', ...args].map(quoted).join(' ')).join(' && ');
  const { spec } = gate(line, () => Promise.resolve(inconclusive('')));
  return {
    spec,
    run: async (context) => {
      if (context.changed?.every((path) => foreign.test(path)))
        return skipped('No file that the type checker reads has changed.');
      const program = context.repository.program('tsc');
      if (program === undefined) return inconclusive(notInstalled(context.repository, 'typescript'));
      const outcomes: GateOutcome[] = [];
      for (const args of commands) {
        const run = await context.tools.run(program, args, limits(context));
        outcomes.push(conclude(context, ['tsc', ...args].join(' '), run));
      }
      return worst(outcomes);
    },
  };
}

/** Arguments of each compiler run. A solution (only references) is built without output where the compiler can. */
function compilerArguments(repository: Repository): string[][] {
  const config = configOf(repository);
  const references = config?.references ?? [];
  const isSolution = references.length > 0 && (config?.files?.length === 0 || config?.include?.length === 0);
  if (!isSolution) return [['--noEmit', '--pretty', 'false', ...withoutBuildInfo(config)]];
  const [major = 0, minor = 0] = (repository.installed('typescript') ?? '0.0').split('.').map(Number);
  if (major > 5 || (major === 5 && minor >= 6)) return [['--build', '--noEmit', '--pretty', 'false']];
  return references.map(({ path }) => ['-p', path, '--noEmit', '--pretty', 'false']);
}

/**
 * An incremental compiler leaves its notes in the tree even when it emits nothing else. `composite` also implies
 * `declaration`, which `isolatedDeclarations` needs and which finds errors of its own: that stays.
 */
function withoutBuildInfo(config: TsConfigJsonResolved | undefined): string[] {
  if (config?.compilerOptions?.composite)
    return ['--composite', 'false', '--incremental', 'false', '--declaration', 'true'];
  return config?.compilerOptions?.incremental ? ['--incremental', 'false'] : [];
}

function configOf(repository: Repository): TsConfigJsonResolved | undefined {
  try {
    return parseTsconfig(join(repository.root, 'tsconfig.json'));
  } catch {
    return undefined; // The compiler will say what is wrong with it, better than we could.
  }
}

function gate(line: string, start: (context: GateContext) => Promise<ToolRun | GateOutcome>): Gate {
  return {
    spec: { name: 'types', title: 'Type check', command: line, timeoutMs: defaultTimeoutMs.types },
    run: async (context) => {
      const result = await start(context);
      return isOutcome(result) ? result : conclude(context, line, result);
    },
  };
}

function conclude(context: GateContext, line: string, run: ToolRun): GateOutcome {
  if (run.broken !== undefined) return inconclusive(`${sentence(run.broken)}.`, run.output, run.exitCode);
  const { problems, configuration } = parseTsc(run.output, context.toTreePath);
  if (configuration.length > 0 && run.exitCode !== 0) {
    return inconclusive(
      `The compiler does not accept its configuration: ${configuration[0] ?? ''}`,
      run.output,
      run.exitCode,
    );
  }
  if (run.exitCode === 0) return byExitCode(context, line, run);
  const found = problems.length > 0 ? problems : placesIn(context, run.output);
  const errors = found.filter((problem) => problem.severity === 'error').length;
  if (errors === 0) return byExitCode(context, line, run);
  return {
    verdict: 'failed',
    reason: `\`${line}\` found ${count(errors, 'type error')}.`,
    exitCode: run.exitCode,
    problems: found,
    comparable: !run.truncated,
    output: run.output,
  };
}

function worst(outcomes: readonly GateOutcome[]): GateOutcome {
  const broken = outcomes.find((outcome) => outcome.verdict === 'inconclusive');
  const [first] = outcomes;
  if (broken || first === undefined) return broken ?? inconclusive('tsconfig.json refers to no project.');
  const failed = outcomes.filter((outcome) => outcome.verdict === 'failed');
  if (failed.length === 0) return first;
  return {
    ...first,
    verdict: 'failed',
    reason: failed.map((outcome) => outcome.reason).join(' '),
    exitCode: failed[0]?.exitCode ?? null,
    problems: outcomes.flatMap((outcome) => outcome.problems),
    comparable: failed.every((outcome) => outcome.comparable),
    output: outcomes.map((outcome) => outcome.output).join('\n'),
  };
}

function limits(context: GateContext) {
  return { timeoutMs: context.timeoutMs, maxOutputChars: 16_000_000 };
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
