import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWindow } from '../../support/editorWindow';
import { FakeVsCode } from '../../support/fakeVscode';

interface Manifest {
  contributes: {
    commands: { command: string }[];
    views: { enterprise: { id: string; type?: string }[] };
    configuration: { properties: Record<string, { scope: string }> };
  };
}
const manifest = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as Manifest;

describe('activation', () => {
  it('opens no engine, asks nothing and reads nothing', () => {
    const window = openWindow();
    assert.equal(window.opened.length, 0);
    assert.deepEqual([window.vscode.shown, window.vscode.executed], [[], []]);
  });

  it('registers every command and view of the manifest', async () => {
    const window = openWindow(new FakeVsCode());
    for (const { id, type } of manifest.contributes.views.enterprise) {
      assert.ok(type === 'webview' ? window.vscode.webviewViews.has(id) : window.vscode.trees.has(id), id);
    }
    for (const { command } of manifest.contributes.commands) {
      await window.vscode.run(command);
      const isKnown =
        window.vscode.shown.length > 0 ||
        window.vscode.panels.length > 0 ||
        command === 'enterprise.configureModel';
      assert.ok(isKnown, `${command} does something`);
    }
  });

  it('uses every setting of the manifest, each of which only the person can set', async () => {
    const read = new Set<string>();
    const vscode = new FakeVsCode('/repo/shop');
    const get = vscode.settings.get.bind(vscode.settings);
    vscode.settings.get = (key) => {
      read.add(key);
      return get(key);
    };
    await openWindow(vscode).vscode.run('enterprise.runTask', { task: 'Tidy up' });
    const declared = Object.entries(manifest.contributes.configuration.properties);
    assert.deepEqual([...read].sort(), declared.map(([name]) => name).sort());
    assert.deepEqual(
      declared.filter(([, { scope }]) => scope !== 'machine').map(([name]) => name),
      [],
    );
  });

  it('hands over the settings as they are', async () => {
    const vscode = new FakeVsCode('/repo/shop');
    vscode.settings
      .set('enterprise.baseUrl', ' https://models.test ')
      .set('enterprise.worktrees.folder', '/state')
      .set('enterprise.models.tiers', { sonnet: 'openai/gpt-6.1-sol' })
      .set('enterprise.models.fallbacks', ['ollama/qwen3:8b'])
      .set('enterprise.mcp.servers', { docs: { url: 'https://docs.test/mcp' } })
      .set('enterprise.autonomous', true)
      .set('enterprise.sandbox.network', ['npm ci']);
    vscode.settings
      .set('enterprise.gates.disabled', ['audit'])
      .set('enterprise.gates.commands', { tests: 'npm run fast' });
    const window = openWindow(vscode);
    await window.vscode.run('enterprise.doctor');
    assert.deepEqual(window.opened[0]?.options.settings, {
      model: 'offline',
      baseUrl: 'https://models.test',
      models: { tiers: { sonnet: 'openai/gpt-6.1-sol' }, fallbacks: ['ollama/qwen3:8b'] },
      gates: { disabled: ['audit'], commands: { tests: 'npm run fast' } },
      sandbox: { network: ['npm ci'], readWrite: [], off: false },
      autonomous: true,
      mcpServers: { docs: { url: 'https://docs.test/mcp' } },
      stateFolder: '/state',
    });
  });
});

describe('the interface for other extensions', () => {
  it('starts, finds, lists, follows and awaits runs', async () => {
    const window = openWindow();
    const { api } = window.active;
    assert.equal(api.version, 1);
    const seen: string[] = [];
    api.onDidChangeRun((view) => seen.push(view.state.name));
    const { runId } = await api.runTask({ task: 'Tidy up' });
    assert.equal((await api.getRun(runId))?.request, 'Tidy up');
    assert.equal(await api.getRun('unknown'), undefined);
    const ended = api.waitForRun(runId);
    await window.engine().cancel(runId, 'person');
    assert.equal((await ended).state.name, 'cancelled');
    assert.deepEqual(
      (await api.listRuns()).map((view) => view.runId),
      [runId],
    );
    assert.equal(seen.at(-1), 'cancelled');
  });

  it('rejects with a message for a person', async () => {
    await assert.rejects(
      openWindow(new FakeVsCode()).active.api.runTask({ task: 'Tidy up' }),
      /No folder is open/,
    );
  });
});

describe('the engines of a window', () => {
  it('are opened once per folder', async () => {
    const window = openWindow();
    await Promise.all([window.active.api.listRuns(), window.active.api.listRuns()]);
    assert.equal(window.opened.length, 1);
  });

  it('are renewed with changed settings once none of their runs is attended here', async () => {
    const window = openWindow();
    await window.vscode.run('enterprise.runTask', { task: 'First' });
    window.vscode.configured.fire({ affectsConfiguration: () => true });
    await window.active.api.listRuns();
    assert.equal(window.opened.length, 1, 'a run is under way');
    await window.engine().cancel('run-1', 'person');
    await window.active.api.listRuns();
    assert.deepEqual(
      window.opened.map(({ engine }) => engine.isDisposed),
      [true, false],
    );
  });

  it('are closed with the window, and the runs stay resumable', async () => {
    const window = openWindow();
    await window.vscode.run('enterprise.runTask', { task: 'First' });
    await window.active.close();
    assert.equal(window.engine().isDisposed, true);
    assert.equal((await window.engine().run('run-1'))?.state.name, 'planning');
  });
});
