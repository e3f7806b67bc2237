import * as z from 'zod';
import { ok } from '../../base/result';
import { logFile } from './logs';
import { search } from './ripgrep';
import { shownPath, type RipgrepRecord } from './ripgrepRecords';
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
    path: z
      .string()
      .min(1)
      .optional()
      .describe('A file or folder to search in, relative to the worktree, or a log (`logs:…`).'),
    glob: z.string().min(1).optional().describe('Only files that match, for example `*.ts`.'),
    mode: z.enum(['content', 'files', 'count']).optional(),
  }),
  summary: ({ pattern, path }) => `grep ${word(pattern)}${path === undefined ? '' : ` in ${word(path)}`}`,
  run: async ({ pattern, path = '.', glob, mode = 'content' }, scene, signal) => {
    const log = logFile(scene.logFolder, path);
    const target = log ? ok(log) : await readablePath(scene, path);
    if (!target.ok) return target.failure;
    const { relative, absolute } = target.value;
    const where = log ? absolute : relative === '.' ? '.' : `./${relative}`;
    const args = [
      ...modeArgs[mode],
      '--sort=path',
      ...filterArgs(glob),
      '--glob=!**/.git',
      `--regexp=${pattern}`,
      '--',
      where,
    ];
    const shown = new Shown(log ? path : undefined);
    const hasText = mode !== 'files';
    const onRecord = (record: RipgrepRecord) => shown.add(record);
    const found = await search(scene, args, { hasText, onRecord }, signal);
    return found.ok ? done(shown.text()) : refused(found.failure);
  },
});

/** The first lines that were found, and how many there are besides. */
class Shown {
  private readonly lines: string[] = [];
  private chars = 0;
  private count = 0;

  /** @param name shown in the place of the path */
  constructor(private readonly name: string | undefined) {}

  add({ path, rest }: RipgrepRecord): void {
    this.count++;
    if (this.lines.length >= maxLines || this.chars > maxChars) return;
    const line = `${this.name ?? shownPath(path)}${rest === '' ? '' : `:${rest}`}`;
    this.chars += line.length + 1;
    this.lines.push(line);
  }

  text(): string {
    if (this.count === 0) return 'Nothing matches.';
    const more = this.count - this.lines.length;
    return this.lines.join('\n') + (more > 0 ? `\n[${more} more lines; narrow the search]` : '');
  }
}

/** A glob for names becomes a file type, because --glob brings ignored files in; types know names only, not folders. */
function filterArgs(glob: string | undefined): string[] {
  if (glob === undefined) return [];
  return glob.includes('/') || glob.startsWith('!')
    ? [`--glob=${glob}`]
    : [`--type-add=wanted:${glob}`, '--type=wanted'];
}
