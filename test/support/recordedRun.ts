import type { NewEvent, StoredEvent } from '../../src/core/model/event';
import type { Finding, GateResult } from '../../src/core/model/gate';
import { judge } from '../../src/core/model/gate';
import type { Plan, Task } from '../../src/core/model/plan';
import { foldRun, type RunView } from '../../src/core/model/run';

/** A run as a journal would hold it: seconds after the start, and what happened. */
export type Happening = readonly [seconds: number, event: NewEvent];

export const recordedRunId = '20261120-lint-docs';

export function record(happenings: readonly Happening[], runId = recordedRunId): StoredEvent[] {
  return happenings.map(([seconds, event], index) => ({
    ...event,
    runId,
    seq: index + 1,
    at: timeAt(seconds),
  }));
}

export function timeAt(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 20, 9, 0, 0) + seconds * 1_000).toISOString();
}

export function viewOf(events: readonly StoredEvent[]): RunView {
  const view = foldRun(events);
  if (!view) throw new Error('no run.created among the events');
  return view;
}

/** The happenings up to and including a moment. */
export function until(seconds: number): StoredEvent[] {
  return record(deliveredRun.filter(([at]) => at <= seconds));
}

export function recordedTask(id: string, more: Partial<Task> = {}): Task {
  return {
    id,
    title: `Do ${id}`,
    activeForm: `Doing ${id}`,
    work: { kind: 'agent', prompt: `Do ${id}.` },
    agent: 'documenter',
    agentReasons: [],
    needs: [],
    scope: [],
    acceptance: [],
    gates: [],
    priority: 'normal',
    estimateMinutes: { low: 1, high: 2 },
    limits: {},
    ...more,
  };
}

export const recordedPlan: Plan = {
  tasks: [
    recordedTask('lint', {
      title: 'Fix what the linter can fix',
      activeForm: 'Fixing what the linter can fix',
      work: { kind: 'command', run: 'npx eslint . --fix' },
      agent: 'command',
      gates: ['types'],
      estimateMinutes: { low: 0.1, high: 0.5 },
    }),
    recordedTask('docs', {
      title: 'Document the public API',
      activeForm: 'Documenting the public API',
      agentReasons: ['it writes documentation'],
      needs: ['lint'],
      scope: ['docs/**'],
      acceptance: ['every exported function is documented'],
      gates: ['types', 'lint'],
      priority: 'high',
    }),
    recordedTask('tests', { title: 'Cover | the parser', agent: 'tester', gates: ['types', 'tests'] }),
  ],
  rationale: 'Lint first, so that documentation is written against settled code.',
  risks: [{ risk: 'the linter changes behaviour', mitigation: 'tests run on the combined tree' }],
  contingencies: ['if documentation fails, deliver the fixes alone'],
  gates: ['types', 'lint', 'tests'],
  origin: 'workflow',
  source: 'release-check',
};

export function recordedFinding(gate: string, file: string, line: number, message: string): Finding {
  const range = { startLine: line, startColumn: 5, endLine: line, endColumn: 9 };
  return {
    gate,
    file,
    range,
    severity: 'error',
    rule: 'TS2322',
    message,
    fingerprint: `${gate} ${file} ${message}`,
  };
}

export function recordedGate(gate: string, findings: Finding[], more: Partial<GateResult> = {}): GateResult {
  return {
    gate,
    command: `npx ${gate}`,
    verdict: findings.length > 0 ? 'failed' : 'passed',
    reason: findings.length > 0 ? `${findings.length} errors` : 'no problems',
    durationMs: 1_500,
    exitCode: findings.length > 0 ? 2 : 0,
    findings,
    truncated: 0,
    comparable: true,
    outputTail: findings.map((finding) => finding.message).join('\n'),
    ...more,
  };
}

export function gateFinished(on: string, result: GateResult, baseline?: GateResult): NewEvent {
  const judged = judge(result, baseline);
  const judgement =
    on === 'base' ? { ...judged, newFindings: [], baselineFindings: judged.newFindings.length } : judged;
  return { type: 'gate.finished', tree: `tree-of-${on}`, on, reused: false, result, judgement };
}

