import { join } from 'node:path';
import type { Repository } from './repository';
import { jsonReport, type ReportReader } from './testReports';
import { programName, withArguments, withoutWords, type Command, type Word } from './script';

export type RunnerName = 'vitest' | 'jest' | 'mocha' | 'ava' | 'tap' | 'node --test';

/** One command of a test script whose runner we know how to ask for a structured report. */
export interface RunnerCommand {
  readonly runner: RunnerName;
  readonly command: Command;
  /** Where the runner's name stands; its options go behind it. */
  readonly word: Word;
  /** A coverage tool in front of it. */
  readonly wrapper?: { readonly name: 'c8' | 'nyc'; readonly word: Word };
}

export interface PreparedRunner {
  readonly line: string;
  readonly report: ReportReader;
  /** An LCOV file that the run may leave. */
  readonly lcov?: string;
  /** Coverage was asked for by us, not by the repository. */
  readonly addsCoverage: boolean;
  readonly coverageAbsent?: string;
}

export interface PrepareOptions {
  readonly repository: Repository;
  /** An empty folder for reports. */
  readonly folder: string;
  /** Whether to measure coverage where the script itself does not. */
  readonly coverage: boolean;
  /** Version of the Node that runs the tests. */
  readonly nodeMajor: number;
}

const known: ReadonlySet<string> = new Set(['vitest', 'jest', 'mocha', 'ava', 'tap']);

export function recognise(command: Command): RunnerCommand | undefined {
  const [first] = command.words;
  if (first === undefined) return undefined;
  const name = programName(first.text);
  if (name !== 'c8' && name !== 'nyc') return runnerAt(command, 0);
  const at = command.words.findIndex((_, index) => index > 0 && runnerAt(command, index) !== undefined);
  const inner = at < 0 ? undefined : runnerAt(command, at);
  return inner && { ...inner, wrapper: { name, word: first } };
}

function runnerAt(command: Command, index: number): RunnerCommand | undefined {
  const word = command.words[index];
  if (word === undefined) return undefined;
  const name = programName(word.text);
  if (known.has(name)) return { runner: name as RunnerName, command, word };
  if (name !== 'node' && name !== 'tsx') return undefined;
  const rest = command.words.slice(index + 1);
  const flag = rest.find((one) => one.text === '--test');
  if (flag) return { runner: 'node --test', command, word: flag };
  const script = rest.find((one) => !one.text.startsWith('-'));
  const inner = script && /node_modules/.test(script.text) ? programName(script.text) : '';
  return script && known.has(inner) ? { runner: inner as RunnerName, command, word: script } : undefined;
}

/** The command with what makes its runner write a report we can read, and coverage where that needs no new dependency. */
export function prepare(found: RunnerCommand, options: PrepareOptions): PreparedRunner {
  const reports = { json: join(options.folder, 'report.json'), tap: join(options.folder, 'report.tap') };
  const lcovFolder = join(options.folder, 'coverage');
  const lcov = join(lcovFolder, 'lcov.info');
  const cleaned = withoutOwnReporters(found);
  const wrapperArgs = found.wrapper && [
    '--reporter=lcovonly',
    `${found.wrapper.name === 'c8' ? '--reports-dir' : '--report-dir'}=${lcovFolder}`,
  ];
  const prepared = ((): Omit<PreparedRunner, 'addsCoverage'> & { own?: boolean } => {
    switch (found.runner) {
      case 'vitest':
        return vitest(cleaned, reports.json, lcovFolder, options);
      case 'jest':
        return jest(cleaned, reports.json, lcovFolder, options);
      case 'node --test':
        return nodeTest(cleaned, reports.tap, lcov, options);
      case 'mocha':
        return plain(
          cleaned,
          ['--reporter', 'json', '--reporter-option', `output=${reports.json}`],
          jsonReport('mocha', reports.json),
        );
      case 'tap':
        return plain(cleaned, [`--output-file=${reports.tap}`], { kind: 'tap', path: reports.tap });
      case 'ava':
        return plain(cleaned, ['--tap'], { kind: 'tap' });
    }
  })();
  const { own = false, ...rest } = prepared;
  if (!found.wrapper || !wrapperArgs) return { lcov, addsCoverage: own, ...rest };
  const { coverageAbsent: _, ...measured } = rest;
  return { ...measured, line: insert(rest.line, found, cleaned, wrapperArgs), lcov, addsCoverage: false };
}

