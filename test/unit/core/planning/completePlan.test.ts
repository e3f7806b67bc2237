import assert from 'node:assert/strict';
import { builtInAgents } from '../../../../src/adapters/agents/definitions/builtInAgents';
import { commandAgents } from '../../../../src/adapters/agents/definitions/commandAgents';
import { planFileSchema, planSchema, type PlanFile } from '../../../../src/core/model/plan';
import { completePlan, type CompletionContext } from '../../../../src/core/planning/completePlan';
import { singleTaskPlan } from '../../../../src/core/planning/singleTaskPlan';

const context: CompletionContext = {
  agents: [...builtInAgents, ...commandAgents],
  gates: ['types', 'lint', 'tests'],
  absentGates: [{ name: 'build', reason: 'no script `build` in package.json' }],
  origin: 'file',
  source: 'plan.yaml',
};

function complete(file: PlanFile, extra: Partial<CompletionContext> = {}) {
  const result = completePlan(file, { ...context, ...extra });
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  planSchema.parse(result.value.plan);
  return result.value;
}

function problemsOf(tasks: PlanFile['tasks'], extra: Partial<CompletionContext> = {}): string[] {
  const result = completePlan({ tasks }, { ...context, ...extra });
  assert.ok(!result.ok && result.failure.kind === 'plan-invalid');
  return result.failure.problems;
}

