import * as z from 'zod';

export const verdictSchema = z.enum(['passed', 'failed', 'inconclusive', 'skipped']);
export type Verdict = z.infer<typeof verdictSchema>;

/** Lines and columns count from 1; the end is exclusive in columns, inclusive in lines. */
export const rangeSchema = z.object({
  startLine: z.number().int().positive(),
  startColumn: z.number().int().positive(),
  endLine: z.number().int().positive(),
  endColumn: z.number().int().positive(),
});
export type Range = z.infer<typeof rangeSchema>;

export const findingSchema = z.object({
  gate: z.string(),
  /** Relative to the root of the tree, with `/`; absent when the problem belongs to no file. */
  file: z.string().optional(),
  range: rangeSchema.optional(),
  severity: z.enum(['error', 'warning', 'info']),
  rule: z.string().optional(),
  message: z.string(),
  /**
   * The same for the same problem in two trees, although lines moved: a digest of gate, file, rule, message without
   * numbers of lines, and the ordinal among equals.
   */
  fingerprint: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** A check that applies to a repository, as detected or configured. */
export const gateSpecSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Exactly what will be run, for a person to read; shown before anything runs. */
  command: z.string(),
  timeoutMs: z.number().int().positive(),
});
export type GateSpec = z.infer<typeof gateSpecSchema>;

/** A check that was looked for and does not apply, with the reason ("no script `build` in package.json"). */
export const gateAbsenceSchema = z.object({ name: z.string(), reason: z.string() });
export type GateAbsence = z.infer<typeof gateAbsenceSchema>;

export const coverageSchema = z.object({
  /** Covered and total lines; `byFile` relative to the root of the tree. */
  covered: z.number().int(),
  total: z.number().int(),
  byFile: z.array(z.object({ file: z.string(), covered: z.number().int(), total: z.number().int() })),
});
export type Coverage = z.infer<typeof coverageSchema>;

/** What a gate saw in one tree, before any comparison. */
export const gateResultSchema = z.object({
  gate: z.string(),
  command: z.string(),
  verdict: verdictSchema,
  /** One sentence: why this verdict. */
  reason: z.string(),
  durationMs: z.number(),
  exitCode: z.number().nullable(),
  findings: z.array(findingSchema),
  /** Findings left out of `findings` because there were too many. */
  truncated: z.number().int().nonnegative(),
  /** True when `findings` lists what made the tool fail; false when only its exit code is known. */
  comparable: z.boolean(),
  /** Tests that ran, where the tool says so. */
  tests: z.object({ passed: z.number(), failed: z.number(), skipped: z.number() }).optional(),
  coverage: coverageSchema.optional(),
  /** The end of what the tool printed. */
  outputTail: z.string(),
});
export type GateResult = z.infer<typeof gateResultSchema>;

/** A gate's result judged against the baseline: only new findings block. */
export const judgementSchema = z.object({
  verdict: verdictSchema,
  reason: z.string(),
  newFindings: z.array(findingSchema),
  baselineFindings: z.number().int().nonnegative(),
});
export type Judgement = z.infer<typeof judgementSchema>;

/** Compares what a gate saw in a tree with what it saw in the base tree. Absent baseline: every finding is new. */
export function judge(result: GateResult, baseline?: GateResult): Judgement {
  if (result.verdict === 'skipped' || result.verdict === 'inconclusive') {
    return { verdict: result.verdict, reason: result.reason, newFindings: [], baselineFindings: 0 };
  }
  const known = new Set(baseline?.findings.map((finding) => finding.fingerprint));
  const fresh = result.findings.filter((finding) => !known.has(finding.fingerprint));
  const newFindings = fresh.filter((finding) => finding.severity === 'error');
  const baselineFindings = result.findings.length - fresh.length;
  if (result.verdict === 'passed') {
    return {
      verdict: 'passed',
      reason: `${result.reason}${fewerTests(result, baseline)}`,
      newFindings: [],
      baselineFindings,
    };
  }
  const incomparable = !result.comparable || result.truncated > 0 || (baseline?.truncated ?? 0) > 0;
  if (baseline?.verdict === 'failed' && newFindings.length === 0) {
    if (!incomparable && baseline.comparable) {
      const reason = `nothing new; ${baselineFindings} known before the run${fewerTests(result, baseline)}`;
      return { verdict: 'passed', reason, newFindings, baselineFindings };
    }
    const reason = `\`${result.command}\` failed before the run too, and its output cannot be compared problem by problem`;
    return { verdict: 'inconclusive', reason, newFindings: [], baselineFindings };
  }
  if (baseline?.verdict === 'inconclusive') {
    const reason = `there is no baseline to compare with: ${baseline.reason}`;
    return { verdict: 'inconclusive', reason, newFindings, baselineFindings: 0 };
  }
  return { verdict: 'failed', reason: result.reason, newFindings, baselineFindings };
}

/** A tree can be made green by taking tests away: whoever reads the verdict is told. */
function fewerTests({ tests }: GateResult, baseline: GateResult | undefined): string {
  const fewer = (baseline?.tests?.passed ?? 0) - (tests?.passed ?? Infinity);
  if (fewer <= 0) return '';
  return ` (${fewer} fewer ${fewer === 1 ? 'test passes' : 'tests pass'} than before the run)`;
}
