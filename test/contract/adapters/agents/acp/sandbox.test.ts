import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createSandbox } from '../../../../../src/adapters/process/sandbox';
import { playExternal, processesOf, removeExternal } from '../../../../support/playExternal';

const project = resolve(__dirname, '../../../../..');

describe('An external agent in the sandbox', function () {
  this.timeout(60_000);
  after(removeExternal);

  it('cannot write outside the worktree, and leaves no process behind', async function () {
    const sandbox = createSandbox({
      rules: {},
      environment: process.env,
      home: homedir(),
      hidden: [],
      stores: () => Promise.resolve([]),
      steering: () => Promise.resolve([]),
    });
    if ((await sandbox.state()).kind !== 'ready') this.skip();
    const confine = (_: unknown, root: string) =>
      // The fake agent and what it loads lie in this project, and its script beside the worktree.
      sandbox.confine({
        line: 'fake',
        root,
        readWrite: [project, join(root, '..', 'script.json'), join(root, '..', 'agent.log')],
        network: true,
      });
    const outside = (around: string) => join(around, 'outside.txt');
    const { folder, worktree, result, attempt } = await playExternal(
      (around) => ({
        turns: [
          {
            steps: [
              { write: { path: 'inside.txt', content: 'x' } },
              { daemon: join(around, 'worktree', 'daemon.pid') },
              { write: { path: outside(around), content: 'x', outside: true } },
              { say: 'Done.' },
            ],
          },
        ],
      }),
      { options: { confine }, context: { runId: 'run-in-sandbox' } },
    );
    assert(existsSync(join(worktree, 'inside.txt')), JSON.stringify(result));
    assert(!existsSync(outside(folder)), 'what it wrote there went nowhere');
    assert.deepEqual(processesOf(attempt.runId), []);
  });
});