describe('completePlan', () => {
  it('completes the plan file of the design', () => {
    const { plan, notes } = complete({
      name: 'release-check',
      tasks: [
        { id: 'lint', title: 'Fix what the linter can fix', run: 'npx eslint . --fix' },
        {
          id: 'docs',
          title: 'Document the public API',
          agent: 'documenter',
          prompt: 'Document every exported function of src/.\n',
          needs: ['lint'],
          scope: ['docs/**'],
          acceptance: ['every exported function is documented'],
          gates: ['types', 'lint'],
          priority: 'normal',
        },
      ],
    });
    assert.deepEqual(
      plan.tasks.map(({ id, activeForm, agent, agentReasons, gates, work }) => ({
        id,
        activeForm,
        agent,
        agentReasons,
        gates,
        work: work.kind,
      })),
      [
        {
          id: 'lint',
          activeForm: 'Fixing what the linter can fix',
          agent: 'linter',
          agentReasons: [
            'does this kind of work: debugging',
            'knows the subject: lint',
            'its name is in the task: linter',
          ],
          gates: ['types', 'lint', 'tests'],
          work: 'command',
        },
        {
          id: 'docs',
          activeForm: 'Documenting the public API',
          agent: 'documenter',
          agentReasons: ['named in the plan'],
          gates: ['types', 'lint'],
          work: 'agent',
        },
      ],
    );
    assert.deepEqual(plan.gates, ['types', 'lint', 'tests']);
    assert.equal(plan.rationale, 'Run as `plan.yaml` says.');
    assert.deepEqual(notes, [
      'Task `docs`: no gate decides "every exported function is documented"; it is for you to confirm.',
    ]);
  });

  it('gives titles to tasks that have none', () => {
    const { plan } = complete({
      tasks: [
        { id: 'a', run: 'npm test' },
        { id: 'b', prompt: 'Write the thing.\nIn detail.' },
        { id: 'c', check: ['types', 'lint'] },
        { id: 'd', analysis: 'code' },
      ],
    });
    assert.deepEqual(
      plan.tasks.map((one) => [one.title, one.activeForm]),
      [
        ['Run npm test', 'Running npm test'],
        ['Write the thing.', 'Writing the thing.'],
        ['Check types, lint', 'Checking types, lint'],
        ['Analyse the code base', 'Analysing the code base'],
      ],
    );
  });

  it('gives no gates to what changes nothing', () => {
    const { plan } = complete({
      tasks: [
        { id: 'c', check: ['types'] },
        { id: 'd', analysis: 'documentation' },
      ],
    });
    assert.deepEqual(
      plan.tasks.map((one) => one.gates),
      [[], []],
    );
  });

  it('takes the gates of the file as those of its tasks', () => {
    const { plan } = complete({
      gates: ['types'],
      tasks: [
        { id: 'a', run: 'true' },
        { id: 'b', run: 'true', gates: [] },
      ],
    });
    assert.deepEqual([plan.gates, ...plan.tasks.map((one) => one.gates)], [['types'], ['types'], []]);
  });

  it('leaves a gate out that does not apply here, and says why', () => {
    const { plan, notes } = complete({
      tasks: [{ id: 'a', run: 'true', scope: ['a'], gates: ['types', 'build'] }],
    });
    assert.deepEqual(plan.tasks[0]?.gates, ['types']);
    assert.deepEqual(notes, [
      'Task `a` names the gate `build`, which is left out: no script `build` in package.json.',
    ]);
  });

  it('orders tasks whose scopes collide, with a note', () => {
    const { plan, notes } = complete({
      tasks: [
        { id: 'a', prompt: 'x', scope: ['src/**'] },
        { id: 'b', prompt: 'y', scope: ['src/b/**'] },
      ],
    });
    assert.deepEqual(plan.tasks[1]?.needs, ['a']);
    assert.deepEqual(notes, ['Task `b` now waits for `a`: their scopes name common paths.']);
  });

  it('leaves tasks without a scope side by side, and says what that means', () => {
    const { plan, notes } = complete({
      tasks: [
        { id: 'a', run: 'true' },
        { id: 'b', run: 'true' },
      ],
    });
    assert.deepEqual(
      plan.tasks.map((one) => one.needs),
      [[], []],
    );
    assert.deepEqual(notes, [
      '`a`, `b` may change any path while other tasks run. If they change the same lines, that shows when they are integrated.',
    ]);
  });

  const mistakes: [string, PlanFile['tasks'], string[]][] = [
    [
      'no work',
      [{ id: 'a' }],
      ['Task `a` does nothing: it needs one of `run`, `prompt`, `check` or `analysis`.'],
    ],
    [
      'an agent without a prompt',
      [{ id: 'a', agent: 'documenter' }],
      [
        'Task `a` does nothing: it needs one of `run`, `prompt`, `check` or `analysis`. The agent `documenter` has to be told what to do by a `prompt`.',
      ],
    ],
    [
      'two kinds of work',
      [{ id: 'a', run: 'x', prompt: 'y' }],
      ['Task `a` has `run` and `prompt`; a task has exactly one of them.'],
    ],
    ['an empty prompt', [{ id: 'a', prompt: '  ' }], ['Task `a` has an empty prompt.']],
    [
      'only absent gates to check',
      [{ id: 'a', check: ['build'] }],
      ['Task `a` has nothing to check: `build` does not apply (no script `build` in package.json).'],
    ],
    [
      'an unknown agent',
      [{ id: 'a', prompt: 'x', agent: 'arkitect' }],
      ['Task `a` names the agent `arkitect`, which does not exist. Did you mean `architect`?'],
    ],
    [
      'an unknown gate',
      [{ id: 'a', run: 'x', gates: ['typos'] }],
      ['Task `a` names the gate `typos`, which does not apply here. There are: types, lint, tests.'],
    ],
    [
      'two mistakes in two tasks',
      [{ id: 'a' }, { id: 'b', run: ' ' }],
      [
        'Task `a` does nothing: it needs one of `run`, `prompt`, `check` or `analysis`.',
        'Task `b` has an empty command.',
      ],
    ],
  ];
  for (const [fact, tasks, expected] of mistakes)
    it(`refuses ${fact}, naming the task`, () => assert.deepEqual(problemsOf(tasks), expected));

  it('refuses a prompt where no model is configured', () => {
    assert.deepEqual(problemsOf([{ id: 'a', prompt: 'x' }], { isOffline: true }), [
      'Task `a` has a prompt, which takes a language model, and none is configured.',
    ]);
  });
});

describe('singleTaskPlan', () => {
  const request = 'Add a button.\nMake it blue, and "quote" `this`.';

  it('gives the whole request word for word to the implementer and says why', () => {
    const file = planFileSchema.parse(singleTaskPlan(request, ['Task `a` needs itself.']));
    const { plan } = complete(file, { origin: 'single-task' });
    assert.deepEqual(
      plan.tasks.map((one) => [one.id, one.agent, one.work]),
      [['request', 'implementer', { kind: 'agent', prompt: request }]],
    );
    assert.equal(
      plan.rationale,
      'The model gave no plan that can be run (Task `a` needs itself.), so the whole request goes to one agent as a single task.',
    );
  });

  it('has a title for a long or an empty first line', () => {
    assert.equal(singleTaskPlan('x'.repeat(200), []).tasks[0]?.title?.length, 80);
    assert.equal(singleTaskPlan('\n \n', []).tasks[0]?.title, 'Do what was asked');
  });
});
