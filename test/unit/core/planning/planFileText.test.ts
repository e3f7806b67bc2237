import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { planFileSchema, type Plan } from '../../../../src/core/model/plan';
import { completePlan } from '../../../../src/core/planning/completePlan';
import { planFileText } from '../../../../src/core/planning/planFileText';
import { agent, randomTasks, task } from './sampleTasks';

const agents = [agent('implementer', ['code']), agent('command-runner', ['shell'], { backend: 'command' })];
const context = { agents, gates: ['types', 'tests'], origin: 'model' } as const;

function planOf(tasks: Plan['tasks'], more: Partial<Plan> = {}): Plan {
  return {
    tasks,
    rationale: 'Why.',
    risks: [],
    contingencies: ['Then that.'],
    gates: ['types', 'tests'],
    origin: 'model',
    ...more,
  };
}

describe('planFileText', () => {
  it('shows what a person decides and leaves out what is filled in anyway', () => {
    const both = ['types', 'tests'];
    const plan = planOf([
      task('a', {
        gates: both,
        title: 'Write a',
        activeForm: 'Writing a',
        acceptance: ['it works'],
        scope: ['src/**'],
      }),
      task('b', {
        title: 'Write b',
        activeForm: 'Writing b',
        gates: ['types'],
        needs: ['a'],
        priority: 'high',
        work: { kind: 'agent', prompt: 'One.\nTwo.\n' },
      }),
    ]);
    assert.equal(
      planFileText(plan, ['The plan of run 1.']),
      `# The plan of run 1.

gates:
  - types
  - tests
rationale: Why.
contingencies:
  - Then that.
tasks:
  - id: a
    title: Write a
    prompt: Do a.
    agent: implementer
    scope:
      - src/**
    acceptance:
      - it works
    estimateMinutes:
      low: 1
      high: 1
  - id: b
    title: Write b
    prompt: |
      One.
      Two.
    agent: implementer
    needs:
      - a
    estimateMinutes:
      low: 1
      high: 1
    gates:
      - types
    priority: high
`,
    );
  });

  it('gives the same plan when it is read and completed again', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const first = completePlan(
        {
          tasks: randomTasks(seed, 8).map(({ id, needs, scope, priority }) => ({
            id,
            needs,
            scope,
            priority,
            prompt: `Do: "${id}"\n# and: more`,
          })),
        },
        context,
      );
      assert.ok(first.ok);
      const file = planFileSchema.parse(parse(planFileText(first.value.plan)));
      const again = completePlan(file, context);
      assert.ok(again.ok);
      const plain = ({ tasks, ...rest }: Plan) => ({
        ...rest,
        tasks: tasks.map((one) => ({ ...one, agentReasons: [] })),
      });
      assert.deepEqual(plain(again.value.plan), plain(first.value.plan));
    }
  });
});
