import { pathsOf, usage, type PathUse, type Usage } from './optionSpec';
import type { Word } from './shellWord';

/**
 * The part of git that only looks: no option that runs a program (`--ext-diff`, `--textconv`, `-c`), writes a file
 * (`--output`) or looks outside the repository (`--no-index`). The operands are names of commits and of files.
 */
const history =
  '-# -pusrzMCDRabw -n=text -S=text -G=text -U=text -L=text --oneline --stat --shortstat --numstat --name-only --name-status ' +
  '--no-color --color? --graph --all --cached --staged --patch --no-patch --raw --summary --word-diff? --minimal --diff-filter=text ' +
  '--follow --reverse --merges --no-merges --first-parent --decorate? --no-decorate --abbrev-commit --check --quiet ' +
  '--format=text --pretty? --date=text --since=text --until=text --after=text --before=text --author=text --grep=text ' +
  '--max-count=text --skip=text --unified=text --ignore-all-space --ignore-space-change --no-renames --exit-code --stat? ' +
  '--find-renames? --relative --no-ext-diff --no-textconv --full-index --topo-order --left-right --cherry-pick --count';

const looking: Readonly<Record<string, Usage>> = {
  status: usage('-sbuvz --short --branch --porcelain? --ignored? --untracked-files? --long', 'text'),
  diff: usage(history, 'text'),
  log: usage(history, 'text'),
  show: usage(history, 'text'),
  shortlog: usage('-sne --summary --numbered --email', 'text'),
  blame: usage('-lsewtfp -L=text --porcelain --date=text', 'text'),
  'ls-files': usage(
    '-cdmoskutz --cached --deleted --modified --others --ignored --exclude-standard --stage',
    'text',
  ),
  'ls-tree': usage('-rtdlz --name-only --full-tree --long', 'text'),
  'rev-parse': usage(
    '--short? --verify --abbrev-ref --show-toplevel --is-inside-work-tree --show-prefix',
    'text',
  ),
  'rev-list': usage(history, 'text'),
  'merge-base': usage('-a --all --is-ancestor', 'text'),
  'cat-file': usage('-tspe', 'text'),
  describe: usage('--tags --always --long --abbrev=text --all', 'text'),
  branch: usage('-avr --all --list --show-current --remotes --verbose', ''),
  'check-ignore': usage('-vq --verbose', 'text'),
  'show-ref': usage('-dhs --heads --tags --verify', 'text'),
  grep: usage(
    '-# -iInlcwvEFPohLHqW -e=text -A=text -B=text -C=text --count --line-number --name-only',
    'text',
  ),
};

const everywhere = new Set(['--no-pager', '-P', '--no-optional-locks', '--literal-pathspecs']);

/** Parts of git whose words are texts as often as files. */
const wordy = /^(commit|tag|notes|merge|stash)$/;

/** Which paths a git command that only looks reads; a text says why it may do more. */
export function gitPaths(words: readonly Word[]): PathUse[] | string {
  let at = 1;
  while (everywhere.has(words[at]?.text ?? '')) at++;
  const [name, ...rest] = words.slice(at);
  const found =
    name?.kind === 'literal' && Object.hasOwn(looking, name.text) ? looking[name.text] : undefined;
  if (!name || !found) return `git ${name?.text ?? ''} may change the repository or run programs`;
  const known = pathsOf(found, [name, ...rest]);
  return typeof known === 'string' ? known : pathsAmong(words);
}

/** Words that name files outside the tree or cannot be told; git compares and applies such files too. */
export function pathsAmong(words: readonly Word[]): PathUse[] {
  const part = words.slice(1).find((word) => !word.text.startsWith('-'));
  return words.flatMap((word, at): PathUse[] => {
    if (at === 0 || word.text.startsWith('-')) return [];
    if (word.kind !== 'literal') return [{ effect: 'read', word, at }];
    const isPath = /^[/~]|(^|\/)\.\.(\/|$)|^\.git(\/|$)/i.test(word.text) && !wordy.test(part?.text ?? '');
    return isPath ? [{ effect: 'read', word, at }] : [];
  });
}
