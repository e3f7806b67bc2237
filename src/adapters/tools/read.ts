import { open, opendir } from 'node:fs/promises';
import * as z from 'zod';
import { fail, ok, type Result } from '../../base/result';
import type { ToolOutcome } from '../../core/ports';
import { fileKind } from './fileKind';
import { inHeldFolder } from './heldFolder';
import { readLines, type Line, type Slice, type SliceLimits } from './lineReader';
import { logFile } from './logs';
import { shownPath } from './ripgrepRecords';
import { readFlags, readText, statOf } from './textFile';
import { defineTool, done, refused, word, type ToolScene } from './tool';
import type { WorktreePath } from './worktreePath';
import { readablePath } from './writing';

const maxLines = 2000;
const maxLineChars = 2000;
const maxChars = 48_000;
const maxEntries = 500;
/** Beyond this the names of a folder are not even looked at. */
const maxListed = 20_000;
/** A larger file is read line by line and never held whole. */
const maxWholeBytes = 1_000_000;

export const read = defineTool({
  name: 'read',
  description: `Reads a text file of any size, up to ${maxLines} lines from \`offset\` (the number of the first line, counted from 1); lines are numbered. For a folder: its entries. Also reads the whole output of a command (\`logs:…\`). Use grep to find a place in a large file.`,
  schema: z.object({
    path: z.string().min(1).describe('Relative to the worktree.'),
    offset: z.number().int().positive().optional(),
    limit: z.number().int().positive().optional(),
  }),
  summary: ({ path, offset }) => `read ${word(path)}${typeof offset === 'number' ? `:${offset}` : ''}`,
  run: async ({ path, offset = 1, limit = maxLines }, scene) => {
    const log = logFile(scene.logFolder, path);
    const target = log ? ok(log) : await readablePath(scene, path);
    if (!target.ok) return target.failure;
    const found = await statOf(target.value.absolute);
    if (!found) return refused(`${target.value.relative} does not exist. Use glob to find files.`);
    if (found.isDirectory()) return entries(target.value);
    const limits = { offset, lines: Math.min(limit, maxLines), lineChars: maxLineChars, chars: maxChars };
    const slice =
      found.isFile() && found.size > maxWholeBytes
        ? await sliceOfLarge(target.value, limits, scene)
        : await sliceOfWhole(target.value, limits, scene);
    return slice.ok ? numbered(target.value.relative, slice.value, offset) : refused(slice.failure);
  },
});

async function sliceOfWhole(
  path: WorktreePath,
  limits: SliceLimits,
  scene: ToolScene,
): Promise<Result<Slice, string>> {
  const file = await readText(path);
  if (file === 'missing') return fail(`${path.relative} does not exist. Use glob to find files.`);
  if (!file.ok) return file;
  const { text, digest } = file.value;
  scene.record.note(path.absolute, digest);
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  const lines: Line[] = [];
  let chars = 0;
  for (const line of all.slice(limits.offset - 1, limits.offset - 1 + limits.lines)) {
    const shown = line.slice(0, limits.lineChars);
    chars += shown.length + 8;
    if (chars > limits.chars && lines.length > 0) break;
    lines.push({ text: shown, more: line.length - shown.length });
  }
  return ok({ lines, total: all.length, isAll: true });
}

async function sliceOfLarge(
  path: WorktreePath,
  limits: SliceLimits,
  scene: ToolScene,
): Promise<Result<Slice, string>> {
  return inHeldFolder(path, false, (at) => sliceAt(at, path, limits, scene));
}

async function sliceAt(
  at: string,
  path: WorktreePath,
  limits: SliceLimits,
  scene: ToolScene,
): Promise<Result<Slice, string>> {
  const file = await open(at, readFlags);
  const head = Buffer.alloc(8192);
  const { bytesRead } = await file.read(head, 0, head.length, 0).finally(() => file.close());
  const start = head.subarray(0, bytesRead);
  if (start.includes(0))
    return fail(`${path.relative} is ${fileKind(path.relative, start)} and cannot be read as text.`);
  const slice = await readLines(at, limits);
  if (slice.digest !== undefined) scene.record.note(path.absolute, slice.digest);
  return ok(slice);
}

function numbered(path: string, { lines, total, isAll }: Slice, offset: number): ToolOutcome {
  if (total === 0) return done(`${path} is empty.`);
  if (offset > total) return refused(`${path} has ${total} lines; line ${offset} is after its end.`);
  const shown = lines.map((line, index) => `${String(offset + index).padStart(6)}\t${lineText(line)}`);
  const next = offset + shown.length;
  const last = isAll ? `${total}` : `${total} (at least)`;
  const more = next <= total ? `\n[lines ${next} to ${last} are not shown; read on with offset ${next}]` : '';
  return done(shown.join('\n') + more);
}

function lineText({ text, more }: Line): string {
  return more > 0 ? `${text}… [${more} more characters in this line]` : text;
}

async function entries(path: WorktreePath): Promise<ToolOutcome> {
  const names: string[] = [];
  let isCut = false;
  for await (const entry of await opendir(path.absolute)) {
    if (entry.name === '.git') continue;
    if (names.length >= maxListed) {
      isCut = true;
      break;
    }
    const shown = shownPath(entry.name);
    names.push(entry.isDirectory() ? `${shown}/` : entry.isSymbolicLink() ? `${shown}@` : shown);
  }
  if (names.length === 0) return done(`${path.relative} is an empty folder.`);
  const rest = names.length - maxEntries;
  const more =
    rest > 0 ? `\n[${isCut ? 'more than ' : ''}${rest} more entries are not shown; use glob or grep]` : '';
  return done(names.sort().slice(0, maxEntries).join('\n') + more);
}
