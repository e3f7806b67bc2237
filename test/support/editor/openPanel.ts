import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { createSample } from '../../../scripts/sample.mjs';
import { createEngine } from '../../../src/compose';
import type { Engine } from '../../../src/core/coordination/engine';
import type { EventOf, StoredEvent } from '../../../src/core/model/event';
import type { ModelScript } from '../modelScript';
import { startOpenAiServer } from '../openaiServer';
import { expectOk } from '../realGit';
import { nobody } from '../scenario';
import type { ScriptedServer } from '../scriptedServer';
import { projectRoot } from './install';
import { type Editor, openEditor } from './openEditor';
import { prepareSlowness } from './slowPanel';

/**
 * The agent panel in a real editor, over a copy of the sample repository and a scripted model. What it shows is compared
 * with what the model was asked and with the journal, which a second process reads as another window would.
 */
export interface OpenPanel {
  readonly editor: Editor;
  readonly panel: Frame;
  readonly model: ScriptedServer;
  /** Absolute path of the repository. */
  readonly folder: string;
  readonly engine: Engine;
  /** Types a task and starts it. */
  run(task: string): Promise<void>;
  /** The question whose text holds this. */
  card(text: string): Locator;
  /** Answers a question by a button. */
  press(card: string, button: string): Promise<void>;
  /** Waits for the state of the shown run, as its label says it. */
  state(label: string): Promise<void>;
  /** Unfolds a task, and gives its row. */
  task(title: string): Promise<Locator>;
  /** What the newest run has in the journal. */
  events(): Promise<StoredEvent[]>;
  eventsOf<T extends StoredEvent['type']>(type: T): Promise<EventOf<T>[]>;
  close(): Promise<void>;
}

export async function openPanel(
  script: ModelScript,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<OpenPanel> {
  const home = await mkdtemp(join(tmpdir(), 'enterprise-panel-'));
  const folder = await createSample(process.env);
  const model = await startOpenAiServer(script);
  const state = join(home, 'state');
  const chosen = { 'enterprise.model': 'openai-compatible/scripted', 'enterprise.baseUrl': model.baseUrl };
  const editor = await openEditor({
    ...{ folder, extension: projectRoot, settings: { ...chosen, ...settings } },
    env: { ENTERPRISE_HOME: state },
  });
  await prepareSlowness(editor.page);
  await editor.page.locator('.activitybar [aria-label^="Enterprise"]').first().click();
  const panel = await editor.webview('.task-box');
  const reader = { workspace: folder, approver: nobody, settings: { stateFolder: state } };
  const engine = expectOk(await createEngine({ ...reader, apiKey: () => Promise.resolve(undefined) }));
  const close = async () => {
    await editor.close();
    await engine.dispose();
    await model.close();
    for (const place of [home, folder]) await rm(place, { recursive: true, force: true, maxRetries: 5 });
  };
  return { editor, panel, model, folder, engine, ...actions(panel, engine), close };
}

function actions(
  panel: Frame,
  engine: Engine,
): Omit<OpenPanel, 'editor' | 'panel' | 'model' | 'folder' | 'engine' | 'close'> {
  const card = (text: string) => panel.locator('.approval', { hasText: text });
  const events = async () => engine.events((await engine.runs())[0]?.runId ?? '');
  return {
    card,
    events,
    run: async (task) => {
      const box = panel.locator('.task-box textarea').first();
      await box.fill(task);
      await box.press('Control+Enter');
    },
    press: (text, button) => card(text).getByText(button, { exact: true }).click({ timeout: 60_000 }),
    state: (label) => panel.locator('.run .pill', { hasText: label }).waitFor({ timeout: 90_000 }),
    task: async (title) => {
      const row = panel.locator('.task', { hasText: title });
      const head = row.locator('.task-head');
      if ((await head.getAttribute('aria-expanded')) !== 'true') await head.click();
      return row;
    },
    eventsOf: async <T extends StoredEvent['type']>(type: T) =>
      (await events()).filter((event): event is EventOf<T> => event.type === type),
  };
}
