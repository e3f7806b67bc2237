import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GateAbsence, GateResult } from '../../core/model/gate';
import type { DetectedGates, GateRunner, TreeToCheck } from '../../core/ports';
import { detectAudit } from './auditGate';
import { detectBuild } from './buildGate';
import { commandGate, type CommandGate } from './commandGate';
import { toFindings } from './findings';
import { detectFormat } from './formatGate';
import { inconclusive, isGate, skipped, type Detected, type Gate, type GateOutcome } from './gate';
import { detectLint } from './lintGate';
import { removeTree } from '../process/removeTree';
import type { Sandbox } from '../process/sandbox';
import { otherLanguageTests } from './otherLanguages';
import { readRepository, type Repository } from './repository';
import { secretsGate } from './secretsGate';
import { detectTests } from './testsGate';
import { createToolBench } from './toolBench';
import { detectTypes } from './typesGate';
import { treePathsOf } from './treePaths';

export interface GateRunnerOptions {
  /** Arguments for Node that start the secret scanner: the path of `secretsChild.js`. */
  readonly secretsChild: readonly string[];
  /** Where tools write their reports; what a killed engine leaves there is for its owner to sweep. Default: the system's temporary folder. */
  readonly scratchFolder?: string;
  /** Names of gates that are not wanted here. */
  readonly disable?: readonly string[];
  /** Checks of the repository's own, by exit code. */
  readonly commands?: readonly CommandGate[];
  /** Milliseconds by gate, instead of the defaults. */
  readonly timeoutMs?: Readonly<Record<string, number>>;
  /** What everything of the repository runs in. Absent: nothing is confined. */
  readonly sandbox?: Sandbox | undefined;
  /** What the tools should find in their environment beyond the usual. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Characters of the output that a result keeps. */
const tailChars = 8000;

/** Finds and runs the quality checks of a tree. Everything that runs is the repository's own, except the secret scanner. */
export function createGateRunner(options: GateRunnerOptions): GateRunner {
  return {
    detect: (path) => Promise.resolve(describe(detectAll(readRepository(path), options))),
    run: async (gate, tree, signal) => {
      const startedAt = performance.now();
      const repository = readRepository(tree.path);
      const { gates, absent } = detectAll(repository, options);
      const found = gates.find((one) => one.spec.name === gate);
      const outcome = found ? await runGate(found, repository, tree, signal, options) : notHere(gate, absent);
      return toResult(gate, found?.spec.command ?? '', outcome, performance.now() - startedAt);
    },
  };
}

function detectAll(
  repository: Repository,
  options: GateRunnerOptions,
): { gates: Gate[]; absent: GateAbsence[] } {
  const candidates: Detected[] = [
    ...(repository.manifest ? javascriptGates(repository) : otherGates(repository)),
    secretsGate(options.secretsChild),
    ...(options.commands ?? []).map(commandGate),
  ];
  const wanted = candidates.map((candidate) => withOptions(candidate, options));
  return { gates: wanted.filter(isGate), absent: wanted.flatMap((one) => (isGate(one) ? [] : one)) };
}

function javascriptGates(repository: Repository): Detected[] {
  return [detectTypes, detectLint, detectFormat, detectTests, detectBuild, detectAudit].map((detect) =>
    detect(repository),
  );
}

function otherGates(repository: Repository): Detected[] {
  const reason = repository.manifestProblem ?? 'there is no package.json';
  const absent = ['types', 'lint', 'format', 'build', 'audit'].map((name): Detected => ({ name, reason }));
  return [...absent, otherLanguageTests(repository)];
}

function withOptions(candidate: Detected, options: GateRunnerOptions): Detected {
  const name = isGate(candidate) ? candidate.spec.name : candidate.name;
  if (options.disable?.includes(name)) return { name, reason: 'turned off in the configuration' };
  const timeoutMs = options.timeoutMs?.[name];
  if (!isGate(candidate) || timeoutMs === undefined) return candidate;
  return { ...candidate, spec: { ...candidate.spec, timeoutMs } };
}

function describe({ gates, absent }: { gates: Gate[]; absent: GateAbsence[] }): DetectedGates {
  return { gates: gates.map((gate) => gate.spec), absent };
}

/** A gate that stood in the plan and is gone from the tree has not passed: somebody took it away. */
function notHere(gate: string, absent: readonly GateAbsence[]): GateOutcome {
  const reason = absent.find((one) => one.name === gate)?.reason ?? 'there is no gate of this name';
  return inconclusive(`The gate \`${gate}\` does not apply to this tree: ${reason}.`);
}

async function scratchFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(await realpath(parent), 'enterprise-gate-'));
}

async function runGate(
  gate: Gate,
  repository: Repository,
  { runId, changed }: TreeToCheck,
  signal: AbortSignal,
  options: GateRunnerOptions,
): Promise<GateOutcome> {
  if (signal.aborted) return inconclusive('It was stopped before it began.');
  if (changed?.length === 0) return skipped('Nothing has changed.');
  const scratch = await scratchFolder(options.scratchFolder ?? tmpdir());
  const { command, timeoutMs } = gate.spec;
  const tools = createToolBench(
    repository.root,
    { runId, scratch, command, extra: options.env ?? {}, sandbox: options.sandbox },
    signal,
  );
  try {
    const toTreePath = treePathsOf(repository.root);
    const outcome = await gate.run({ runId, repository, changed, tools, toTreePath, scratch, timeoutMs });
    return withHindrances(outcome, tools.hindrances());
  } finally {
    await removeTree(scratch);
  }
}

/** A check that is red must say so when the sandbox may be why. */
function withHindrances(outcome: GateOutcome, hindrances: readonly string[]): GateOutcome {
  if (outcome.verdict === 'passed' || outcome.verdict === 'skipped' || hindrances.length === 0)
    return outcome;
  return { ...outcome, reason: [outcome.reason, ...hindrances].join(' ') };
}

function toResult(gate: string, command: string, outcome: GateOutcome, durationMs: number): GateResult {
  const { findings, truncated } = toFindings(gate, outcome.problems);
  return {
    gate,
    command,
    verdict: outcome.verdict,
    reason: outcome.reason,
    durationMs,
    exitCode: outcome.exitCode,
    findings,
    truncated: truncated + (outcome.omitted ?? 0),
    comparable: outcome.comparable,
    ...(outcome.tests && { tests: outcome.tests }),
    ...(outcome.coverage && { coverage: outcome.coverage }),
    outputTail: outcome.output.slice(-tailChars),
  };
}
