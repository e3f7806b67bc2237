import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { steeredBy } from '../../core/model/steeringFiles';

/** Files and folders of a checkout that steer agents, editors or hooks; absolute, the topmost of each. Links are not entered. */
export async function steeringPaths(root: string): Promise<string[]> {
  const found: string[] = [];
  const pending = [''];
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (steeredBy(path) !== undefined) found.push(join(root, path));
      else if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git')
        pending.push(path);
    }
  }
  return found;
}
