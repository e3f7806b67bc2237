import { join } from 'node:path';
import { defaultTimeoutMs, inconclusive, type Gate, type GateContext, type GateOutcome } from './gate';
import { parseJUnit } from './parsers/junit';
import { byExitCode, count } from './scriptGate';
import { readReportFile } from './reportFile';
import type { ToolRun } from './toolBench';

/** A check that a repository's configuration adds: a shell line that succeeds or does not. */
export interface CommandGate {
  readonly name: string;
  readonly command: string;
  readonly timeoutMs?: number;
  /** A JUnit report the command writes, relative to the tree: then its tests are counted and its failures are findings. */
  readonly junit?: string;
}

export function commandGate({
  name,
  command,
  timeoutMs = defaultTimeoutMs.custom,
  junit,
}: CommandGate): Gate {
  return {
    spec: { name, title: name, command, timeoutMs },
    run: async (context) => {
      const run = await context.tools.shell(command, { timeoutMs: context.timeoutMs });
      if (junit === undefined) return byExitCode(context, command, run);
      return byJUnit(context, command, run, join(context.repository.root, junit));
    },
  };
}

/** The verdict of a command that wrote a JUnit report: the report and the exit code must agree. */
export async function byJUnit(
  context: GateContext,
  command: string,
  run: ToolRun,
  path: string,
): Promise<GateOutcome> {
  const plain = byExitCode(context, command, run);
  if (plain.verdict === 'inconclusive') return plain;
  const report = parseJUnit(
    (await readReportFile(path, [context.scratch, context.repository.root])) ?? '',
    context.toTreePath,
  );
  if (report === undefined) {
    const reason = `\`${command}\` ended with exit code ${run.exitCode ?? 'none'} without a JUnit report.`;
    return inconclusive(reason, run.output, run.exitCode);
  }
  const { passed, failed, skipped } = report;
  const tests = { passed, failed, skipped };
  const unloaded = report.problems.length - failed;
  if (passed + failed + unloaded === 0)
    return { ...inconclusive('No test was run.', run.output, run.exitCode), tests };
  if (failed + unloaded === 0)
    return {
      ...plain,
      tests,
      reason: run.exitCode === 0 ? `${count(passed, 'test')} passed.` : plain.reason,
    };
  const reason = [
    ...(unloaded > 0 ? [`${count(unloaded, 'test file')} could not be loaded`] : []),
    passed + failed === 0 ? 'no test was run' : `${count(failed, 'test')} failed, ${passed} passed`,
  ].join('; ');
  // Two trees in which no test ran are not equally good: nothing is known of either.
  const comparable = passed + failed > 0;
  return { ...plain, verdict: 'failed', reason: `${reason}.`, problems: report.problems, comparable, tests };
}
