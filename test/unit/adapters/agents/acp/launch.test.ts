import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findLaunch, startRequest, type LaunchOptions } from '../../../../../src/adapters/agents/acp/launch';

describe('findLaunch', () => {
  let folder: string;
  const program = (path: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), '');
    chmodSync(join(folder, path), 0o755);
    return join(folder, path);
  };
  const options = (rest: Partial<LaunchOptions> & { path?: string[] } = {}): LaunchOptions => ({
    configured: {},
    untrusted: [join(folder, 'repository')],
    npxFolder: '/state/npx',
    environment: {
      PATH: (rest.path ?? ['bin']).map((name) => join(folder, name)).join(delimiter),
      GEMINI_API_KEY: 'k',
    },
    home: '/home/me',
    ...rest,
  });
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'launch-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('finds a known agent on the PATH, with its own arguments and the variables that are set', async () => {
    const file = program('bin/gemini');
    const found = await findLaunch('acp/gemini', options());
    assert(found.ok, JSON.stringify(found));
    assert.deepEqual(
      [found.value.file, found.value.args, found.value.passed],
      [file, ['--acp'], { GEMINI_API_KEY: 'k' }],
    );
    assert.deepEqual(found.value.ownPaths, ['/home/me/.gemini']);
  });

  it('takes no program out of a repository, neither from the PATH nor through a link', async () => {
    program('repository/bin/qwen');
    mkdirSync(join(folder, 'links'), { recursive: true });
    symlinkSync(join(folder, 'repository/bin/qwen'), join(folder, 'links/qwen'));
    const found = await findLaunch('acp/qwen', options({ path: ['repository/bin', 'links'] }));
    assert(!found.ok && found.failure.kind === 'model-unavailable');
    assert.match(found.failure.remedy ?? '', /npm install -g @qwen-code\/qwen-code/);
  });

  it('lets npx look for packages and settings in a folder of the engine, not in the worktree', async () => {
    program('bin/npx');
    const found = await findLaunch('acp/claude', options());
    assert(found.ok);
    assert.deepEqual(found.value.args, [
      '--prefix',
      '/state/npx',
      '--yes',
      '@agentclientprotocol/claude-agent-acp',
    ]);
  });

  it('prefers what the machine configures, and takes a model after the name', async () => {
    const file = program('opt/mine');
    const configured = { gemini: { command: file, args: ['serve'], model: 'small' } };
    const own = await findLaunch('acp/gemini', options({ configured }));
    const chosen = await findLaunch('acp/gemini/large/v2', options({ configured }));
    assert(own.ok && chosen.ok);
    assert.deepEqual(
      [own.value.file, own.value.chosenModel, chosen.value.chosenModel],
      [file, 'small', 'large/v2'],
    );
  });

  it('names every agent there is when one is not known', async () => {
    const found = await findLaunch('acp/constructor', options());
    assert(!found.ok && found.failure.kind === 'usage');
    assert.match(found.failure.remedy ?? '', /acp\/claude, acp\/codex/);
  });

  it('asks for another permission when an argument or a variable is another', async () => {
    const found = await findLaunch('acp/gemini', options());
    assert(found.ok);
    const { digest } = startRequest(found.value);
    assert.equal(startRequest({ ...found.value }).digest, digest);
    assert.equal(startRequest({ ...found.value, passed: { GEMINI_API_KEY: 'other value' } }).digest, digest);
    assert.notEqual(startRequest({ ...found.value, args: ['--acp', '--yolo'] }).digest, digest);
    assert.notEqual(
      startRequest({ ...found.value, passed: { ...found.value.passed, PATH_TO: 'x' } }).digest,
      digest,
    );
  });
});
