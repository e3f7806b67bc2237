import type { NewEvent } from '../../src/core/model/event';
import type { Finding, GateResult, Verdict } from '../../src/core/model/gate';
import type { Plan, Task } from '../../src/core/model/plan';

/** A run told in chapters, for views to be drawn from: four agents, six tasks, one repair, one question, a red gate. */

export const storyRequest = 'Add rate limiting to the public API and document it';

const agents = [
  { name: 'architect', source: { kind: 'built-in' as const }, backend: 'model' as const },
  {
    name: 'backend-developer',
    source: { kind: 'project' as const, path: '/repo/shop/.claude/agents/backend-developer.md' },
    backend: 'model' as const,
  },
  { name: 'test-engineer', source: { kind: 'built-in' as const }, backend: 'model' as const },
  { name: 'lint-fixer', source: { kind: 'built-in' as const }, backend: 'command' as const },
];

function task(id: string, title: string, activeForm: string, agent: string, rest: Partial<Task> = {}): Task {
  return {
    id,
    title,
    activeForm,
    agent,
    work: { kind: 'agent', prompt: `${title}. Keep the public interface as it is.` },
    agentReasons: ['its capabilities name the task’s domain'],
    needs: [],
    scope: [],
    acceptance: [],
    gates: ['types', 'tests'],
    priority: 'normal',
    estimateMinutes: { low: 2, high: 6 },
    limits: {},
    ...rest,
  };
}

export const storyPlan: Plan = {
  tasks: [
    task('design', 'Design the limiter’s interface', 'Designing the limiter’s interface', 'architect', {
      scope: ['docs/design/**'],
      acceptance: ['limits per key and per route are described', 'the storage port is named'],
    }),
    task('limiter', 'Implement the token bucket', 'Implementing the token bucket', 'backend-developer', {
      needs: ['design'],
      scope: ['src/limits/**'],
      priority: 'high',
    }),
    task(
      'storage',
      'Keep counters in the existing store',
      'Keeping counters in the existing store',
      'backend-developer',
      { needs: ['design'] },
    ),
    task(
      'middleware',
      'Apply it to the public routes',
      'Applying it to the public routes',
      'backend-developer',
      { needs: ['limiter', 'storage'] },
    ),
    task(
      'tests',
      'Test bursts, refills and headers',
      'Testing bursts, refills and headers',
      'test-engineer',
      { needs: ['limiter'] },
    ),
    task('format', 'Apply the linter’s own fixes', 'Applying the linter’s own fixes', 'lint-fixer', {
      needs: ['middleware', 'tests'],
      work: { kind: 'command', run: 'npx eslint . --fix' },
    }),
  ],
  rationale:
    'The interface comes first, so that the bucket and its storage can be built side by side; tests start as soon as the bucket exists.',
  risks: [
    {
      risk: 'Counters drift between instances',
      mitigation: 'The storage task keeps them in the shared store.',
    },
  ],
  contingencies: ['If the store cannot count atomically, fall back to a limit per instance and say so.'],
  gates: ['types', 'lint', 'tests', 'audit'],
  origin: 'model',
};

const specs = [
  { name: 'types', title: 'Type check', command: 'tsc --noEmit', timeoutMs: 60_000 },
  { name: 'lint', title: 'Lint', command: 'eslint .', timeoutMs: 60_000 },
  { name: 'tests', title: 'Tests', command: 'npm test', timeoutMs: 120_000 },
  { name: 'audit', title: 'Dependency audit', command: 'npm audit', timeoutMs: 60_000 },
];

export function finding(
  gate: string,
  file: string,
  line: number,
  message: string,
  rest: Partial<Finding> = {},
): Finding {
  const range = { startLine: line, startColumn: 3, endLine: line, endColumn: 14 };
  return {
    gate,
    file,
    range,
    severity: 'error',
    message,
    fingerprint: `${gate} ${file} ${message}`,
    ...rest,
  };
}

