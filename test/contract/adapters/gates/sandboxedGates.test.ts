import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateRunner } from '../../../../src/adapters/gates/gateRunner';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../../src/adapters/process/sandbox';
import type { GateResult } from '../../../../src/core/model/gate';

function sandboxOver(home: string, more: Partial<SandboxOptions> = {}): Sandbox {
  const nothing = () => Promise.resolve([]);
  return createSandbox({
    ...{ rules: {}, environment: process.env, home, hidden: [], stores: nothing, steering: nothing },
    ...more,
  });
}

describe('A gate in the sandbox (needs bubblewrap)', () => {
  let root: string;
  let home: string;
  before(async function () {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sandboxed-gates-')));
    home = realpathSync(mkdtempSync(join(tmpdir(), 'sandboxed-home-')));
    writeFileSync(join(home, 'key.txt'), 'secret');
    if ((await sandboxOver(home).state()).kind !== 'ready') this.skip();
  });
  after(() => [root, home].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  const run = (command: string, sandbox: Sandbox): Promise<GateResult> =>
    createGateRunner({ secretsChild: [], commands: [{ name: 'check', command }], sandbox }).run(
      'check',
      { runId: 'run', path: root, changed: undefined },
      new AbortController().signal,
    );

  it('passes and fails as the command does', async () => {
    const sandbox = sandboxOver(home);
    assert.equal((await run('echo x > made-by-gate.txt', sandbox)).verdict, 'passed');
    const failed = await run('exit 4', sandbox);
    assert.deepEqual([failed.verdict, failed.exitCode], ['failed', 4]);
    assert.equal((await run(`cat ${home}/key.txt`, sandbox)).verdict, 'failed');
  });

  it('says of a check that failed for want of a network that it had none, and how to give it one', async () => {
    const command = `node -e 'require("dns").lookup("registry.test", (error) => { throw error })'`;
    const { verdict, reason } = await run(command, sandboxOver(home));
    assert.equal(verdict, 'failed');
    assert.match(reason, /In the sandbox it ran without network; .*sandbox\.network/);
  });

  it('says of a check that failed because it writes elsewhere what stood in the way', async () => {
    const { verdict, reason } = await run('touch /usr/share/made-by-gate', sandboxOver(home));
    assert.equal(verdict, 'failed');
    assert.match(reason, /In the sandbox it tried to write outside its worktree; .*sandbox\.readWrite/);
  });

  it('is inconclusive with the reason when its sandbox cannot be made, and the command does not run', async () => {
    const sandbox = sandboxOver(home, { rules: { readWrite: ['/no/such/place'] } });
    const { verdict, reason } = await run('echo x > ran.txt', sandbox);
    assert.equal(verdict, 'inconclusive');
    assert.match(reason, /could not be started: the sandbox failed \(bwrap: .*\/no\/such\/place/);
    assert.equal((await run('test ! -e ran.txt', sandboxOver(home))).verdict, 'passed');
  });

  it('is inconclusive when the machine ends its program', async () => {
    const { verdict, reason } = await run('kill -9 $$', sandboxOver(home));
    assert.equal(verdict, 'inconclusive');
    assert.match(reason, /ended by SIGKILL/);
  });
});
