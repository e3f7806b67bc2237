import * as z from 'zod';
import { search } from './ripgrep';
import { defineTool, done, refused, word } from './tool';
import { readablePath } from './writing';

const maxLines = 300;
const maxChars = 48_000;

const modeArgs = {
  content: ['--line-number', '--no-heading', '--with-filename', '--max-columns=500', '--max-columns-preview'],
  files: ['--files-with-matches'],
  count: ['--count', '--with-filename'],
};

export const grep = defineTool({
  name: 'grep',
  description:
    'Searches files for a regular expression (Rust syntax). mode: `content` (default; path:line:text), `files` (paths only) or `count`. Files that git ignores are left out.',
  schema: z.object({
    pattern: z.string().min(1),
    path: z.string().min(1).optional().describe('A file or folder to search in, relative to the worktree.'),
    glob: z.string().min(1).optional().describe('Only files that match, for example `*.ts`.'),
    mode: z.enum(['content', 'files', 'count']).optional(),
  }),
  summary: ({ pattern, path }) => `grep ${word(pattern)}${path === undefined ? '' : ` in ${word(path)}`}`,
  run: async ({ pattern, path = '.', glob, mode = 'content' }, scene, signal) => {
    const target = await readablePath(scene, path);
    if (!target.ok) return target.failure;
    const { relative } = target.value;
    const where = relative === '.' ? '.' : `./${relative}`;
    const args = [
      ...modeArgs[mode],
      '--sort=path',
      ...filterArgs(glob),
      '--glob=!**/.git',
      `--regexp=${pattern}`,
      '--',
      where,
    ];
    const found = await search(scene, args, signal);
    if (!found.ok) return refused(found.failure);
    const lines = found.value.slice(0, maxLines);
    const more = found.value.length - lines.length;
    if (lines.length === 0) return done('Nothing matches.');
    const text = lines.join('\n');
    if (text.length > maxChars) return done(`${text.slice(0, maxChars)}\n[cut; narrow the search]`);
    return done(text + (more > 0 ? `\n[${more} more lines; narrow the search]` : ''));
  },
});

/** A glob for names becomes a file type, because --glob brings ignored files in; types know names only, not folders. */
function filterArgs(glob: string | undefined): string[] {
  if (glob === undefined) return [];
  return glob.includes('/') || glob.startsWith('!')
    ? [`--glob=${glob}`]
    : [`--type-add=wanted:${glob}`, '--type=wanted'];
}
