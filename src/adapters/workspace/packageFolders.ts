import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders with a package.json, relative with `/`, the root as `''`, parents first. Links and dependencies are not entered. */
export async function packageFolders(root: string): Promise<string[]> {
  const found: string[] = [];
  const pending = [''];
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    if (entries.some((entry) => entry.name === 'package.json' && entry.isFile())) found.push(folder);
    for (const entry of entries) {
      const isEntered = entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git';
      if (isEntered) pending.push(folder === '' ? entry.name : `${folder}/${entry.name}`);
    }
  }
  return found;
}
