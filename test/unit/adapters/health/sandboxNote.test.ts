import assert from 'node:assert/strict';
import { sandboxNote } from '../../../../src/adapters/health/sandboxNote';
import type { Sandbox, SandboxState } from '../../../../src/adapters/process/sandbox';

function inState(state: SandboxState): Sandbox {
  return {
    state: () => Promise.resolve(state),
    confine: () => Promise.resolve(undefined),
    session: () => ({ confine: () => Promise.resolve(undefined), close: () => Promise.resolve() }),
    sharesLoopback: () => Promise.resolve(false),
    hasNetwork: () => Promise.resolve(true),
    describe: () => Promise.resolve(''),
  };
}

const ready: SandboxState = { kind: 'ready', version: 'bubblewrap 1.0' };
const missing: SandboxState = { kind: 'missing', reason: 'it is not installed', remedy: 'Install it.' };
const broken: SandboxState = { kind: 'broken', reason: 'it is forbidden', remedy: 'Allow it.' };

describe('sandboxNote', () => {
  it('says nothing where commands are confined and asked about', async () => {
    assert.equal(await sandboxNote(inState(ready), false), undefined);
  });

  it('says that commands are not asked about', async () => {
    assert.deepEqual(await sandboxNote(inState(ready), true), {
      level: 'info',
      message:
        'Autonomous: commands that run in the sandbox (bubblewrap 1.0) without network are not asked about.',
    });
  });

  it('says that nothing is confined, why, and what to do', async () => {
    assert.deepEqual(await sandboxNote(inState(missing), false), {
      level: 'info',
      message: 'Commands of agents and checks run without a sandbox: it is not installed. Install it.',
    });
    assert.equal((await sandboxNote(inState(broken), false))?.level, 'warning');
  });

  it('warns that autonomous mode is off where nothing is confined', async () => {
    for (const state of [missing, broken]) {
      const note = await sandboxNote(inState(state), true);
      assert.equal(note?.level, 'warning');
      assert.match(note.message, /^Autonomous mode is off, this run asks\./);
    }
  });
});
