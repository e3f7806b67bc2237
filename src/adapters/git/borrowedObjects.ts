import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * Folders of objects a git repository reads: its own, and those it borrows from, also through others. Absolute paths.
 * The format of `objects/info/alternates` is in gitrepository-layout(5): one path a line, relative to the folder of objects.
 * @param gitDir a repository only the engine or the person writes: what it names will be shown to agents
 */
export async function borrowedObjects(gitDir: string): Promise<string[]> {
  const found: string[] = [];
  const pending = [join(gitDir, 'objects')];
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    if (found.includes(folder)) continue;
    found.push(folder);
    const alternates = await readFile(join(folder, 'info', 'alternates'), 'utf8').catch(() => '');
    for (const line of alternates.split('\n')) {
      if (line !== '' && !line.startsWith('#')) pending.push(resolve(folder, line));
    }
  }
  return found;
}
