import type { Coverage } from '../../../core/model/gate';
import type { TreePath } from '../treePaths';

/**
 * Reads LCOV's tracefile format (geninfo(1)): `SF:` opens a file, `DA:line,hits` is a line. Files outside the tree and
 * dependencies are left out; a file measured by several runs counts a line as covered when one of them ran it.
 * Undefined when no file of the tree is in it.
 */
export function parseLcov(text: string, toTreePath: TreePath): Coverage | undefined {
  const files = new Map<string, Map<number, boolean>>();
  let lines: Map<number, boolean> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('SF:')) {
      const file = toTreePath(line.slice(3));
      lines =
        file === undefined || file.split('/').includes('node_modules') ? undefined : linesOf(files, file);
    } else if (line.startsWith('DA:')) {
      const [number, hits] = line.slice(3).split(',').map(Number);
      if (lines && number !== undefined && hits !== undefined)
        lines.set(number, (lines.get(number) ?? false) || hits > 0);
    } else if (line === 'end_of_record') {
      lines = undefined;
    }
  }
  if (files.size === 0) return undefined;
  const byFile = [...files].map(([file, seen]) => ({ file, covered: coveredIn(seen), total: seen.size }));
  byFile.sort((a, b) => (a.file < b.file ? -1 : 1));
  const add = (field: 'covered' | 'total') => byFile.reduce((sum, entry) => sum + entry[field], 0);
  return { covered: add('covered'), total: add('total'), byFile };
}

function linesOf(files: Map<string, Map<number, boolean>>, file: string): Map<number, boolean> {
  const known = files.get(file) ?? new Map<number, boolean>();
  files.set(file, known);
  return known;
}

function coveredIn(lines: ReadonlyMap<number, boolean>): number {
  return [...lines.values()].filter(Boolean).length;
}
