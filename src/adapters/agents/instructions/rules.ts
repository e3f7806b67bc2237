import type { Task } from '../../../core/model/plan';
import { scopesOverlap } from '../../../core/planning/scope';
import { readFrontMatter } from '../definitions/frontMatter';
import type { Candidate } from './candidates';
import type { CommittedFiles } from './committedFiles';

const maxRules = 20;
const everything = /^(?:\*\*|\*\*\/\*|\*)$/;

/**
 * The files of `.github/instructions` by the globs they say they apply to (`applyTo`; format: VS Code and GitHub
 * `.instructions.md`). One for some files only is left for the agent to read where its task may change anything.
 */
export async function rulesFor(
  { scope }: Pick<Task, 'scope'>,
  files: CommittedFiles,
): Promise<{ applying: Candidate[]; further: string[] }> {
  const applying: Candidate[] = [];
  const further: string[] = [];
  const paths = files.paths.filter((path) => /^\.github\/instructions\/.+\.instructions\.md$/i.test(path));
  for (const path of [...paths].sort().slice(0, maxRules)) {
    const applyTo = readFrontMatter((await files.read(path)) ?? '').fields?.get('applyTo');
    const globs = typeof applyTo === 'string' ? applyTo.split(',').map((glob) => glob.trim()) : [];
    const isGeneral = globs.some((glob) => everything.test(glob));
    if (isGeneral || (scope.length > 0 && scopesOverlap(scope, globs)))
      applying.push({ path, maxChars: Number.POSITIVE_INFINITY });
    else if (scope.length === 0) further.push(path);
  }
  return { applying, further };
}
