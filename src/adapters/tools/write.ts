import * as z from 'zod';
import { brokenSyntax } from './syntaxCheck';
import { readText, writeText } from './textFile';
import { defineTool, done, refused, word } from './tool';
import { writablePath } from './writing';

export const write = defineTool({
  name: 'write',
  description:
    'Writes a whole file: a new one, or one that was read before and has not changed since. To change a part of a file use edit.',
  schema: z.object({ path: z.string().min(1).describe('Relative to the worktree.'), content: z.string() }),
  summary: ({ path }) => `write ${word(path)}`,
  run: async ({ path, content }, scene) => {
    const target = await writablePath(scene, path, 'Write', content);
    if (!target.ok) return target.failure;
    const { absolute, relative } = target.value;
    const file = await readText(target.value);
    if (file !== 'missing') {
      if (!file.ok) return refused(file.failure);
      const known = scene.record.knows(absolute, file.value.digest);
      if (known === 'unread')
        return refused(
          `${relative} exists already. Read it first, so that nothing in it is lost by mistake.`,
        );
      if (known === 'changed')
        return refused(`${relative} has changed since you read it. Read it again first.`);
    }
    const like = file === 'missing' ? undefined : file.value;
    scene.record.note(absolute, await writeText(target.value, content, like));
    const text = `${like ? 'Replaced' : 'Created'} ${relative} (${content.split('\n').length} lines).`;
    const broken = await brokenSyntax(relative, like?.text, content);
    return done([text, broken].filter(Boolean).join('\n'));
  },
});
