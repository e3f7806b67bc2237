import assert from 'node:assert/strict';
import { link, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptedPolicy } from '../../../support/scriptedPolicy';
import { openBench, type Bench } from '../../../support/toolSession';

describe('confinement of the tools', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
    await bench.put('src/a.ts', 'a\n');
    await symlink(bench.outside, join(bench.root, 'up'));
    await symlink('../../outside.txt', join(bench.root, 'src', 'out.txt'));
    await symlink('../../new.txt', join(bench.root, 'src', 'dangling.txt'));
    await symlink('round', join(bench.root, 'round'));
    await symlink('src', join(bench.root, 'alias'));
  });
  afterEach(() => bench.close());

  const escapes = [
    '../outside.txt',
    'src/../../outside.txt',
    '/etc/passwd',
    'up/outside.txt',
    'up/none/new.txt',
    'src/out.txt',
    'src/dangling.txt',
    'round',
    'round/x',
  ];
  for (const path of escapes) {
    it(`no tool follows ${path}`, async () => {
      const patch = `*** Begin Patch\n*** Add File: ${path}\n+x\n*** End Patch`;
      const outcomes = await Promise.all([
        bench.call('read', { path }),
        bench.call('write', { path, content: 'x' }),
        bench.call('edit', { path, old: 'outside', new: 'x' }),
        bench.call('apply_patch', { patch }),
        bench.call('grep', { pattern: 'outside', path }),
      ]);
      for (const outcome of outcomes) {
        assert.equal(outcome.ok, false);
        assert.match(outcome.output, /outside the worktree|without "\.\."/);
      }
      assert.equal(await readFile(join(bench.outside, 'outside.txt'), 'utf8'), 'outside\n');
    });
  }

  for (const path of ['.git', '.git/config', 'src/.GIT/hooks/x']) {
    it(`no tool touches ${path}`, async () => {
      const outcomes = [
        await bench.call('read', { path }),
        await bench.call('write', { path, content: 'x' }),
      ];
      for (const outcome of outcomes) assert.match(outcome.output, /belongs to git/);
    });
  }

  it('links inside the worktree are followed, and absolute paths inside are taken', async () => {
    assert.match((await bench.call('read', { path: 'alias/a.ts' })).output, /1\ta/);
    assert.match((await bench.call('read', { path: join(bench.root, 'src/a.ts') })).output, /1\ta/);
    assert.equal((await bench.call('write', { path: 'alias/b.ts', content: 'b\n' })).ok, true);
    assert.equal(await bench.text('src/b.ts'), 'b\n');
  });

  it('a path with a NUL character is refused', async () => {
    assert.match((await bench.call('read', { path: 'a\0b' })).output, /NUL/);
  });

  it('a search of the whole worktree does not leave it through links', async () => {
    assert.equal((await bench.call('grep', { pattern: 'outside' })).output, 'Nothing matches.');
  });

  it('a file shared by hard links is replaced, so its other name keeps its content', async () => {
    await writeFile(join(bench.outside, 'shared.txt'), 'shared\n');
    await link(join(bench.outside, 'shared.txt'), join(bench.root, 'linked.txt'));
    assert.equal((await bench.call('edit', { path: 'linked.txt', old: 'shared', new: 'mine' })).ok, true);
    assert.equal(await bench.text('linked.txt'), 'mine\n');
    assert.equal(await readFile(join(bench.outside, 'shared.txt'), 'utf8'), 'shared\n');
  });
});

describe('what the policy says', () => {
  let bench: Bench | undefined;
  afterEach(() => bench?.close());

  it('a denied write changes nothing and names the rule', async () => {
    bench = await openBench({
      policy: scriptedPolicy((request) => (request.kind === 'write' ? 'deny' : 'allow')),
    });
    const outcome = await bench.call('write', { path: 'a', content: 'x' });
    assert.match(outcome.output, /Denied by the rule "scripted deny"/);
    await assert.rejects(bench.text('a'));
  });

  it('a command that needs a person shows exactly what will run', async () => {
    bench = await openBench({
      policy: scriptedPolicy(() => 'ask'),
      person: () => ({ decision: 'allow', by: 'person' }),
    });
    const command = 'echo one\necho two';
    assert.equal((await bench.call('bash', { command })).output, 'one\ntwo');
    assert(bench.attempt.asked[0]!.detail.endsWith(`\n\n${command}`));
    assert.equal(bench.attempt.asked[0]!.kind, 'tool');
  });

  it('a person’s no, with the reason, reaches the model and nothing runs', async () => {
    bench = await openBench({
      policy: scriptedPolicy(() => 'ask'),
      person: () => ({ decision: 'deny', by: 'person', text: 'too risky' }),
    });
    const outcome = await bench.call('bash', { command: 'touch made' });
    assert.match(outcome.output, /person said no: too risky/);
    await assert.rejects(bench.text('made'));
  });

  it('nobody there means no', async () => {
    bench = await openBench({ policy: scriptedPolicy(() => 'ask') });
    const outcome = await bench.call('bash', { command: 'touch made' });
    assert.equal(outcome.ok, false);
    assert.match(outcome.output, /nobody is there/);
  });

  it('a path outside the task’s scope is refused before anything is written', async () => {
    bench = await openBench({ task: { scope: ['docs/**'] } });
    assert.match(
      (await bench.call('write', { path: 'src/a', content: 'x' })).output,
      /outside this task's scope \(docs/,
    );
    assert.equal((await bench.call('write', { path: 'docs/a', content: 'x' })).ok, true);
  });
});
