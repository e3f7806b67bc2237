import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

/** Finds a Chromium to show the editor in, or brings one here. */

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const execute = promisify(execFile);

/** The absolute path of a Chromium, or why there is none. */
export async function findChromium(): Promise<{ path: string } | { missing: string }> {
  const found = installedChromium();
  if (found !== undefined) return { path: found };
  const reasons: string[] = [];
  for (const [what, install] of installations()) {
    try {
      console.log(`No Chromium is installed: trying ${what} …`);
      await install();
    } catch (error) {
      reasons.push(
        `${what} failed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      );
    }
    const installed = installedChromium();
    if (installed !== undefined) return { path: installed };
  }
  return { missing: ['no Chromium is installed', ...reasons].join('; ') };
}

function installedChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const configured = process.env['CHROMIUM_PATH'];
  const candidates = [...(configured === undefined ? [] : [configured]), ...onPath, ...applications];
  return [...candidates, chromium.executablePath()].find((path) => existsSync(path));
}

function installations(): [string, () => Promise<unknown>][] {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) => execute('apt-get', args, { env, timeout: 300_000 });
  const fromApt = () => apt('install', '--yes', '--no-install-recommends', 'chromium');
  // The lists of packages may be missing, as in a new container.
  const withApt = () => fromApt().catch(() => apt('update').then(fromApt));
  const script = join(require.resolve('playwright-core'), '../cli.js');
  const withPlaywright = () =>
    execute(process.execPath, [script, 'install', 'chromium'], { timeout: 300_000 });
  const isRootOnDebian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  const all: [string, () => Promise<unknown>][] = [['playwright install chromium', withPlaywright]];
  return isRootOnDebian ? [['apt-get install chromium', withApt], ...all] : all;
}
