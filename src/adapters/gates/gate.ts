import type { GateAbsence, GateResult, GateSpec } from '../../core/model/gate';
import type { Problem } from './findings';
import type { Repository } from './repository';
import type { ToolBench } from './toolBench';
import type { TreePath } from './treePaths';

/** What a gate is given when it runs. */
export interface GateContext {
  /** Every process a gate starts carries it. */
  readonly runId: string;
  readonly repository: Repository;
  /** Paths that differ from the base, relative to the root with `/`; undefined: look at everything. */
  readonly changed: readonly string[] | undefined;
  readonly tools: ToolBench;
  readonly toTreePath: TreePath;
  /** An empty folder outside the tree for reports; removed afterwards. */
  readonly scratch: string;
  readonly timeoutMs: number;
}

/** What a gate concludes; the runner adds its name, the time, fingerprints and bounds. */
export interface GateOutcome {
  readonly verdict: GateResult['verdict'];
  /** One sentence. */
  readonly reason: string;
  readonly exitCode: number | null;
  readonly problems: readonly Problem[];
  /** Problems the tool itself left out. */
  readonly omitted?: number;
  readonly comparable: boolean;
  readonly tests?: GateResult['tests'];
  readonly coverage?: GateResult['coverage'];
  readonly output: string;
}

export interface Gate {
  readonly spec: GateSpec;
  run(context: GateContext): Promise<GateOutcome>;
}

/** A gate, or why there is none. */
export type Detected = Gate | GateAbsence;

export function isGate(detected: Detected): detected is Gate {
  return 'spec' in detected;
}

export function inconclusive(reason: string, output = '', exitCode: number | null = null): GateOutcome {
  return { verdict: 'inconclusive', reason, exitCode, problems: [], comparable: false, output };
}

export function skipped(reason: string): GateOutcome {
  return { verdict: 'skipped', reason, exitCode: null, problems: [], comparable: true, output: '' };
}

const minute = 60_000;

/** How long a gate may take unless configured: a hung tool must not hold a run for ever, a slow suite must fit. */
export const defaultTimeoutMs = {
  types: 10 * minute,
  lint: 10 * minute,
  format: 5 * minute,
  tests: 20 * minute,
  build: 15 * minute,
  audit: 2 * minute,
  secrets: 5 * minute,
  custom: 10 * minute,
} as const;