const oldFinding = finding('lint', 'src/orders.ts', 41, '’total’ is never reassigned. Use ’const’.', {
  rule: 'prefer-const',
});
const newFinding = finding(
  'types',
  'src/limits/bucket.ts',
  27,
  'Type ’string’ is not assignable to type ’number’.',
  { rule: 'TS2322' },
);

export function gateFinished(
  gate: string,
  on: string,
  verdict: Verdict,
  rest: Partial<GateResult> = {},
): NewEvent {
  const findings = rest.findings ?? [];
  const fresh = on === 'base' ? [] : findings.filter((known) => known !== oldFinding);
  const result: GateResult = {
    gate,
    command: specs.find((spec) => spec.name === gate)?.command ?? gate,
    verdict,
    reason: verdict === 'passed' ? 'ended with 0' : `${findings.length} findings`,
    durationMs: 3400,
    exitCode: verdict === 'passed' ? 0 : 1,
    findings,
    truncated: 0,
    comparable: true,
    outputTail: '',
    ...rest,
  };
  const judgement = {
    verdict,
    reason: result.reason,
    newFindings: fresh,
    baselineFindings: findings.length - fresh.length,
  };
  return { type: 'gate.finished', tree: `tree-${on}`, on, reused: false, result, judgement };
}

function answered(taskId: string, step: number): NewEvent {
  const usage = { inputTokens: 8400, outputTokens: 950, costUsd: 0.041 };
  return {
    type: 'model.answered',
    taskId,
    attempt: 1,
    callId: `${taskId}-${step}`,
    model: 'anthropic/claude',
    step,
    text: '',
    toolCalls: [],
    finishReason: 'tool',
    usage,
    durationMs: 2100,
  };
}

function startedTask(taskId: string, agent: string, backend: 'model' | 'command' = 'model'): NewEvent[] {
  return [
    { type: 'task.preparing', taskId },
    {
      type: 'worktree.created',
      taskId,
      path: `/state/worktrees/${taskId}`,
      commit: '4f2a9c1',
      dependencies: 'linked',
    },
    { type: 'attempt.started', taskId, attempt: 1, agent, backend, briefing: '' },
  ];
}

function doneTask(taskId: string, summary: string): NewEvent[] {
  return [
    { type: 'attempt.finished', taskId, attempt: 1, summary },
    { type: 'task.checking', taskId },
    gateFinished('types', taskId, 'passed'),
    { type: 'task.committed', taskId, commit: `commit-${taskId}`, tree: `tree-${taskId}`, files: 2 },
    { type: 'task.integrating', taskId },
    { type: 'task.integrated', taskId, commit: `commit-${taskId}`, tree: `tree-${taskId}` },
    { type: 'task.done', taskId, summary },
  ];
}

const planText = storyPlan.tasks
  .map(({ id, title, needs }) => `${id}: ${title}${needs.length > 0 ? ` (after ${needs.join(', ')})` : ''}`)
  .join('\n');

/** Up to the question whether the plan may be carried out. */
export const planned: NewEvent[] = [
  { type: 'phase.entered', phase: 'analysis' },
  {
    type: 'run.analysed',
    analysis: {
      complexity: 'complex',
      priority: 'high',
      domains: ['api', 'typescript', 'documentation'],
      estimateMinutes: { low: 12, high: 30 },
      risks: [],
      research: [],
      by: 'anthropic/claude',
    },
  },
  {
    type: 'gates.detected',
    gates: specs,
    absent: [{ name: 'build', reason: 'no script `build` in package.json' }],
  },
  { type: 'agents.loaded', agents },
  { type: 'plan.proposed', plan: storyPlan, revision: 1 },
  {
    type: 'approval.requested',
    approval: {
      id: 'plan-1',
      kind: 'plan',
      title: 'Carry out a plan of 6 tasks',
      detail: planText,
      digest: 'd41f9a7c2b6e8810aa55d41f9a7c2b6e8810aa55d41f9a7c2b6e8810aa55d41f',
    },
  },
];

