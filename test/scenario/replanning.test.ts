import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelScript } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { typescriptRepository } from '../support/scenario';
import { TerminalRun } from '../support/terminalRun';

const plan = `
gates: []
tasks:
  - id: one
    title: Write the first file
    agent: implementer
    prompt: "ONE: write one.txt"
  - id: two
    title: Write the second file
    agent: implementer
    prompt: "TWO: write two.txt"
  - id: three
    title: Write the third file
    agent: implementer
    prompt: "THREE: write three.txt"
    needs: [two]
`;

const words = ['ONE', 'TWO', 'THREE', 'FOUR'];
const taskIn = (prompt: string) =>
  words.find((word) => prompt.includes(`${word}: write`))?.toLowerCase() ?? '';

/** A terminal that runs the plan while each task's last answer is held back until the test gives it free. */
async function world() {
  const held = new Map<string, () => void>();
  const reached: string[] = [];
  const waiting = new Set<() => void>();
  const free = new Set<string>();
  const script: ModelScript = async ({ prompt, step }) => {
    const id = taskIn(prompt);
    if (step === 0)
      return { toolCalls: [{ name: 'write', input: { path: `${id}.txt`, content: `${id}\n` } }] };
    reached.push(id);
    for (const wake of waiting) wake();
    if (!free.has(id)) await new Promise<void>((resolve) => held.set(id, resolve));
    return { toolCalls: [{ name: 'finish', input: { summary: `${id} is written` } }] };
  };
  const server = await startOpenAiServer(script);
  const fixture = typescriptRepository({ 'plan.yaml': plan });
  const env = { ENTERPRISE_HOME: fixture.state, ENTERPRISE_BASE_URL: server.baseUrl };
  const enterprise = (...args: string[]) =>
    new TerminalRun([...args, '--workspace', fixture.root, '--json'], env);
  const until = async (...ids: string[]) => {
    while (!ids.every((id) => reached.includes(id)))
      await new Promise<void>((resolve) => void waiting.add(resolve));
  };
  const release = (id: string) => {
    free.add(id);
    held.get(id)?.();
  };
  const close = async () => {
    await server.close();
    fixture.remove();
  };
  return { enterprise, until, release, reached, server, fixture, close };
}

describe('A plan that is changed from another terminal', () => {
  it('is carried out as changed, also by the process that goes on after the first one was killed', async () => {
    const scene = await world();
    const { enterprise, until, release, reached, fixture } = scene;
    try {
      const first = enterprise('run', '--plan', 'plan.yaml', '--model', 'openai-compatible/m', '--yes');
      const { runId } = await first.until((event) => event.type === 'run.created');
      await until('one', 'two');
      writeFileSync(
        join(fixture.state, 'four.yaml'),
        'id: four\nagent: implementer\nprompt: "FOUR: write four.txt"\nneeds: [one]\n',
      );
      const change = enterprise(
        'replan',
        runId,
        '--add',
        join(fixture.state, 'four.yaml'),
        '--cancel',
        'two',
      );
      assert.equal(await change.ended, 0, change.told());
      await first.until((event) => event.type === 'task.cancelled' && event.taskId === 'two');
      await until('three');
      first.kill('SIGKILL');
      await first.ended;
      const asked = reached.length;
      for (const id of ['one', 'three', 'four']) release(id);
      const second = enterprise('resume', runId, '--yes');
      assert.equal(await second.ended, 0, second.told());
      assert.deepEqual(fixture.git('status', '--porcelain', '--untracked-files=all').trim().split('\n'), [
        '?? four.txt',
        '?? one.txt',
        '?? three.txt',
      ]);
      assert.deepEqual(
        reached.slice(asked).sort(),
        ['four', 'one', 'three'],
        'the cancelled task is not taken up',
      );
      const states = (second.summary?.['tasks'] as { id: string; state: string }[]).map(
        ({ id, state }) => `${id} ${state}`,
      );
      assert.deepEqual(states, ['one done', 'two cancelled', 'three done', 'four done']);
    } finally {
      await scene.close();
    }
  });

  it('gives the work of a running task to another agent, which starts from the base again', async () => {
    const scene = await world();
    const { enterprise, until, release, reached, fixture } = scene;
    try {
      const first = enterprise('run', '--plan', 'plan.yaml', '--model', 'openai-compatible/m', '--yes');
      const { runId } = await first.until((event) => event.type === 'run.created');
      await until('one', 'two');
      const change = enterprise('replan', runId, '--agent', 'one=test-engineer');
      assert.equal(await change.ended, 0, change.told());
      await first.until(
        (event) => event.type === 'attempt.started' && event.taskId === 'one' && event.attempt === 2,
      );
      for (const id of ['one', 'two', 'three']) release(id);
      assert.equal(await first.ended, 0, first.told());
      assert.equal(reached.filter((id) => id === 'two').length, 1, 'the other task was not disturbed');
      const started = first.events.filter((event) => event.type === 'attempt.started');
      assert.deepEqual(
        started.filter(({ taskId }) => taskId === 'one').map(({ agent }) => agent),
        ['implementer', 'test-engineer'],
      );
      assert.match(fixture.git('status', '--porcelain', '--untracked-files=all'), /one\.txt/);
    } finally {
      await scene.close();
    }
  });
});

describe('A plan that waits in the terminal', () => {
  it('can be edited as a file, and the edited one is what runs', async () => {
    const scene = await world();
    const { enterprise, release, fixture } = scene;
    try {
      const planned = enterprise(
        'plan',
        'Write files',
        '--plan',
        'plan.yaml',
        '--model',
        'openai-compatible/m',
      );
      assert.equal(await planned.ended, 0, planned.told());
      const edited = plan.replace(/ {2}- id: two[^]*$/, '');
      writeFileSync(join(fixture.state, 'edited.yaml'), edited);
      const change = enterprise('replan', 'last', '--plan', join(fixture.state, 'edited.yaml'));
      assert.equal(await change.ended, 0, change.told());
      for (const id of ['one', 'two', 'three']) release(id);
      const run = enterprise('resume', 'last', '--yes');
      assert.equal(await run.ended, 0, run.told());
      const approved = run.events.find((event) => event.type === 'plan.approved');
      assert.equal(approved?.revision, 2);
      assert.equal(fixture.git('status', '--porcelain', '--untracked-files=all').trim(), '?? one.txt');
    } finally {
      await scene.close();
    }
  });
});
