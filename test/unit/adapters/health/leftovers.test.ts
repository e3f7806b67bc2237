import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftovers, type LeftoversDeps } from '../../../../src/adapters/health/leftovers';
import { ok } from '../../../../src/base/result';

describe('what ended runs left behind', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'eee-left-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const look = async (more: Partial<LeftoversDeps> = {}) => {
    const states: Record<string, boolean> = { ended: true, going: false };
    const checks = await leftovers({
      folder,
      isEnded: (runId) => Promise.resolve(states[runId]),
      warnings: () => Promise.resolve([]),
      rescued: () => Promise.resolve(ok([])),
      ...more,
    });
    return Object.fromEntries(
      checks.map((check) => [check.name, `${check.status}: ${check.message}`.replaceAll(folder, '…')]),
    );
  };

  it('is nothing where nothing is', async () => {
    assert.deepEqual(await look(), {
      worktrees: 'ok: none is left of a run that ended',
      'kept work': 'ok: nothing yet (store: less than 1 MB)',
      'disk use': 'ok: …: less than 1 MB each',
    });
  });

  it('names each worktree of an ended or unknown run with its size and why it is there, and leaves the others', async () => {
    for (const path of ['ended/saved', 'ended/cut', 'ended/refused', 'gone/t', 'going/t'])
      write(`worktrees/${path}/file`, path);
    write('worktrees/ended/refused/big', Buffer.alloc(3 * 1024 ** 2));
    symlinkSync('/usr', join(folder, 'worktrees/ended/refused/link'));
    write('index/ended/saved.json', '{}');
    write('index/ended/refused.json', '{}');
    const refused = join(folder, 'worktrees/ended/refused');
    const { worktrees } = await look({
      warnings: () => Promise.resolve([`Kept: ${refused}: vendor is a submodule`]),
    });
    assert.deepEqual(worktrees?.split('\n    '), [
      'warning: …/worktrees/ended/cut (less than 1 MB): its creation was interrupted, so no agent worked in it',
      '…/worktrees/ended/refused (3 MB): Kept: …/worktrees/ended/refused: vendor is a submodule',
      '…/worktrees/ended/saved (less than 1 MB): the process ended before it could be saved and removed',
      '…/worktrees/gone/t (less than 1 MB): its run is not in the journal',
      '1 run that can go on has theirs.',
    ]);
  });

  it('counts what is kept and says what the state folder takes, and names what is not its own', async () => {
    const entry = { id: 'r/t/1', runId: 'r', kind: 'work', keptAt: '', why: '', files: 1 } as const;
    write('dependencies/x/y', Buffer.alloc(2 * 1024 ** 2));
    write('journal.sqlite', 'x');
    write('holiday/photo', 'x');
    const rescued = () =>
      Promise.resolve(
        ok([
          { ...entry, isInResult: true },
          { ...entry, isInResult: false },
        ]),
      );
    const checks = await look({ rescued });
    assert.equal(
      checks['kept work'],
      'ok: 2 of 1 run, 1 in no result (store: less than 1 MB); see them: enterprise rescue',
    );
    assert.equal(
      checks['disk use'],
      "warning: …: shared dependencies 2 MB. Not the engine's: holiday (less than 1 MB)",
    );
  });
});
