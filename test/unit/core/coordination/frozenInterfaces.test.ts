import assert from 'node:assert/strict';
import type { PlanFile } from '../../../../src/core/model/plan';
import { validatePlan } from '../../../../src/core/planning/validatePlan';
import { agent, task } from '../planning/sampleTasks';
import { done, stage, type Acting } from '../../../support/coordination';
import { auto, run } from '../../../support/runOnStage';

const models = { complete: () => Promise.reject(new Error('No model takes part in this test.')) };

const plan: PlanFile = {
  gates: [],
  tasks: [
    { id: 'contract', agent: 'implementer', prompt: 'Settle it.', scope: ['api.txt'], freezes: ['api.txt'] },
    { id: 'client', agent: 'implementer', prompt: 'Use it.', needs: ['contract'] },
    { id: 'beside', agent: 'implementer', prompt: 'Do another thing.' },
  ],
};

/** Each task writes its file; `client` does what the test says. */
function world(client: Acting) {
  const briefings = new Map<string, string>();
  const act: Acting = async (context, write) => {
    briefings.set(`${context.task.id} ${context.attempt}`, context.briefing);
    if (context.task.id === 'contract') await write('api.txt', 'settled\n');
    else if (context.task.id === 'client') return client(context, write);
    else await write('beside.txt', 'made\n');
    return done();
  };
  return { scene: stage({ plan, act, models }), briefings };
}

describe('An interface that one task settles for the others', () => {
  it('sends a task that changes it back with the words what to do, and takes its repaired work', async () => {
    const { scene, briefings } = world(async ({ attempt }, write) => {
      await write('client.txt', 'made\n');
      await write('api.txt', attempt === 1 ? 'bent\n' : 'settled\n');
      return done();
    });
    const { view, events } = await run(scene, auto);
    assert.equal(view.state.name, 'delivered');
    assert.equal(scene.workspace.files.get('api.txt'), 'settled\n');
    assert.equal(scene.workspace.files.get('client.txt'), 'made\n');
    const repairing = events.find((event) => event.type === 'task.repairing');
    assert.match(
      repairing?.type === 'task.repairing' ? repairing.because.join() : '',
      /changed what contract settled for all others: api\.txt/,
    );
    assert.match(
      briefings.get('client 1') ?? '',
      /Settled by the task contract, not yours to change: api\.txt/,
    );
    assert.match(briefings.get('client 2') ?? '', /Put these files back as contract left them/);
    assert.match(briefings.get('contract 1') ?? '', /You settle for all others: api\.txt/);
  });

  it('fails by name a task that keeps changing it, and the rest goes on', async () => {
    const { scene } = world(async ({ attempt }, write) => {
      await write('api.txt', `bent ${attempt}\n`);
      return done();
    });
    const { view } = await run(scene, auto);
    const [, client, beside] = view.tasks;
    assert.ok(client?.state.name === 'failed' && client.state.failure.kind === 'interface-changed');
    assert.deepEqual([client.state.failure.task, client.state.failure.paths], ['contract', ['api.txt']]);
    assert.match(
      client.state.failure.remedy ?? '',
      /you can give the task to another agent, another scope, or split/,
    );
    assert.equal(beside?.state.name, 'done');
    assert.equal(scene.workspace.files.get('api.txt'), 'settled\n');
  });

  it('may be written by tasks that come before the one that settles it', async () => {
    const early: PlanFile = {
      gates: [],
      tasks: [
        { id: 'draft', agent: 'implementer', prompt: 'Draft it.' },
        {
          id: 'contract',
          agent: 'implementer',
          prompt: 'Settle it.',
          needs: ['draft'],
          freezes: ['api.txt'],
        },
      ],
    };
    const act: Acting = async ({ task: { id } }, write) => (await write('api.txt', `${id}\n`), done());
    const { view } = await run(stage({ plan: early, act, models }), auto);
    assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
  });

  const surroundings = { agents: [agent('implementer', [])], gateNames: [] };
  const problems = (...tasks: Parameters<typeof validatePlan>[0]['tasks']) =>
    validatePlan({ tasks, gates: [] }, surroundings).join(' ');

  it('has to be something its task may change', () => {
    assert.match(
      problems(task('a', { scope: ['src/**'], freezes: ['docs/api.md'] })),
      /`a` freezes `docs\/api\.md`, which its scope does not let it change/,
    );
  });

  it('is not in the scope of another task by name, and stays inside the repository', () => {
    assert.match(
      problems(
        task('a', { freezes: ['api.ts'], scope: ['api.ts'] }),
        task('b', { scope: ['api.ts'], needs: ['a'] }),
      ),
      /`b` may change `api\.ts`, which `a` freezes/,
    );
    assert.match(problems(task('a', { freezes: ['../x'] })), /stay inside it/);
  });
});
