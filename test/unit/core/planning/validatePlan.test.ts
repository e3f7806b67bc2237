import assert from 'node:assert/strict';
import type { Task } from '../../../../src/core/model/plan';
import { orderCollisions } from '../../../../src/core/planning/orderCollisions';
import { cycleIn, unorderedCollisions, validatePlan } from '../../../../src/core/planning/validatePlan';
import { agent, randomTasks, seeded, task } from './sampleTasks';

const agents = [agent('implementer', []), agent('linter', [], { backend: 'command' })];

function problems(...tasks: Task[]): string[] {
  return validatePlan({ tasks, gates: [] }, { agents, gateNames: ['types', 'lint'] });
}

describe('validatePlan', () => {
  const cases: [string, Task[], string[]][] = [
    ['a plan in order has no problem', [task('a'), task('b', { needs: ['a'] })], []],
    ['a task that needs itself', [task('a', { needs: ['a'] })], ['Task `a` needs itself.']],
    [
      'a dependency that is not there',
      [task('build'), task('b', { needs: ['biuld'] })],
      ['Task `b` needs `biuld`, which is not in the plan. Did you mean `build`?'],
    ],
    [
      'a circle, named in its order',
      [task('a', { needs: ['c'] }), task('b', { needs: ['a'] }), task('c', { needs: ['b'] })],
      ['The dependencies form a circle: a needs c needs b needs a.'],
    ],
    [
      'two tasks with one id, of which nothing else is judged',
      [task('b'), task('a', { needs: ['b'] }), task('b', { needs: ['a'] })],
      ['The id `b` is used by more than one task.'],
    ],
    ['two tasks with one id', [task('a'), task('a')], ['The id `a` is used by more than one task.']],
    [
      'an agent that does not exist',
      [task('a', { agent: 'implementor' })],
      ['Task `a` is given to the agent `implementor`, which does not exist. Did you mean `implementer`?'],
    ],
    [
      'an agent with the wrong backend',
      [task('a', { agent: 'linter' })],
      ['Task `a` is given to the agent `linter`, whose backend is `command`; it takes one with `model`.'],
    ],
    [
      'an empty prompt',
      [task('a', { work: { kind: 'agent', prompt: ' \n' } })],
      ['Task `a` has an empty prompt.'],
    ],
    [
      'a gate that does not apply',
      [task('a', { gates: ['tests'] })],
      ['Task `a` names the gate `tests`, which does not apply here. There are: types, lint.'],
    ],
    [
      'a scope outside the repository',
      [task('a', { scope: ['../other/**'] })],
      [
        'Task `a` has the scope `../other/**`; scopes are relative to the root of the repository and stay inside it.',
      ],
    ],
    [
      'scopes that collide without an order',
      [task('a', { scope: ['src/**'] }), task('b', { scope: ['src/b.ts'] })],
      ['Tasks `a` and `b` may change the same paths, and neither needs the other.'],
    ],
  ];
  for (const [fact, tasks, expected] of cases) it(fact, () => assert.deepEqual(problems(...tasks), expected));

  it('finds a circle planted in any random plan, and none where none is', () => {
    for (let seed = 1; seed <= 120; seed++) {
      const tasks = randomTasks(seed, 20);
      assert.equal(cycleIn(tasks), undefined);
      const at = Math.floor(seeded(seed)() * 19) + 1;
      const circled = tasks.map((one, index) => {
        if (index === 0) return { ...one, needs: [`t${at}`] };
        return index === at ? { ...one, needs: [...one.needs, 't0'] } : one;
      });
      const cycle = cycleIn(circled) ?? [];
      assert.ok(cycle.length > 1, `seed ${seed}`);
      assert.equal(cycle[0], cycle.at(-1));
      const byId = new Map(circled.map((one) => [one.id, one]));
      cycle
        .slice(1)
        .forEach((id, index) =>
          assert.ok(byId.get(cycle[index] ?? '')?.needs.includes(id), `seed ${seed}: ${cycle.join()}`),
        );
    }
  });
});

describe('orderCollisions', () => {
  it('lets the later task wait, says so, and adds nothing where an order exists', () => {
    const scope = ['src/**'];
    const ordered = orderCollisions([
      task('a', { scope }),
      task('b', { scope }),
      task('c', { scope, needs: ['b'] }),
    ]);
    assert.deepEqual(
      ordered.tasks.map((one) => one.needs),
      [[], ['a'], ['b']],
    );
    assert.deepEqual(ordered.notes, ['Task `b` now waits for `a`: their scopes name common paths.']);
  });

  it('makes a chain of tasks that all collide, not a dependency for each pair', () => {
    const ordered = orderCollisions(['a', 'b', 'c', 'd'].map((id) => task(id, { scope: ['src/**'] })));
    assert.deepEqual(
      ordered.tasks.map((one) => one.needs),
      [[], ['a'], ['b'], ['c']],
    );
  });

  it('respects an order against that of the plan', () => {
    const scope = ['src/**'];
    const ordered = orderCollisions([task('a', { scope, needs: ['b'] }), task('b', { scope })]);
    assert.deepEqual(ordered.notes, []);
  });

  it('leaves no collision without an order and makes no circle, in any random plan', () => {
    for (let seed = 1; seed <= 120; seed++) {
      const { tasks } = orderCollisions(randomTasks(seed, 25));
      assert.equal(cycleIn(tasks), undefined, `seed ${seed}`);
      assert.deepEqual(unorderedCollisions(tasks), [], `seed ${seed}`);
    }
  });

  it('returns a plan with a circle as it is', () => {
    const tasks = [task('a', { needs: ['b'] }), task('b', { needs: ['a'] })];
    assert.deepEqual(orderCollisions(tasks), { tasks, notes: [] });
  });
});
