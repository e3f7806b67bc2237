/**
 * Arguments that make a program a person allowed do something else than its name says: run a command, take its
 * configuration from elsewhere, reach another machine. They ask, unless the rule names them. Each is a pattern of one word.
 */
const dangers: Readonly<Record<string, RegExp>> = {
  git: /^(-c|-C|--config-env|--exec-path|--git-dir|--work-tree|--namespace|--upload-pack|--receive-pack|--exec|-x|--ext-diff|--textconv|--open-files-in-pager|-O.*|--output|--template|--no-index|--separate-git-dir|-u|--config)(=|$)/,
  npm: /^(exec|x|-c|--call|explore|publish|set|config|--script-shell|--node-options|--prefix|-C|--userconfig|--globalconfig|--registry|--git|--shell)(=|$)/,
  pnpm: /^(exec|dlx|x|-c|--shell-mode|publish|config|--script-shell|--dir|-C|--registry)(=|$)/,
  yarn: /^(exec|dlx|publish|config|--cwd|--registry|--use-yarnrc)(=|$)/,
  node: /^(-e|--eval|-p|-pe|--print|-r|--require|--import|--loader|--experimental-loader|--env-file|--inspect.*|-i|-)(=|$)/,
  deno: /^(eval|repl|--allow-all|-A)(=|$)/,
  bun: /^(-e|--eval|-p|--print|x|-r|--preload)(=|$)/,
  tsx: /^(-e|--eval|-p|--print|-r|--require|--import)(=|$)/,
  python: /^-([a-zA-Z]*[cmi].*)?$/,
  perl: /^-([a-zA-Z0-9]*[eEiIMmd].*)?$/,
  ruby: /^-([a-zA-Z]*[eriI].*)?$/,
  php: /^-[rBREda]/,
  lua: /^-[eli]/,
  tar: /^(--checkpoint-action|--to-command|-I|--use-compress-program|-F|--info-script|--new-volume-script|--rsh-command|--rmt-command|-C|--directory|-P|--absolute-names|--one-top-level)(=|$)|^-?[a-zA-Z]*[IFP]/,
  zip: /^(-T.*|--unzip-command)(=|$)/,
  rsync: /^(-[a-zA-Z]*e.*|--rsh|--rsync-path|--files-from|--password-file|--daemon|--log-file)(=|$)|:/,
  scp: /^-[oSF]|:/,
  curl: /^(-[a-zA-Z]*[oOKTFdxUEcDJ].*|--config|--output.*|--remote-name.*|--upload-file|--form.*|--data.*|--json|--proxy.*|--unix-socket|--cert|--cookie-jar|--dump-header|--trace.*|--create-dirs|--next)(=|$)|^file:|@/,
  wget: /^(-[a-zA-Z]*[OPieoaB].*|--output-.*|--directory-prefix|--execute|--input-file|--post-.*|--body-.*|--config|--use-askpass|--load-cookies|--save-cookies|--append-output)(=|$)/,
  make: /^(-f|--file|--makefile|-C|--directory|-I|--include-dir|--eval|-E)(=|$)|^\w+[?+:!]*=/,
  cmake: /^(-E|-P|-C|--build|-D.*LAUNCHER.*)(=|$)/,
  go: /^(run|generate|env|-exec|-toolexec|-o|-overlay|-modfile|-C)(=|$)/,
  cargo: /^(--config|-Z.*|run|install|publish|-C|--manifest-path)(=|$)/,
  pip: /^(--index-url|-i|--extra-index-url|--find-links|-f|--trusted-host|--target|-t|--prefix|--root|config)(=|$)/,
  rg: /^(--pre|--hostname-bin|-z|--search-zip|-L|--follow)(=|$)/,
  sort: /^(-o.*|--output|--compress-program|--files0-from|-T|--temporary-directory)(=|$)/,
  man: /^(-P|--pager|-H|--html|-C)(=|$)/,
  less: /^[+]|^-[oOk]/,
  vim: /^(-c|--cmd|-S|-u|[+].*)/,
  vitest: /^(--config|-c|--root|-r|--globals.*)(=|$)/,
  jest: /^(--config|-c|--globalSetup|--setupFiles.*|--runner|--rootDir|--outputFile)(=|$)/,
  mocha: /^(--require|-r|--import|--config|--package|--reporter|-R|--ui)(=|$)/,
  eslint:
    /^(--config|-c|--rulesdir|--resolve-plugins-relative-to|--parser|--plugin|--output-file|-o|--format|-f)(=|$)/,
};

/** Parts of git that reach other machines, run programs or change what git does. */
const partsOfGit =
  /^(push|pull|fetch|clone|config|remote|submodule|bisect|filter-branch|rebase|difftool|mergetool|hook|credential.*|send-email|worktree|update-ref|gc|clean|daemon|upload-pack|receive-pack|archive|ls-remote|svn|p4|maintenance|bundle|replace|init)$/;

const sameAs: Readonly<Record<string, string>> = {
  python3: 'python',
  python2: 'python',
  pip3: 'pip',
  gmake: 'make',
  vi: 'vim',
  nvim: 'vim',
  luajit: 'lua',
  bsdtar: 'tar',
};

/**
 * The first word that makes an allowed command dangerous.
 * @param rest the words the rule does not name
 */
export function dangerIn(name: string, rest: readonly string[]): string | undefined {
  const tool = Object.hasOwn(sameAs, name) ? (sameAs[name] ?? name) : name;
  const pattern = Object.hasOwn(dangers, tool) ? dangers[tool] : undefined;
  return rest.find((word) => pattern?.test(word) === true || (tool === 'git' && partsOfGit.test(word)));
}
