import picomatch from 'picomatch/posix';
import * as z from 'zod';
import { search } from './ripgrep';
import { shownPath, type RipgrepRecord } from './ripgrepRecords';
import { defineTool, done, refused, word } from './tool';
import { readablePath } from './writing';

const maxFiles = 500;

export const glob = defineTool({
  name: 'glob',
  description:
    'Lists files whose path matches a glob: `src/**/*.ts`, `*.md` (in any folder), `{a,b}/*.json`. Files that git ignores are left out.',
  schema: z.object({ pattern: z.string().min(1) }),
  summary: ({ pattern }) => `glob ${word(pattern)}`,
  run: async ({ pattern }, scene, signal) => {
    const wanted = pattern.replace(/^\.\//, '');
    if (wanted.startsWith('!'))
      return refused('A glob that begins with ! says what not to list; say what to list.');
    const root = await readablePath(scene, '.');
    if (!root.ok) return root.failure;
    const isWanted = picomatch(wanted, { dot: true, basename: !wanted.includes('/') });
    const lines: string[] = [];
    let count = 0;
    const onRecord = ({ path }: RipgrepRecord) => {
      if (isWanted(path) && ++count <= maxFiles) lines.push(shownPath(path));
    };
    // Not by ripgrep's own --glob, which would bring ignored files in.
    const args = ['--files', '--sort=path', '--glob=!**/.git', '.'];
    const found = await search(scene, args, { hasText: false, onRecord }, signal);
    if (!found.ok) return refused(found.failure);
    const more = count - lines.length;
    if (lines.length === 0)
      return done(`No file matches ${pattern} (files that git ignores are not looked at).`);
    return done(lines.join('\n') + (more > 0 ? `\n[${more} more files; narrow the pattern]` : ''));
  },
});