/** Two tasks done, two running, one question open. */
export const underWay: NewEvent[] = [
  {
    type: 'approval.answered',
    answer: {
      id: 'plan-1',
      digest: 'd41f9a7c2b6e8810aa55d41f9a7c2b6e8810aa55d41f9a7c2b6e8810aa55d41f',
      decision: 'allow',
      by: 'person',
    },
  },
  { type: 'plan.approved', revision: 1, by: 'person' },
  { type: 'phase.entered', phase: 'deployment' },
  gateFinished('types', 'base', 'passed'),
  gateFinished('lint', 'base', 'failed', { findings: [oldFinding] }),
  { type: 'phase.entered', phase: 'execution' },
  ...startedTask('design', 'architect'),
  answered('design', 1),
  ...doneTask('design', 'The interface is in docs/design/limits.md'),
  ...startedTask('limiter', 'backend-developer'),
  ...startedTask('storage', 'backend-developer'),
  answered('limiter', 1),
  answered('storage', 1),
  {
    type: 'tool.called',
    taskId: 'limiter',
    attempt: 1,
    step: 1,
    callId: 'c1',
    tool: 'edit',
    input: {},
    summary: 'edit src/limits/bucket.ts',
  },
  ...doneTask('storage', 'Counters live beside the sessions'),
  ...startedTask('tests', 'test-engineer'),
  {
    type: 'attempt.progress',
    taskId: 'limiter',
    attempt: 1,
    activity: 'Refilling by elapsed time',
    percent: 60,
  },
  {
    type: 'approval.requested',
    approval: {
      id: 'tool-1',
      kind: 'tool',
      taskId: 'tests',
      title: 'Run a command',
      detail: 'npx autocannon -d 2 http://127.0.0.1:3000/api',
      digest: 'b7a90c33f1e2b7a90c33f1e2b7a90c33f1e2b7a90c33f1e2b7a90c33f1e2b7a9',
    },
  },
];

/** Everything done and checked; one new problem is left in the types. */
export const validated: NewEvent[] = [
  {
    type: 'approval.answered',
    answer: {
      id: 'tool-1',
      digest: 'b7a90c33f1e2b7a90c33f1e2b7a90c33f1e2b7a90c33f1e2b7a90c33f1e2b7a9',
      decision: 'allow',
      by: 'person',
    },
  },
  ...doneTask('limiter', 'A token bucket with refill by elapsed time'),
  ...doneTask('tests', 'Bursts, refills and headers are covered'),
  ...startedTask('middleware', 'backend-developer'),
  ...doneTask('middleware', 'Public routes answer 429 with Retry-After'),
  ...startedTask('format', 'lint-fixer', 'command'),
  ...doneTask('format', 'eslint --fix changed 2 files'),
  { type: 'phase.entered', phase: 'validation' },
  gateFinished('types', 'combined', 'failed', { findings: [newFinding] }),
  gateFinished('lint', 'combined', 'passed', {
    findings: [oldFinding],
    reason: 'nothing new; 1 known before the run',
  }),
  gateFinished('tests', 'combined', 'passed', {
    tests: { passed: 128, failed: 0, skipped: 2 },
    coverage: { covered: 912, total: 1040, byFile: [] },
  }),
  gateFinished('audit', 'combined', 'inconclusive', {
    reason: 'the registry could not be reached',
    outputTail: 'npm error network request to the registry failed',
  }),
];

/** The result waits for delivery. */
export const ready: NewEvent[] = [
  { type: 'phase.entered', phase: 'delivery' },
  {
    type: 'delivery.proposed',
    commit: 'c0ffee',
    tree: 'tree-combined',
    deliverables: [
      { path: 'src/limits/bucket.ts', change: 'added', insertions: 96, deletions: 0, tasks: ['limiter'] },
      { path: 'src/routes.ts', change: 'modified', insertions: 14, deletions: 3, tasks: ['middleware'] },
      {
        path: 'src/legacy/throttle.ts',
        change: 'deleted',
        insertions: 0,
        deletions: 41,
        tasks: ['middleware'],
      },
    ],
  },
  { type: 'report.written', folder: '.enterprise/runs/run-1' },
];
