import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy, PolicyDecision } from '../../src/core/ports';

/** A policy that allows `npm test`, denies `curl` and knows nothing else. */
export function policyContract(name: string, open: () => Policy): void {
  describe(`Policy: ${name}`, () => {
    let folder: string;
    let root: string;
    before(async () => {
      folder = await realpath(await mkdtemp(join(tmpdir(), 'policy-')));
      root = join(folder, 'tree');
      await mkdir(join(root, 'src'), { recursive: true });
      await writeFile(join(root, '.git'), 'gitdir: elsewhere');
      await writeFile(join(folder, 'outside.txt'), 'x');
      await symlink(folder, join(root, 'up'));
    });
    after(() => rm(folder, { recursive: true }));

    const write = (path: string) => open().decide({ kind: 'write', root, path });
    const read = (path: string) => open().decide({ kind: 'read', root, path });
    const command = (line: string) => open().decide({ kind: 'command', root, command: line });

    it('allows reading and writing inside the worktree, also what does not exist yet', async () => {
      assert.equal((await read('src/a.ts')).decision, 'allow');
      assert.equal((await write('src/new/deep/a.ts')).decision, 'allow');
    });

    for (const path of [
      '../outside.txt',
      '/etc/passwd',
      'up/outside.txt',
      'up/new.txt',
      'src/../../outside.txt',
    ]) {
      it(`denies ${path}, which is outside`, async () => {
        assert.equal((await read(path)).decision, 'deny');
        assert.equal((await write(path)).decision, 'deny');
      });
    }

    it('denies git’s own files', async () => {
      assert.equal((await write('.git')).decision, 'deny');
      assert.equal((await read('.git/config')).decision, 'deny');
    });

    it('allows, denies and asks about commands, and names the rule each time', async () => {
      const decisions = await Promise.all(['npm test', 'curl example.org', 'make all'].map(command));
      assert.deepEqual(
        decisions.map((decision) => decision.decision),
        ['allow', 'deny', 'ask'],
      );
      for (const decision of decisions) assert(ruleOf(decision).length > 0);
    });

    it('remembers what a person allowed for the run', async () => {
      const policy = open();
      const line = { kind: 'command', root, command: 'make all' } as const;
      assert.equal((await policy.decide(line)).decision, 'ask');
      const grant = {
        kind: 'command',
        value: 'make all',
        text: 'commands that begin with "make all"',
      } as const;
      assert.equal((await policy.grant(grant, 'run')).ok, true);
      assert.equal((await policy.decide(line)).decision, 'allow');
    });

    it('asks about hosts, servers and programs it does not know', async () => {
      const requests = [
        { kind: 'host', host: 'example.org' },
        { kind: 'mcp', server: 'files', tool: 'read' },
        { kind: 'program', name: 'files', commandLine: 'files --all', digest: 'd1' },
      ] as const;
      for (const request of requests) assert.equal((await open().decide(request)).decision, 'ask');
    });

    it('decides the same twice', async () => {
      assert.deepEqual(await command('npm test'), await command('npm test'));
    });
  });
}

function ruleOf(decision: PolicyDecision): string {
  return decision.rule;
}
