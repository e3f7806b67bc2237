import assert from 'node:assert/strict';
import { filePlaces } from '../../../src/editor/filePlaces';
import { FakeVsCode } from '../../support/fakeVscode';
import { openWindow } from '../../support/editorWindow';
import { finding, gateFinished, planned, ready, underWay, validated } from '../../support/storyOfARun';

async function windowWith(...chapters: (typeof planned)[]) {
  const window = openWindow();
  await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
  window.engine().play('run-1', chapters.flat());
  return { ...window, problems: () => window.vscode.diagnostics.get('enterprise')?.picture() };
}

const old =
  '/repo/shop/src/orders.ts information 41:3 ’total’ is never reassigned. Use ’const’. (was there before the run) [enterprise: lint "prefer-const"]';
const fresh =
  '/repo/shop/src/limits/bucket.ts error 27:3 Type ’string’ is not assignable to type ’number’. [enterprise: types "TS2322"]';

describe('findings as problems', () => {
  it('are errors where the run brought them, and only information where they were there before', async () => {
    const { problems } = await windowWith(planned, underWay, validated);
    assert.deepEqual(problems(), [fresh, old]);
  });

  it('of a task stay until the combined tree was checked', async () => {
    const { engine, problems } = await windowWith(planned, underWay);
    const inTask = finding('types', 'src/limits/store.ts', 9, 'Missing return');
    engine().play('run-1', [gateFinished('types', 'limiter', 'failed', { findings: [inTask] })]);
    assert.ok(problems()?.some((line) => line.includes('src/limits/store.ts error 9:3 Missing return')));
    engine().play('run-1', [gateFinished('types', 'combined', 'passed')]);
    assert.deepEqual(problems(), [old]);
  });

  it('that the run brought go away with the undo of its delivery', async () => {
    const { engine, problems } = await windowWith(planned, underWay, validated, ready);
    await engine().deliver('run-1');
    assert.deepEqual(problems(), [fresh, old]);
    await engine().undo('run-1');
    assert.deepEqual(problems(), [old]);
  });

  it('go away when the next run begins in the folder', async () => {
    const { vscode, problems } = await windowWith(planned, underWay, validated);
    await vscode.run('enterprise.runTask', { task: 'Another' });
    assert.deepEqual(problems(), []);
  });

  it('go away when the run is cancelled', async () => {
    const { engine, problems } = await windowWith(planned, underWay, validated);
    await engine().cancel('run-1', 'person');
    assert.deepEqual(problems(), []);
  });
});

describe('the files of a run', () => {
  it('are found where the editor has them, also when the open folder is a part of the repository', async () => {
    const vscode = new FakeVsCode('/repo/shop/packages/api');
    vscode.files.set('/repo/shop/.git/HEAD', 'ref: refs/heads/main');
    const window = openWindow(vscode);
    await vscode.run('enterprise.runTask', { task: 'Limit rates' });
    const found = [
      finding('types', 'packages/api/src/a.ts', 1, 'inside'),
      finding('types', 'packages/web/b.ts', 1, 'beside'),
    ];
    window
      .engine()
      .play('run-1', [...planned, gateFinished('types', 'combined', 'failed', { findings: found })]);
    assert.deepEqual(vscode.diagnostics.get('enterprise')?.picture(), [
      '/repo/shop/packages/api/src/a.ts error 1:3 inside [enterprise: types]',
      '/repo/shop/packages/web/b.ts error 1:3 beside [enterprise: types]',
    ]);
  });

  it('are found behind the link the editor opened', async () => {
    const api = new FakeVsCode('/link').api;
    const [folder] = api.workspace.workspaceFolders ?? assert.fail();
    const place = await filePlaces(api, folder ?? assert.fail(), '/private/real');
    assert.equal(place('src/a.ts'), '/link/src/a.ts');
  });
});
