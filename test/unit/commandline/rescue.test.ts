import assert from 'node:assert/strict';
import { fail, ok } from '../../../src/base/result';
import type { Rescue, RescueEntry, RestoreRequest } from '../../../src/core/coordination/rescue';
import { enterprise } from '../../support/enterprise';
import { FakeEngine } from '../../support/fakeEngine';

describe('enterprise rescue', () => {
  const entry: RescueEntry = {
    id: 'run-1/docs/2',
    runId: 'run-1',
    taskId: 'docs',
    kind: 'work',
    keptAt: '2026-11-20T10:30:00+01:00',
    why: 'Document the API (unfinished)',
    isInResult: false,
    files: 2,
  };

  function keeping(requests: RestoreRequest[] = []) {
    const rescue: Rescue = {
      list: () => Promise.resolve(ok([entry])),
      show: (id) =>
        Promise.resolve(
          entry.id.startsWith(id)
            ? ok({
                entry,
                files: [
                  { path: 'docs/a\u001b[2J.md', change: 'added', bytes: 12, kind: 'file' },
                  { path: 'link', change: 'modified', bytes: 4, kind: 'link' },
                  { path: 'old.md', change: 'deleted', bytes: null, kind: null },
                ],
              })
            : fail({ kind: 'not-found', message: `Nothing is kept under "${id}".` }),
        ),
      restore: (_, request) => {
        requests.push(request);
        return Promise.resolve(ok({ folder: request.folder, files: ['a', 'b'], leftOut: ['vendor/x'] }));
      },
    };
    return new FakeEngine('/home/person/project', { rescue });
  }

  it('lists what is kept: which, when, how much, why, and whether the result holds it', async () => {
    const { code, terminal } = await enterprise(['rescue'], keeping());
    assert.equal(code, 0);
    assert.deepEqual(terminal.printed, [
      [
        'ID            KEPT (UTC)        FILES  IN THE RESULT  WHAT',
        'run-1/docs/2  2026-11-20 09:30  2      no             Document the API (unfinished)',
      ].join('\n'),
      'Look into one: enterprise rescue show ID   Get it back: enterprise rescue restore ID',
    ]);
    const json = await enterprise(['rescue', '--json'], keeping());
    assert.deepEqual(
      json.terminal.printed.map((line) => JSON.parse(line) as unknown),
      [entry],
    );
    const empty = await enterprise(['rescue', 'list']);
    assert.match(empty.terminal.printed.join(), /^Nothing is kept/);
  });

  it('shows the files of an entry; a name cannot move the cursor', async () => {
    const { terminal } = await enterprise(['rescue', 'show', 'run-1/docs'], keeping());
    assert.deepEqual(terminal.printed, [
      'run-1/docs/2: Document the API (unfinished) (3 files)',
      '  + "docs/a\\u001b[2J.md"  added, 12 bytes',
      '  ~ link  modified, 4 bytes, link',
      '  − old.md  deleted, nothing to restore',
    ]);
    const unknown = await enterprise(['rescue', 'show', 'other'], keeping());
    assert.equal(unknown.code, 2);
  });

  it('restores into a new folder beside the person, or into the one they name', async () => {
    const requests: RestoreRequest[] = [];
    const { terminal } = await enterprise(['rescue', 'restore', 'run-1'], keeping(requests));
    await enterprise(['rescue', 'restore', 'run-1', 'docs', 'a.md', '--to', 'sub'], keeping(requests));
    assert.deepEqual(requests, [
      { folder: '/home/person/project/rescued-run-1-docs-2', isNew: true, paths: [] },
      { folder: '/home/person/project/sub', isNew: false, paths: ['docs', 'a.md'] },
    ]);
    assert.deepEqual(terminal.printed, [
      'Restored 2 files into /home/person/project/rescued-run-1-docs-2. Left out, being submodules: vendor/x.',
    ]);
  });
});
