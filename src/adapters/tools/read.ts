import { readdir } from 'node:fs/promises';
import * as z from 'zod';
import type { ToolOutcome } from '../../core/ports';
import { readText } from './textFile';
import { defineTool, done, refused, word } from './tool';
import { readablePath } from './writing';
import type { WorktreePath } from './worktreePath';

const maxLines = 2000;
const maxLineChars = 2000;
const maxChars = 48_000;
const maxEntries = 500;

export const read = defineTool({
  name: 'read',
  description: `Reads a text file, up to ${maxLines} lines from \`offset\` (the number of the first line, counted from 1); lines are numbered. For a folder: its entries. Use grep to find a place in a large file.`,
  schema: z.object({
    path: z.string().min(1).describe('Relative to the worktree.'),
    offset: z.number().int().positive().optional(),
    limit: z.number().int().positive().optional(),
  }),
  summary: ({ path, offset }) => `read ${word(path)}${typeof offset === 'number' ? `:${offset}` : ''}`,
  run: async ({ path, offset = 1, limit = maxLines }, scene) => {
    const target = await readablePath(scene, path);
    if (!target.ok) return target.failure;
    const file = await readText(target.value);
    if (file === 'missing')
      return refused(`${target.value.relative} does not exist. Use glob to find files.`);
    if (!file.ok)
      return file.failure.endsWith('is a folder.') ? entries(target.value) : refused(file.failure);
    scene.record.note(target.value.absolute, file.value.digest);
    return numbered(target.value.relative, file.value.text, offset, Math.min(limit, maxLines));
  },
});

function numbered(path: string, text: string, offset: number, limit: number): ToolOutcome {
  if (text === '') return done(`${path} is empty.`);
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (offset > lines.length)
    return refused(`${path} has ${lines.length} lines; line ${offset} is after its end.`);
  const shown: string[] = [];
  let chars = 0;
  for (const [index, line] of lines.slice(offset - 1, offset - 1 + limit).entries()) {
    const numberedLine = `${String(offset + index).padStart(6)}\t${cutLine(line)}`;
    chars += numberedLine.length + 1;
    if (chars > maxChars) break;
    shown.push(numberedLine);
  }
  const next = offset + shown.length;
  const more =
    next <= lines.length
      ? `\n[lines ${next} to ${lines.length} are not shown; read on with offset ${next}]`
      : '';
  return done(shown.join('\n') + more);
}

function cutLine(line: string): string {
  return line.length > maxLineChars
    ? `${line.slice(0, maxLineChars)}… [${line.length - maxLineChars} more characters in this line]`
    : line;
}

async function entries(path: WorktreePath): Promise<ToolOutcome> {
  const found = await readdir(path.absolute, { withFileTypes: true });
  const names = found
    .filter((entry) => entry.name !== '.git')
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  if (names.length === 0) return done(`${path.relative} is an empty folder.`);
  const more = names.length > maxEntries ? `\n[${names.length - maxEntries} more entries are not shown]` : '';
  return done(names.sort().slice(0, maxEntries).join('\n') + more);
}
