import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createWorkspace, type WorkspaceOptions } from '../../../../src/adapters/workspace/createWorkspace';
import type { Workspace } from '../../../../src/core/ports';
import { gitFixture, gitIn, type GitFixture } from '../../../support/gitFixture';
import { expectOk, openRealGit, type RealGit } from '../../../support/realGit';

type Content = string | Uint8Array | { link: string } | { program: string } | undefined;

describe('a delivery into a checkout on disk', () => {
  let fixture: GitFixture;
  let real: RealGit;
  let base: string;
  let workspace: Workspace;
  afterEach(() => {
    fixture.remove();
  });

  async function begin(
    files: Record<string, string | Uint8Array>,
    prepare: (fixture: GitFixture) => void = () => undefined,
  ) {
    fixture = gitFixture(files);
    prepare(fixture);
    real = await openRealGit(fixture);
    base = expectOk(await real.worktrees.base('r')).commit;
    workspace = open();
  }

  function open(options: Partial<WorkspaceOptions> = {}): Workspace {
    return createWorkspace({ root: fixture.root, store: real.delivery, ...options });
  }

  async function commit(files: Record<string, Content>): Promise<string> {
    const worktree = expectOk(await real.worktrees.create('r', 't', base));
    for (const [path, content] of Object.entries(files)) put(worktree.path, path, content);
    return expectOk(await real.worktrees.commit('r', worktree, 'work')).commit;
  }

  function put(root: string, path: string, content: Content): void {
    const file = join(root, path);
    rmSync(file, { recursive: true, force: true });
    if (content === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(file, content);
    else if ('link' in content) symlinkSync(content.link, file);
    else {
      writeFileSync(file, content.program);
      chmodSync(file, 0o755);
    }
  }

  /** Every file of a checkout with its kind, permissions and bytes. */
  function picture(root = fixture.root): string[] {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true });
    const lines = entries.flatMap((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = file.slice(root.length + 1);
      if (path === '.git' || path.startsWith('.git/')) return [];
      const mode = (lstatSync(file).mode & 0o777).toString(8);
      if (entry.isSymbolicLink()) return [`${JSON.stringify(path)} -> ${readlinkSync(file)}`];
      if (entry.isDirectory()) return [`${JSON.stringify(path)}/`];
      return [`${JSON.stringify(path)} ${mode} ${readFileSync(file).toString('base64')}`];
    });
    return lines.sort();
  }

  function refused(result: Awaited<ReturnType<Workspace['deliver']>>): string {
    assert.ok(
      !result.ok && (result.failure.kind === 'delivery-refused' || result.failure.kind === 'undo-refused'),
    );
    return result.failure.message;
  }

  it('brings exactly the result and takes exactly it back, whatever the names and kinds of files', async () => {
    await begin({
      'a.txt': 'a\n',
      'dir/b.bin': Buffer.from([0, 1, 255]),
      'gone/deep/c.txt': 'c\n',
      'tool.sh': '#!/bin/sh\n',
    });
    const before = [picture(), fixture.fingerprint()];
    const to = await commit({
      'a.txt': 'changed\n',
      'dir/b.bin': Buffer.from([0, 13, 10, 255, 254]),
      'gone/deep/c.txt': undefined,
      'tool.sh': { program: '#!/bin/sh\n' },
      '-dash': 'd',
      'new\nline': 'n',
      'quo"te \\ back': 'q',
      'ünï/✓.txt': 'u',
      link: { link: '../outside' },
    });
    const delivered = expectOk(await workspace.deliver('r', base, to));
    assert.equal(delivered.paths.length, 9);
    assert.equal(existsSync(join(fixture.root, 'gone')), false);
    assert.equal(readlinkSync(join(fixture.root, 'link')), '../outside');
    assert.deepEqual(readFileSync(join(fixture.root, 'dir/b.bin')), Buffer.from([0, 13, 10, 255, 254]));
    const filesIn = (root: string) => picture(root).filter((line) => !line.endsWith('/'));
    assert.deepEqual(filesIn(fixture.root), filesIn(join(fixture.state, 'worktrees/r/t')));
    assert.equal(fixture.fingerprint(), before[1]);
    expectOk(await workspace.undo('r', base, to));
    assert.deepEqual([picture(), fixture.fingerprint()], before);
  });

  it('keeps permissions and gives the executable bit to those who may read', async () => {
    await begin({ 'a.txt': 'a\n', 'b.sh': 'b\n' });
    chmodSync(join(fixture.root, 'a.txt'), 0o640);
    chmodSync(join(fixture.root, 'b.sh'), 0o640);
    const to = await commit({ 'a.txt': 'changed\n', 'b.sh': { program: 'b\n' } });
    expectOk(await workspace.deliver('r', base, to));
    assert.equal(lstatSync(join(fixture.root, 'a.txt')).mode & 0o777, 0o640);
    assert.equal(lstatSync(join(fixture.root, 'b.sh')).mode & 0o777, 0o750);
  });

  it('turns files into folders and folders into files, and back', async () => {
    await begin({ f: 'f\n', 'd/x': 'x\n', 'd/y/z': 'z\n' });
    const before = picture();
    const to = await commit({ f: undefined, 'f/inside': 'i\n' });
    rmSync(join(real.store.stateFolder, 'worktrees/r/t/d'), { recursive: true });
    const all = await commit({ d: 'file\n' });
    expectOk(await workspace.deliver('r', base, all));
    assert.equal(fixture.read('d'), 'file\n');
    assert.equal(fixture.read('f/inside'), 'i\n');
    assert.notEqual(to, all);
    expectOk(await open().undo('r', base, all));
    assert.deepEqual(picture(), before);
  });

  it('finishes after a crash between two files, and undo still knows the first bytes', async () => {
    await begin({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
    const before = picture();
    const to = await commit({ 'a.txt': 'A\n', 'b.txt': undefined, 'c.txt': 'C\n', 'd/n.txt': 'N\n' });
    expectOk(await workspace.deliver('r', base, to));
    const after = picture();
    // As a crash leaves it: some files written, some not, one half-written beside its place.
    put(fixture.root, 'c.txt', 'c\n');
    put(fixture.root, 'd/n.txt', undefined);
    put(fixture.root, 'd/.enterprise-delivery-1', 'ha');
    put(fixture.root, 'b.txt', 'b\n');
    expectOk(await open().deliver('r', base, to));
    assert.deepEqual(picture(), after);
    put(fixture.root, 'a.txt', 'a\n');
    expectOk(await open().undo('r', base, to));
    assert.deepEqual(picture(), before);
  });

  it('puts everything back when a file cannot be written', async () => {
    await begin({ 'a.txt': 'a\n', 'locked/b.txt': 'b\n', 'z.txt': 'z\n' });
    const before = picture();
    const to = await commit({ 'a.txt': 'A\n', 'locked/b.txt': 'B\n', 'z.txt': undefined });
    const broken: WorkspaceOptions['store'] = {
      ...real.delivery,
      save: async (...args) => {
        const saved = await real.delivery.save(...args);
        // After the last look: what cannot be foreseen, as a full disk.
        rmSync(join(fixture.root, 'locked'), { recursive: true });
        writeFileSync(join(fixture.root, 'locked'), '');
        return saved;
      },
    };
    assert.match(refused(await open({ store: broken }).deliver('r', base, to)), /"locked\/b.txt"/);
    rmSync(join(fixture.root, 'locked'));
    put(fixture.root, 'locked/b.txt', 'b\n');
    assert.deepEqual(picture(), before);
  });

  it('saves the replaced bytes under a ref of the store before it writes', async () => {
    await begin({ 'a.txt': 'a\n' });
    const to = await commit({ 'a.txt': 'A\n', 'n.txt': 'N\n' });
    expectOk(await workspace.deliver('r', base, to));
    assert.equal(gitIn(real.store.gitDir, 'show', `${workspace.rescueRef('r')}:a.txt`), 'a\n');
    assert.throws(() => gitIn(real.store.gitDir, 'show', `${workspace.rescueRef('r')}:n.txt`));
  });

  it('looks at line ends as git does, and puts the very bytes back', async () => {
    await begin({ 'a.txt': 'one\ntwo\n' }, ({ git }) => git('config', 'core.autocrlf', 'input'));
    fixture.write('a.txt', 'one\r\ntwo\r\n');
    const to = await commit({ 'a.txt': 'one\n2\n' });
    expectOk(await workspace.deliver('r', base, to));
    assert.equal(fixture.read('a.txt'), 'one\n2\n');
    expectOk(await workspace.undo('r', base, to));
    assert.equal(fixture.read('a.txt'), 'one\r\ntwo\r\n');
  });

  it('writes the line ends that the attributes of the result ask for', async () => {
    await begin({ 'a.txt': 'a\n' });
    const to = await commit({ '.gitattributes': '*.bat text eol=crlf\n', 'run.bat': 'echo\n' });
    expectOk(await workspace.deliver('r', base, to));
    assert.equal(fixture.read('run.bat'), 'echo\r\n');
  });

  it('names each obstacle with its reason and writes nothing', async () => {
    const files = ['changed', 'removed', 'folder', 'mode', 'unsaved', 'fine'];
    await begin(Object.fromEntries(files.map((name) => [name, `${name}\n`])));
    const to = await commit({
      ...Object.fromEntries(files.map((name) => [name, 'new\n'])),
      'under/file': 'u\n',
      'behind/link': 'l\n',
    });
    put(fixture.root, 'changed', 'mine\n');
    put(fixture.root, 'removed', undefined);
    put(fixture.root, 'folder', undefined);
    put(fixture.root, 'folder/mine', 'm');
    chmodSync(join(fixture.root, 'mode'), 0o755);
    put(fixture.root, 'under', 'a file\n');
    // Node lists behind links, so it must be a folder that nobody else works in.
    mkdirSync(join(fixture.root, '../elsewhere'));
    put(fixture.root, 'behind', { link: '../elsewhere' });
    const before = picture();
    const unsavedPaths = () => Promise.resolve([join(fixture.root, 'unsaved')]);
    const message = refused(await open({ unsavedPaths }).deliver('r', base, to));
    const reasons = [
      '"behind/link": behind is a link, which may lead outside',
      '"changed": it has local changes',
      '"folder": a folder with other files stands there',
      '"mode": it has local changes',
      '"removed": it was removed here',
      '"under/file": under is not a folder',
      '"unsaved": it has unsaved changes in the editor',
    ];
    for (const reason of reasons) assert.ok(message.includes(reason), `${reason} in ${message}`);
    assert.ok(!message.includes('"fine"'));
    assert.deepEqual(picture(), before);
  });

  it('refuses names that become one where case is ignored', async () => {
    await begin({ 'a.txt': 'a\n' });
    const to = await commit({ 'New.txt': '1\n', 'new.txt': '2\n' });
    const message = refused(await open({ ignoresCase: true }).deliver('r', base, to));
    assert.match(message, /"New\.txt": another file of the delivery differs only in case/);
    expectOk(await open({ ignoresCase: false }).deliver('r', base, to));
  });

  it('does not undo over a file the person changed, and says which', async () => {
    await begin({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const to = await commit({ 'a.txt': 'A\n', 'b.txt': undefined, 'c.txt': 'C\n' });
    expectOk(await workspace.deliver('r', base, to));
    put(fixture.root, 'b.txt', 'mine\n');
    const before = picture();
    assert.match(refused(await workspace.undo('r', base, to)), /"b.txt": it has local changes/);
    assert.deepEqual(picture(), before);
  });
});