/** Options of another report, of watching, and of where the wrapper writes would contradict ours. */
function withoutOwnReporters({ command, runner, wrapper }: RunnerCommand): RunnerCommand {
  const again = withoutWords(
    command,
    (word, previous) =>
      /^--(watch|watchAll|watch-all|ui|silent=false)$/.test(word) ||
      /^--(test-reporter|test-reporter-destination|outputFile|reports-dir|report-dir)(=|$)/.test(word) ||
      /^--(test-reporter|test-reporter-destination|outputFile|reports-dir|report-dir)$/.test(previous) ||
      (runner !== 'node --test' &&
        wrapper === undefined &&
        (/^(--reporter|-R)(=|$)/.test(word) || /^(--reporter|-R)$/.test(previous))),
  );
  return recognise(again) ?? { command, runner, word: command.words[0] ?? { text: '', start: 0, end: 0 } };
}

function plain({ command, runner }: RunnerCommand, args: readonly string[], report: ReportReader) {
  const coverageAbsent = `${runner} measures coverage only with c8 or nyc, and its script uses neither`;
  return { line: withArguments(command, args), report, coverageAbsent };
}

function vitest(
  { command }: RunnerCommand,
  report: string,
  folder: string,
  { coverage, repository }: PrepareOptions,
) {
  const provider = ['@vitest/coverage-v8', '@vitest/coverage-istanbul'].some(
    (name) => repository.installed(name) !== undefined,
  );
  const scripted = command.words.some((word) => /^--coverage(\.enabled)?(=true)?$/.test(word.text));
  const measures = provider && (scripted || coverage);
  const measuring = [
    '--coverage.enabled',
    '--coverage.reporter=lcovonly',
    `--coverage.reportsDirectory=${folder}`,
  ];
  const isRun = command.words.some((word) => /^(run|--run)$/.test(word.text));
  const args = [
    ...(isRun ? [] : ['--run']),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  return {
    line: withArguments(command, [...args, ...(measures ? measuring : [])]),
    report: jsonReport('jest', report),
    own: measures && !scripted,
    ...(!provider && { coverageAbsent: 'no coverage provider of vitest is installed' }),
  };
}

function jest({ command }: RunnerCommand, report: string, folder: string, { coverage }: PrepareOptions) {
  const scripted = command.words.some((word) => /^--coverage(=true)?$|^--collectCoverage/.test(word.text));
  const own = coverage && !scripted;
  const measuring = [
    ...(own ? ['--coverage', '--coverageThreshold={}'] : []),
    '--coverageReporters=lcovonly',
    `--coverageDirectory=${folder}`,
  ];
  const args = [
    '--ci',
    '--json',
    `--outputFile=${report}`,
    '--testLocationInResults',
    ...(scripted || own ? measuring : []),
  ];
  return { line: withArguments(command, args), report: jsonReport('jest', report), own };
}

function nodeTest(
  { command, word, wrapper }: RunnerCommand,
  report: string,
  lcov: string,
  options: PrepareOptions,
) {
  const destination = (reporter: string, path: string) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${path}`,
  ];
  const canMeasure = options.nodeMajor >= 22;
  const scripted = command.words.some((one) => one.text === '--experimental-test-coverage');
  const own = options.coverage && canMeasure && !scripted && wrapper === undefined;
  const args = [
    ...destination('spec', 'stdout'),
    ...destination('tap', report),
    ...(own ? ['--experimental-test-coverage'] : []),
    ...(own || (scripted && canMeasure) ? destination('lcov', lcov) : []),
  ];
  return {
    line: withArguments(command, args, word),
    report: { kind: 'tap', path: report } as const,
    own,
    ...(!canMeasure && {
      coverageAbsent: `Node ${options.nodeMajor} does not write coverage of its test runner as LCOV`,
    }),
  };
}

/** Puts the wrapper's options behind the wrapper's name in a line that was already extended behind it. */
function insert(line: string, found: RunnerCommand, cleaned: RunnerCommand, args: readonly string[]): string {
  const end = cleaned.wrapper?.word.end ?? found.wrapper?.word.end ?? 0;
  return [line.slice(0, end), ...args].join(' ') + line.slice(end);
}
