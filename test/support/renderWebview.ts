import { build } from 'esbuild';
import { Window } from 'happy-dom';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { FromWebview, ToWebview } from '../../src/protocol/webviewMessages';

const project = join(__dirname, '../..');

/** A webview's own bundle in a document without a screen: what a person reads and does there, and what it sends. */
export interface RenderedWebview {
  readonly document: Window['document'];
  tell(message: ToWebview): Promise<void>;
  readonly sent: FromWebview[];
  /** What the view keeps for the next time it is shown. */
  readonly saved: () => unknown;
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** Built once per process: the components with JSX and styles left out, the toolkit's controls as plain elements. */
const bundles = new Map<string, Promise<string>>();

export async function renderWebview(entry: 'panel' | 'dashboard', state?: unknown): Promise<RenderedWebview> {
  const code = await (bundles.get(entry) ?? bundles.set(entry, bundle(entry)).get(entry));
  const window = new Window({ url: 'http://webview.test' });
  const { document } = window;
  document.body.innerHTML = '<div id="root"></div>';
  const sent: FromWebview[] = [];
  let saved = state;
  const acquireVsCodeApi = () => ({
    postMessage: (message: FromWebview) => sent.push(message),
    getState: () => saved,
    setState: (next: unknown) => (saved = next),
  });
  const globals = {
    window,
    document,
    acquireVsCodeApi,
    // Its own timers, so that closing the window ends them.
    setTimeout: window.setTimeout.bind(window),
    clearTimeout: window.clearTimeout.bind(window),
    setInterval: window.setInterval.bind(window),
    clearInterval: window.clearInterval.bind(window),
    requestAnimationFrame: window.requestAnimationFrame.bind(window),
    cancelAnimationFrame: window.cancelAnimationFrame.bind(window),
  };
  // The bundle is our own code, built a moment ago; as a function it sees this document instead of a global one.
  const run = compileFunction(code ?? '', Object.keys(globals)) as (...args: unknown[]) => void;
  run(...Object.values(globals));
  await drawn(window);
  return {
    document,
    sent,
    saved: () => saved,
    tell: async (message) => {
      window.dispatchEvent(new window.MessageEvent('message', { data: message }));
      await drawn(window);
    },
    click: async (selector) => {
      find(document, selector).click();
      await drawn(window);
    },
    type: async (selector, text) => {
      const control = find(document, selector);
      Object.assign(control, { value: text });
      control.dispatchEvent(new window.Event('input', { bubbles: true }));
      await drawn(window);
    },
    close: () => window.happyDOM.close(),
  };
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    absWorkingDir: project,
    entryPoints: [`webview/${entry}.tsx`],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.css': 'empty' },
    plugins: [
      {
        name: 'plain-controls',
        setup: ({ onLoad }) =>
          onLoad({ filter: /webview[\\/]controls\.ts$/ }, () => ({
            contents: 'export function registerControls() {}',
          })),
      },
    ],
  });
  return built.outputFiles[0]?.text ?? '';
}

function find(document: Window['document'], selector: string) {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`Nothing matches ${selector} in ${document.body.innerHTML.slice(0, 2000)}`);
  return found as unknown as HTMLElementOf;
}

type HTMLElementOf = InstanceType<Window['HTMLElement']>;

/** Components draw, and effects follow, in tasks of their own: the page is drawn once it stays as it is. */
async function drawn(window: Window): Promise<void> {
  let before = '';
  for (let quiet = 0; quiet < 4;) {
    await new Promise((resolve) => setTimeout(resolve, 12));
    const now = window.document.body.innerHTML;
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}
