import * as z from 'zod';
import { childEnvironment } from '../process/childEnvironment';
import { nodeCommand } from '../process/nodeCommand';
import { runProcess } from '../process/run';
import { defaultTimeoutMs, inconclusive, type Gate, type GateContext, type GateOutcome } from './gate';
import { between, type Problem } from './findings';
import { jsonOf } from './parsers/eslintJson';
import { count } from './scriptGate';
import { trackedFiles } from './trackedFiles';

/** One line that the scanner prints: a secret it found (never the secret itself), or the end. */
export const secretsLineSchema = z.union([
  z.object({
    file: z.string(),
    rule: z.string(),
    message: z.string(),
    line: z.number(),
    column: z.number(),
    endLine: z.number(),
    endColumn: z.number(),
    /** A short digest that tells two secrets of a file apart. It stays inside the fingerprint's own digest. */
    digest: z.string(),
  }),
  z.object({
    done: z.object({ scanned: z.number(), binary: z.number(), large: z.number(), unreadable: z.number() }),
  }),
]);
export type SecretsLine = z.infer<typeof secretsLineSchema>;

/** `secrets`: credentials in the text files of any repository, found by secretlint's recommended rules in a child process. */
export function secretsGate(child: readonly string[]): Gate {
  const command = 'secretlint (built in, recommended rules)';
  return {
    spec: { name: 'secrets', title: 'Secret scan', command, timeoutMs: defaultTimeoutMs.secrets },
    run: (context) => scan(context, child),
  };
}

async function scan(context: GateContext, child: readonly string[]): Promise<GateOutcome> {
  const { root } = context.repository;
  const files = context.changed ?? (await trackedFiles(root, context.runId, context.tools.signal));
  if (files === undefined) return inconclusive('git could not list the files of this folder.');
  const node = nodeCommand();
  const run = await runProcess({
    file: node.file,
    args: child,
    cwd: root,
    env: childEnvironment({ runId: context.runId, extra: node.env }),
    input: JSON.stringify({ root, files }),
    timeoutMs: context.timeoutMs,
    maxOutputChars: 32_000_000,
    signal: context.tools.signal,
  });
  if (run.timedOut || run.aborted)
    return inconclusive(`The secret scan ${run.timedOut ? 'took too long and ' : ''}was stopped.`);
  const lines = run.stdout
    .split('\n')
    .flatMap((line) => secretsLineSchema.safeParse(jsonOf(line)).data ?? []);
  const end = lines.find((line) => 'done' in line)?.done;
  if (run.exitCode !== 0 || end === undefined) {
    return inconclusive(
      `The secret scanner broke (exit code ${run.exitCode ?? 'none'}).`,
      run.stderr,
      run.exitCode,
    );
  }
  return conclude(lines.flatMap(toProblem), end, run.exitCode);
}

function toProblem(line: SecretsLine): Problem[] {
  if ('done' in line) return [];
  return [
    {
      file: line.file,
      range: between(line.line, line.column, line.endLine, line.endColumn),
      severity: 'error',
      rule: line.rule,
      message: line.message,
      identity: JSON.stringify([line.file, line.rule, line.digest]),
    },
  ];
}

type End = Extract<SecretsLine, { done: unknown }>['done'];

function conclude(problems: readonly Problem[], end: End, exitCode: number): GateOutcome {
  const left = [
    end.binary > 0 && `${end.binary} binary`,
    end.large > 0 && `${end.large} over 1 MB`,
    end.unreadable > 0 && `${end.unreadable} unreadable`,
  ].filter(Boolean);
  const scope = `${count(end.scanned, 'file')} scanned${left.length > 0 ? `; left out: ${left.join(', ')}` : ''}.`;
  const found = problems.length === 0 ? 'No secret found' : `${count(problems.length, 'secret')} found`;
  return {
    verdict: problems.length === 0 ? 'passed' : 'failed',
    reason: `${found}; ${scope}`,
    exitCode,
    problems,
    comparable: true,
    output: problems
      .map(({ file, range, message }) => `${file ?? ''}:${range?.startLine ?? 1}: ${message}`)
      .join('\n'),
  };
}
