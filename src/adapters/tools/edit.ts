import * as z from 'zod';
import { nearestRegion } from './nearestRegion';
import { brokenSyntax } from './syntaxCheck';
import { readText, writeText } from './textFile';
import { defineTool, done, refused, word } from './tool';
import { writablePath } from './writing';

export const edit = defineTool({
  name: 'edit',
  description:
    'Replaces `old` by `new` in a file. `old` must stand there exactly, with its white space, and only once: take in enough lines around it, or set replaceAll. The line numbers that read shows are not part of the file.',
  schema: z.object({
    path: z.string().min(1).describe('Relative to the worktree.'),
    old: z.string().min(1),
    new: z.string(),
    replaceAll: z.boolean().optional(),
  }),
  summary: ({ path }) => `edit ${word(path)}`,
  run: async (input, scene) => {
    const target = await writablePath(scene, input.path, 'Edit', `Replace\n${input.old}\nby\n${input.new}`);
    if (!target.ok) return target.failure;
    const { absolute, relative } = target.value;
    const file = await readText(target.value);
    if (file === 'missing') return refused(`${relative} does not exist. Use write to create it.`);
    if (!file.ok) return refused(file.failure);
    if (scene.record.knows(absolute, file.value.digest) === 'changed') {
      return refused(`${relative} has changed since you read it. Read it again first.`);
    }
    const changed = replaced(
      relative,
      file.value.text,
      { ...input, replaceAll: input.replaceAll === true },
      file.value.lineEnd,
    );
    if ('why' in changed) return refused(changed.why);
    scene.record.note(absolute, await writeText(target.value, changed.text, file.value));
    const place = changed.count === 1 ? `line ${changed.line}` : `${changed.count} places`;
    const broken = await brokenSyntax(relative, file.value.text, changed.text);
    return done([`Edited ${relative}: ${place}.`, broken].filter(Boolean).join('\n'));
  },
});

function replaced(
  path: string,
  text: string,
  input: { old: string; new: string; replaceAll: boolean },
  lineEnd: '\n' | '\r\n',
): { text: string; count: number; line: number } | { why: string } {
  // A model that writes `\r\n` for a file of such lines means the same as one that writes `\n`.
  const plain = (part: string) => (lineEnd === '\r\n' ? part.replaceAll('\r\n', '\n') : part);
  const [old, fresh] = [plain(input.old), plain(input.new)];
  if (old === fresh) return { why: '`old` and `new` are the same; nothing was changed.' };
  const parts = text.split(old);
  const count = parts.length - 1;
  if (count === 0)
    return { why: `\`old\` does not stand in ${path}; nothing was changed. ${nearestRegion(text, old)}` };
  if (count > 1 && !input.replaceAll) {
    return {
      why: `\`old\` stands ${count} times in ${path} (lines ${linesOf(parts, old).join(', ')}); nothing was changed. Take in more lines around the place you mean, or set replaceAll.`,
    };
  }
  return { text: parts.join(fresh), count, line: linesOf(parts, old)[0] ?? 1 };
}

/** The lines on which the occurrences between the parts begin, at most ten. */
function linesOf(parts: readonly string[], old: string): number[] {
  const lines: number[] = [];
  let line = 1;
  for (const part of parts.slice(0, -1).slice(0, 10)) {
    line += breaks(part);
    lines.push(line);
    line += breaks(old);
  }
  return lines;
}

function breaks(text: string): number {
  return text.split('\n').length - 1;
}
