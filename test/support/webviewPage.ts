import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { FromWebview, ToWebview } from '../../src/protocol/webviewMessages';
import { findChromium } from './editor/chromium';
import { themeOf, type ThemeName } from './webviewThemes';

const built = join(__dirname, '../../dist/webview');

/** A built webview in a plain browser: the page plays the editor's part, its theme included. */
export interface WebviewPage {
  readonly page: Page;
  tell(message: ToWebview): Promise<void>;
  /** What the webview sent so far. */
  sent(): Promise<FromWebview[]>;
}

/** As text: the browser must get it untouched by whatever runs this file. */
const editorsPart = `
  let state;
  globalThis.sentMessages = [];
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => sentMessages.push(message),
    getState: () => state,
    setState: (next) => (state = next),
  });`;

/** Rejects where no browser is installed, with what to do. */
export async function openBrowser(): Promise<Browser> {
  const found = await findChromium();
  if ('missing' in found) throw new Error(found.missing);
  return chromium.launch({ executablePath: found.path, args: ['--no-sandbox', '--disable-gpu'] });
}

export async function openWebview(
  browser: Browser,
  entry: 'panel' | 'dashboard',
  options: { theme: ThemeName; width: number; height: number; isMotionReduced?: boolean },
): Promise<WebviewPage> {
  const page = await browser.newPage({
    viewport: { width: options.width, height: options.height },
    reducedMotion: options.isMotionReduced ? 'reduce' : 'no-preference',
  });
  const { bodyClass, rootStyle } = themeOf(options.theme);
  const background =
    entry === 'panel' ? 'var(--vscode-sideBar-background)' : 'var(--vscode-editor-background)';
  const style = await readFile(join(built, `${entry}.css`), 'utf8');
  // Scripts stand in the page, as in the editor: the toolkit of controls reads the theme when the page has loaded.
  const script = (await readFile(join(built, `${entry}.js`), 'utf8')).replaceAll('</script', '<\\/script');
  await page.setContent(
    `<!DOCTYPE html><html style="${rootStyle}"><head><style>${style}</style></head>
     <body class="${entry} ${bodyClass}" style="background: ${background}"><div id="root"></div>
     <script>${editorsPart}</script><script>${script}</script></body></html>`,
  );
  return {
    page,
    tell: (message) => page.evaluate(`postMessage(${JSON.stringify(message)}, '*')`),
    sent: () => page.evaluate<FromWebview[]>('sentMessages'),
  };
}
