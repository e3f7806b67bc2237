import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Frame, type Page, chromium } from 'playwright-core';
import { findChromium } from './chromium';
import { type EditorServer, startServer } from './server';

/**
 * Opens a real VS Code in a headless Chromium, with a folder and an extension. For tests that click and for pictures:
 *
 *   const editor = await openEditor({ folder, extension: projectRoot, settings: { 'workbench.colorTheme': 'Light Modern' } });
 *   await editor.command('Enterprise: Open Dashboard');
 *   const dashboard = await editor.webview('[data-part="graph"]');   // the frame that has this element
 *   await dashboard.click('text=Tasks');
 *   await editor.screenshot('/somewhere/dashboard.png');
 *   await editor.close();                                            // always: ends browser, server, extension host
 *
 * `extension` is a folder with a package.json and a built dist/; `vsix` installs a file, as a person would. The
 * theme is 'Dark Modern' unless said otherwise; others: 'Light Modern', 'Default High Contrast' (dark),
 * 'Default High Contrast Light'.
 */

export interface EditorOptions {
  /** Absolute path of the folder to open; undefined: an empty window. */
  readonly folder?: string;
  /** Absolute path of an extension under development. */
  readonly extension?: string;
  /** Absolute paths of folders with other extensions, put where installed ones are. */
  readonly companions?: readonly string[];
  /** Absolute path of a `.vsix` to install. */
  readonly vsix?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Absolute path of a CommonJS module whose `run()` is called in the extension host. */
  readonly extensionTests?: string;
  /** Added to the environment of the extension host, for example ENTERPRISE_HOME. */
  readonly env?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface Editor {
  readonly page: Page;
  /** What the page and its webviews reported as errors, without those of the editor itself. */
  readonly errors: readonly string[];
  /** Runs a command by the title the palette shows. */
  command(title: string): Promise<void>;
  /** Waits for the frame of a webview that holds an element. */
  webview(selector: string, timeoutMs?: number): Promise<Frame>;
  screenshot(path: string): Promise<void>;
  /** What the server and the extension host printed is in this file until `close`. */
  readonly logPath: string;
  close(): Promise<void>;
}

const defaultViewport = { width: 1440, height: 900 };
const browserArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openEditor(options: EditorOptions): Promise<Editor> {
  const found = await findChromium();
  if ('missing' in found) throw new Error(found.missing);
  const home = await realpath(await mkdtemp(join(tmpdir(), 'enterprise-editor-')));
  let server: EditorServer | undefined;
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await server?.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    server = await startServer({ ...options, home });
    browser = await chromium.launch({ executablePath: found.path, args: browserArgs });
    const page = await browser.newPage({ viewport: options.viewport ?? defaultViewport });
    const errors = collectErrors(page);
    await page.goto(
      addressOf(server.authority, { ...options, ...(await linkedExtension(options.extension, home)) }),
    );
    // Its theme comes last.
    await page
      .locator('.monaco-workbench[class*="vscode-theme-"] .part.statusbar')
      .waitFor({ timeout: 60_000 });
    return { page, errors, ...actions(page), logPath: server.logPath, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The editor takes everything below an extension under development for a part of it, so that an editor installed below
 * the project loses its own themes: a link from elsewhere stands for the project.
 */
export async function linkedExtension(
  extension: string | undefined,
  home: string,
): Promise<{ extension?: string }> {
  if (extension === undefined) return {};
  const link = join(home, 'extension');
  await symlink(extension, link, 'junction');
  return { extension: link };
}

/** Where a server shows a folder; the payload reaches the workbench only with `--enable-smoke-test-driver`. */
export function addressOf(
  authority: string,
  { folder, extension, extensionTests }: Pick<EditorOptions, 'folder' | 'extension' | 'extensionTests'>,
): string {
  const remote = (path: string) => `vscode-remote://${authority}${path}`;
  const payload: [string, string][] = [];
  if (extension !== undefined) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (extensionTests !== undefined) payload.push(['extensionTestsPath', remote(extensionTests)]);
  const query = new URLSearchParams(folder === undefined ? { ew: 'true' } : { folder });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://${authority}/?${query.toString()}`;
}

function actions(page: Page): Pick<Editor, 'command' | 'webview' | 'screenshot'> {
  return {
    command: async (title) => {
      await page.keyboard.press('F1');
      const input = page.locator('.quick-input-widget input');
      await input.waitFor();
      await input.fill(`>${title}`);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
    },
    webview: (selector, timeoutMs = 20_000) => frameWith(page, selector, timeoutMs),
    screenshot: async (path) => {
      await page.screenshot({ path });
    },
  };
}

async function frameWith(page: Page, selector: string, timeoutMs: number): Promise<Frame> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    for (const frame of page.frames().filter((candidate) => candidate !== page.mainFrame())) {
      // A frame that is being replaced answers with an error; it is asked again on the next round.
      const count = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (count > 0) return frame;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`no webview showed ${selector} within ${timeoutMs} ms`);
}

/** The hash of nothing: the toolkit sets an empty inline style, which the policy of a webview rightly refuses. */
const emptyStyle = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** The workbench logs many errors of its own (missing natives, no network); those of webviews are ours. */
function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    const { url } = message.location();
    const text = message.text();
    const isOfWebview = url === '' || /\/webview\/|vscode-(remote-)?resource/.test(url);
    const isKnown = text.includes(emptyStyle) || text.startsWith('A bad HTTP response code (404)');
    if (message.type() === 'error' && isOfWebview && !isKnown) errors.push(text);
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}
