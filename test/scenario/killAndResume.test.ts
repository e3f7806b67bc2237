import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { StoredEvent } from '../../src/core/model/event';
import type { ModelScript } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { reportOf, typescriptRepository } from '../support/scenario';
import { TerminalRun } from '../support/terminalRun';

const plan = `
gates: [tests]
tasks:
  - id: note
    title: Write a note
    run: node -e "require('fs').appendFileSync('note.txt', 'once\\n')" && node -e "setTimeout(() => {}, 400)"
  - id: code
    title: Write code in three steps
    agent: implementer
    prompt: "CODE: write three files"
  - id: last
    title: Write the last file
    agent: implementer
    prompt: "LAST: write last.txt"
    needs: [note, code]
`;

/** Writes one file a step; `hold` may keep an answer back. */
function script(hold: (task: string, step: number) => Promise<void>): ModelScript {
  return async ({ prompt, step }) => {
    const task = prompt.includes('CODE: write') ? 'code' : 'last';
    await hold(task, step);
    const files = task === 'code' ? ['one.txt', 'two.txt', 'three.txt'] : ['last.txt'];
    const path = files[step];
    if (path === undefined)
      return { toolCalls: [{ name: 'finish', input: { summary: `${task} is written` } }] };
    return { toolCalls: [{ name: 'write', input: { path, content: `${path}\n` } }] };
  };
}

async function world(hold: (task: string, step: number) => Promise<void> = () => Promise.resolve()) {
  const server = await startOpenAiServer(script(hold));
  const fixture = typescriptRepository({ 'plan.yaml': plan });
  const env = { ENTERPRISE_HOME: fixture.state, ENTERPRISE_BASE_URL: server.baseUrl };
  const start = (...args: string[]) => new TerminalRun([...args, '--workspace', fixture.root, '--json'], env);
  const run = () => start('run', '--plan', 'plan.yaml', '--model', 'openai-compatible/m', '--yes');
  const delivered = () =>
    fixture
      .git('status', '--porcelain', '--untracked-files=all')
      .trim()
      .split('\n')
      .map((line) => `${line} ${fixture.read(line.slice(3)).trim()}`);
  const close = async () => {
    await server.close();
    fixture.remove();
  };
  return { server, fixture, start, run, delivered, close };
}

const expected = [
  '?? last.txt last.txt',
  '?? note.txt once',
  '?? one.txt one.txt',
  '?? three.txt three.txt',
  '?? two.txt two.txt',
];

/** Processes whose environment says that they belong to a run. */
function processesOf(runId: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter(
    (id) => /^\d+$/.test(id) && environmentOf(id).includes(`ENTERPRISE_RUN_ID=${runId}`),
  );
}

function environmentOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/environ`, 'utf8');
  } catch {
    // It ended meanwhile, or belongs to somebody else.
    return '';
  }
}

describe('A run whose process is killed', () => {
  it('has the same result as one that is not, after it is resumed, without repeating a model call', async () => {
    let strike: (() => void) | undefined;
    const reached = new Promise<void>((resolve) => (strike = resolve));
    const held: { until: Promise<void> | undefined } = { until: undefined };
    let release: () => void = () => undefined;
    held.until = new Promise<void>((resolve) => (release = resolve));
    const scene = await world(async (task, step) => {
      if (task !== 'code' || step !== 2 || held.until === undefined) return;
      strike?.();
      await held.until;
    });
    try {
      const first = scene.run();
      const { runId } = await first.until((event) => event.type === 'run.created');
      await reached;
      first.kill('SIGKILL');
      assert.equal(await first.ended, null);
      held.until = undefined;
      release();
      const asked = scene.server.requests.length;
      const second = scene.start('resume', runId, '--yes');
      assert.equal(await second.ended, 0, second.told());
      assert.deepEqual(scene.delivered(), expected);
      const answered = scene.server.requests
        .slice(asked)
        .map(({ prompt, step }) => `${prompt.includes('CODE: write') ? 'code' : 'last'} ${step}`);
      assert.deepEqual(
        answered.sort(),
        ['code 2', 'code 3', 'last 0', 'last 1'],
        'only the call without an answer is made again',
      );
      assert.deepEqual(processesOf(runId), []);
      const report = reportOf(scene.fixture, runId);
      assert.equal(report.run.state, 'delivered');
      assert.deepEqual(
        report.tasks.map((task) => task.state),
        ['done', 'done', 'done'],
      );
    } finally {
      await scene.close();
    }
  });

  const moments: [string, (event: StoredEvent) => boolean][] = [
    ['while it is planned', (event) => event.type === 'agents.loaded'],
    ['when a task is integrated', (event) => event.type === 'task.integrated'],
    [
      'when the combined tree is checked',
      (event) => event.type === 'phase.entered' && event.phase === 'validation',
    ],
    ['when its delivery is proposed', (event) => event.type === 'delivery.proposed'],
    ['in the middle of its delivery', (event) => event.type === 'delivery.started'],
  ];
  for (const [moment, isIt] of moments) {
    it(`ends the same when that happens ${moment}, twice`, async () => {
      const scene = await world();
      try {
        const first = scene.run();
        const { runId } = await first.until(isIt);
        first.kill('SIGKILL');
        await first.ended;
        const second = scene.start('resume', runId, '--yes');
        await second.until((event) => event.type === 'run.recovered');
        second.kill('SIGKILL');
        await second.ended;
        const third = scene.start('resume', runId, '--yes');
        const code = await third.ended;
        // The second process may have been through before its end was noticed.
        const isOver = code === 2 && /has ended \(delivered\)/.test(third.errorText);
        assert.ok(code === 0 || isOver, `${code}: ${third.told()}`);
        assert.deepEqual(scene.delivered(), expected);
      } finally {
        await scene.close();
      }
    });
  }
});
