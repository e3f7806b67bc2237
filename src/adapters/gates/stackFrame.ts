import type { Range } from '../../core/model/gate';
import { at } from './findings';
import type { TreePath } from './treePaths';

const frame =
  /(?:^|[\s(@'"❯])((?:file:\/\/)?(?:[A-Za-z]:)?[^\s()'"]*?[^\s()'":]):(\d+)(?::(\d+))?(?=[\s)'",:]|$)/gmu;

/**
 * The first place in a stack trace (or a failure text) that is a file of the tree and not a dependency. Preferred:
 * a frame in `preferred` (the test's own file), because that is where a person starts reading.
 */
export function placeIn(
  text: string,
  toTreePath: TreePath,
  preferred?: string,
): { file: string; range: Range } | undefined {
  let first: { file: string; range: Range } | undefined;
  for (const [, path = '', line = '', column] of text.slice(0, 20_000).matchAll(frame)) {
    const file = /\.\w+$/.test(path) ? toTreePath(path) : undefined;
    if (file === undefined || file.split('/').includes('node_modules')) continue;
    const place = { file, range: at(Number(line), column === undefined ? 1 : Number(column)) };
    if (preferred === undefined || file === preferred) return place;
    first ??= place;
  }
  return first;
}
