import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../../src/adapters/config/loadConfig';
import { ruleSaver } from '../../../../src/adapters/config/saveRule';
import type { Grant } from '../../../../src/core/ports';

describe('a permission for always', () => {
  let state: string;
  beforeEach(async () => (state = await realpath(await mkdtemp(join(tmpdir(), 'save-rule-')))));
  afterEach(() => rm(state, { recursive: true }));
  const command = (value: string): Grant => ({ kind: 'command', value, text: value });
  const config = async () => JSON.parse(await readFile(join(state, 'config.json'), 'utf8')) as unknown;

  it('is in the machine’s configuration afterwards, and later runs load it', async () => {
    const save = ruleSaver(state);
    const grants: Grant[] = [
      command('npm test'),
      { kind: 'host', value: 'api.example.org', text: '' },
      { kind: 'mcp', value: 'files/read', text: '' },
      { kind: 'program', value: 'd1', text: '' },
    ];
    for (const grant of grants) assert.ok((await save(grant)).ok);
    const { policy } = (await loadConfig({ state })).config;
    assert.deepEqual(
      [policy.allow, policy.hosts.allow, policy.mcp.allow, policy.programs.allow],
      [['npm test'], ['api.example.org'], ['files/read'], ['d1']],
    );
  });

  it('leaves what is there as it is, and stands there once', async () => {
    const before = {
      model: 'openai/x',
      policy: { allow: ['make'], deny: ['rm'] },
      budget: { maxParallel: 3 },
    };
    await writeFile(join(state, 'config.json'), JSON.stringify(before));
    const save = ruleSaver(state);
    await save(command('npm test'));
    await save(command('npm test'));
    assert.deepEqual(await config(), { ...before, policy: { allow: ['make', 'npm test'], deny: ['rm'] } });
  });

  it('loses none of many that are given at once, and leaves no other file', async () => {
    const save = ruleSaver(state);
    const values = Array.from({ length: 20 }, (_, at) => `tool-${at}`);
    await Promise.all(values.map((value) => save(command(value))));
    assert.deepEqual(await config(), { policy: { allow: values } });
    assert.deepEqual(await readdir(state), ['config.json']);
    assert.equal((await stat(join(state, 'config.json'))).mode & 0o077, 0);
  });

  it('is refused where the file cannot be read, which stays byte for byte', async () => {
    for (const text of ['{"policy": {"deny": ["rm"]', '{"unknown": 1}', '[]']) {
      await writeFile(join(state, 'config.json'), text);
      const saved = await ruleSaver(state)(command('npm test'));
      assert.ok(!saved.ok && saved.failure.message.includes('config.json'));
      assert.equal(await readFile(join(state, 'config.json'), 'utf8'), text);
    }
  });

  it('goes into the file a link leads to', async () => {
    await writeFile(join(state, 'kept.json'), '{}');
    await symlink('kept.json', join(state, 'config.json'));
    await ruleSaver(state)(command('npm test'));
    assert.deepEqual(JSON.parse(await readFile(join(state, 'kept.json'), 'utf8')), {
      policy: { allow: ['npm test'] },
    });
    assert.deepEqual((await readdir(state)).sort(), ['config.json', 'kept.json']);
  });
});