const known = recordedFinding('lint', 'src/old.ts', 3, 'Unexpected any');
const baseLint = recordedGate('lint', [known]);
const broken = recordedGate('types', [
  recordedFinding('types', 'test/parser.ts', 12, "Type 'string' is not assignable to type 'number'"),
]);
const usage = { inputTokens: 1_200, outputTokens: 300, costUsd: 0.0125 };

/** Three tasks, one of them repaired after a red type check; delivered. */
export const deliveredRun: readonly Happening[] = [
  [
    0,
    {
      type: 'run.created',
      request: 'Lint, document\nand test this',
      workspace: '/home/person/project',
      baseCommit: 'a'.repeat(40),
      baseKind: 'head',
      localChanges: [],
      model: 'anthropic/claude',
      workflow: 'release-check',
      budget: { maxParallel: 4, maxCostUsd: 5 },
      deliver: true,
      engineVersion: '0.1.0',
    },
  ],
  [0, { type: 'phase.entered', phase: 'analysis' }],
  [
    1,
    {
      type: 'run.analysed',
      analysis: {
        complexity: 'moderate',
        priority: 'normal',
        domains: ['documentation', 'testing'],
        estimateMinutes: { low: 0.5, high: 2 },
        risks: [],
        research: [],
        by: 'rules',
      },
    },
  ],
  [
    1,
    {
      type: 'gates.detected',
      gates: ['types', 'lint', 'tests'].map((name) => ({
        name,
        title: name,
        command: `npx ${name}`,
        timeoutMs: 60_000,
      })),
      absent: [{ name: 'build', reason: 'no script `build` in package.json' }],
    },
  ],
  [
    1,
    {
      type: 'agents.loaded',
      agents: [
        { name: 'command', source: { kind: 'built-in' }, backend: 'command' },
        {
          name: 'documenter',
          source: { kind: 'project', path: '/home/person/project/.claude/agents/documenter.md' },
          backend: 'model',
        },
        { name: 'tester', source: { kind: 'built-in' }, backend: 'model' },
      ],
    },
  ],
  [2, { type: 'plan.proposed', plan: recordedPlan, revision: 1 }],
  [4, { type: 'plan.approved', revision: 1, by: 'person' }],
  [4, { type: 'phase.entered', phase: 'deployment' }],
  [4, gateFinished('base', baseLint)],
  [4, { type: 'task.preparing', taskId: 'lint' }],
  [4, { type: 'task.preparing', taskId: 'tests' }],
  [
    5,
    {
      type: 'worktree.created',
      taskId: 'lint',
      path: '/w/lint',
      commit: 'a'.repeat(40),
      dependencies: 'linked',
    },
  ],
  [
    5,
    {
      type: 'worktree.created',
      taskId: 'tests',
      path: '/w/tests',
      commit: 'a'.repeat(40),
      dependencies: 'linked',
    },
  ],
  [5, { type: 'phase.entered', phase: 'execution' }],
  [
    6,
    {
      type: 'attempt.started',
      taskId: 'lint',
      attempt: 1,
      agent: 'command',
      backend: 'command',
      briefing: '',
    },
  ],
  [
    6,
    { type: 'attempt.started', taskId: 'tests', attempt: 1, agent: 'tester', backend: 'model', briefing: '' },
  ],
  [7, { type: 'attempt.progress', taskId: 'lint', attempt: 1, activity: 'npx eslint . --fix', percent: 40 }],
  [
    7,
    { type: 'model.called', taskId: 'tests', attempt: 1, callId: 'm1', model: 'anthropic/claude', step: 1 },
  ],
  [
    9,
    {
      type: 'model.answered',
      taskId: 'tests',
      attempt: 1,
      callId: 'm1',
      model: 'anthropic/claude',
      step: 1,
      text: '',
      toolCalls: [{ id: 't1', name: 'bash', input: { command: 'rm -rf /' } }],
      finishReason: 'tool-calls',
      usage,
      durationMs: 2_000,
    },
  ],
  [
    9,
    {
      type: 'tool.called',
      taskId: 'tests',
      attempt: 1,
      step: 1,
      callId: 't1',
      tool: 'bash',
      input: {},
      summary: '$ rm -rf /',
    },
  ],
  [
    9,
    {
      type: 'tool.returned',
      taskId: 'tests',
      attempt: 1,
      callId: 't1',
      tool: 'bash',
      ok: false,
      output: 'Denied by the rule "destroys": it deletes. Find another way.',
      durationMs: 1,
    },
  ],
  [
    10,
    {
      type: 'attempt.finished',
      taskId: 'lint',
      attempt: 1,
      summary: 'Fixed 3 problems',
      documents: [{ name: 'lint.md', text: '# Lint\n' }],
    },
  ],
  [10, { type: 'task.checking', taskId: 'lint' }],
  [11, gateFinished('lint', recordedGate('types', []))],
  [11, { type: 'task.integrating', taskId: 'lint' }],
  [11, { type: 'task.integrated', taskId: 'lint', commit: 'b'.repeat(40), tree: 'tree' }],
  [12, { type: 'task.done', taskId: 'lint', summary: 'Fixed 3 problems' }],
  [12, { type: 'task.preparing', taskId: 'docs' }],
  [
    13,
    {
      type: 'attempt.started',
      taskId: 'docs',
      attempt: 1,
      agent: 'documenter',
      backend: 'model',
      briefing: '',
    },
  ],
  [
    14,
    {
      type: 'attempt.finished',
      taskId: 'tests',
      attempt: 1,
      summary: 'Wrote tests',
      claims: ['all tests pass'],
    },
  ],
  [14, { type: 'task.checking', taskId: 'tests' }],
  [15, gateFinished('tests', broken)],
  [15, { type: 'task.repairing', taskId: 'tests', attempt: 2, because: ['types: 1 new finding'] }],
  [
    15,
    { type: 'attempt.started', taskId: 'tests', attempt: 2, agent: 'tester', backend: 'model', briefing: '' },
  ],
  [19, { type: 'attempt.finished', taskId: 'tests', attempt: 2, summary: 'Mended the types' }],
  [19, { type: 'task.checking', taskId: 'tests' }],
  [20, gateFinished('tests', recordedGate('types', []))],
  [20, { type: 'task.integrating', taskId: 'tests' }],
  [21, { type: 'task.done', taskId: 'tests', summary: 'Mended the types' }],
  [23, { type: 'attempt.finished', taskId: 'docs', attempt: 1, summary: 'Documented 12 functions' }],
  [23, { type: 'task.checking', taskId: 'docs' }],
  [24, { type: 'task.integrating', taskId: 'docs' }],
  [24, { type: 'task.done', taskId: 'docs', summary: 'Documented 12 functions' }],
  [24, { type: 'phase.entered', phase: 'validation' }],
  [25, gateFinished('combined', recordedGate('types', []))],
  [26, gateFinished('combined', baseLint, baseLint)],
  [27, gateFinished('combined', recordedGate('tests', [], { tests: { passed: 14, failed: 0, skipped: 1 } }))],
  [
    27,
    {
      type: 'delivery.proposed',
      commit: 'c'.repeat(40),
      tree: 'tree-of-combined',
      deliverables: [
        { path: 'docs/api.md', change: 'added', insertions: 120, deletions: 0, tasks: ['docs'] },
        { path: 'src/parser.ts', change: 'modified', insertions: 4, deletions: 6, tasks: ['lint', 'tests'] },
      ],
    },
  ],
  [27, { type: 'phase.entered', phase: 'delivery' }],
  [
    28,
    {
      type: 'delivery.started',
      commit: 'c'.repeat(40),
      rescueRef: 'refs/x',
      paths: ['docs/api.md', 'src/parser.ts'],
    },
  ],
  [28, { type: 'delivery.completed', commit: 'c'.repeat(40), paths: ['docs/api.md', 'src/parser.ts'] }],
  [28, { type: 'report.written', folder: '/home/person/project/.enterprise/runs/20261120-lint-docs' }],
];
