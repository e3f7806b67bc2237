import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../src/protocol/webviewMessages';
import type { NewEvent } from '../../src/core/model/event';
import { runDetail, runItem } from '../../src/protocol/runProjection';
import { FakeEngine } from './fakeEngine';
import { planned, ready, storyRequest, underWay, validated } from './storyOfARun';
import { openBrowser, openWebview } from './webviewPage';
import type { ThemeName } from './webviewThemes';

/**
 * Takes pictures of the panel and the dashboard in every theme, at the chapters of a run, for a person to look at:
 * `node --import tsx test/support/webviewPictures.ts FOLDER` (after `npm run build`).
 */
const environment: Environment = {
  folders: [{ name: 'shop', path: '/repo/shop' }],
  trusted: true,
  git: 'repository',
  model: 'anthropic/claude',
  models: ['anthropic/claude', 'ollama/qwen', 'offline'],
  workflows: [{ name: 'release-check', description: '', source: 'project' }],
  problem: null,
  loaded: true,
};

const chapters: Record<string, NewEvent[]> = {
  planned,
  running: [...planned, ...underWay],
  ready: [...planned, ...underWay, ...validated, ...ready],
};

function told(chapter: NewEvent[]) {
  const engine = new FakeEngine('/repo/shop', {}, Date.now() - 1000 * (chapter.length + 8));
  const old = engine.play('run-0', [
    engine.created({ request: 'Fix what the linter can fix' }),
    { type: 'phase.entered', phase: 'delivery' },
    { type: 'delivery.completed', commit: 'c0', paths: ['src/orders.ts'] },
  ]);
  const view = engine.play('run-1', [
    engine.created({ request: storyRequest, model: 'anthropic/claude', budget: { maxCostUsd: 5 } }),
    ...chapter,
  ]);
  return { runs: [runItem(view, 'here'), runItem(old, 'nobody')], run: runDetail(view, 'here') };
}

async function takePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await openBrowser();
  const shoot = async (
    name: string,
    entry: 'panel' | 'dashboard',
    theme: ThemeName,
    width: number,
    update: Partial<ReturnType<typeof told>> & { environment?: Environment },
    act?: string,
  ) => {
    const webview = await openWebview(browser, entry, { theme, width, height: 800 });
    await webview.tell({ type: 'update', environment, runs: [], run: null, ...update });
    await webview.page.waitForTimeout(300);
    if (act) await webview.page.locator(act).first().click();
    await webview.page.waitForTimeout(100);
    await webview.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    await webview.page.close();
  };
  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    await shoot(
      `panel-running-${theme}`,
      'panel',
      theme,
      340,
      told(chapters.running ?? []),
      '.task-head >> nth=1',
    );
    await shoot(
      `dashboard-running-${theme}`,
      'dashboard',
      theme,
      1280,
      told(chapters.running ?? []),
      '[data-task=limiter]',
    );
  }
  await shoot('panel-planned', 'panel', 'dark', 340, told(chapters.planned ?? []));
  await shoot('panel-ready', 'panel', 'light', 300, told(chapters.ready ?? []), '.gate-head');
  await shoot('panel-narrow', 'panel', 'dark', 220, told(chapters.running ?? []));
  await shoot('panel-empty', 'panel', 'dark', 340, {
    environment: { ...environment, git: 'no-repository', model: 'offline', models: ['offline'] },
  });
  await shoot('panel-untrusted', 'panel', 'light', 340, { environment: { ...environment, trusted: false } });
  await shoot('dashboard-ready', 'dashboard', 'dark', 1280, told(chapters.ready ?? []), '.gate-head');
  await shoot('dashboard-narrow', 'dashboard', 'light', 480, told(chapters.ready ?? []));
  await shoot('dashboard-empty', 'dashboard', 'dark', 900, {});
  await browser.close();
}

void takePictures(process.argv[2] ?? 'out/pictures');
