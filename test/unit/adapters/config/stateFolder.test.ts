import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { repositoryFolder, stateFolder } from '../../../../src/adapters/config/stateFolder';

describe('stateFolder', () => {
  it('is where ENTERPRISE_HOME says', () =>
    assert.equal(stateFolder({ ENTERPRISE_HOME: '/tmp/x/../state' }), '/tmp/state'));

  for (const env of [{}, { ENTERPRISE_HOME: '' }, { ENTERPRISE_HOME: '  ' }]) {
    it(`is the system’s place for data with ${JSON.stringify(env)}`, () => {
      assert.ok(isAbsolute(stateFolder(env)) && stateFolder(env).includes('enterprise-execution-engine'));
    });
  }
});

describe('repositoryFolder', () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'state-')));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is a slug and a digest, the same through a link and different for a namesake', async () => {
    const [one, two] = [join(root, 'a/My Projéct'), join(root, 'b/My Projéct')];
    await mkdir(one, { recursive: true });
    await mkdir(two, { recursive: true });
    await symlink(one, join(root, 'link'));
    const folder = await repositoryFolder('/state', one);
    assert.match(folder, /^\/state\/repositories\/my-proj-ct-[0-9a-f]{12}$/);
    assert.equal(await repositoryFolder('/state', join(root, 'link')), folder);
    assert.equal(await repositoryFolder('/state', `${one}/`), folder);
    assert.notEqual(await repositoryFolder('/state', two), folder);
  });

  it('has a name for any folder', async () => {
    await mkdir(join(root, '目录'));
    assert.match(await repositoryFolder('/state', join(root, '目录')), /\/root-[0-9a-f]{12}$/);
    assert.match(await repositoryFolder('/state', '/'), /\/root-[0-9a-f]{12}$/);
  });

  it('rejects for a folder that is not there', async () => {
    await assert.rejects(repositoryFolder('/state', join(root, 'none')));
  });
});
