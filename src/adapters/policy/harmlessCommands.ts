import { usage, type Usage } from './optionSpec';

/**
 * Programs that need no question: they read or write files of the worktree, as any agent may, or print. Only the options
 * named here are taken; one that could run a program, follow links elsewhere or read names from a file is left out.
 * The notation is that of `usage`.
 */
const notations: Readonly<Record<string, readonly [options: string, operands: string]>> = {
  // Looking at files
  ls: [
    '-aAbBcCdfFgGhiklmnNopqQrRsStuUvwxX1Z --color? --all --almost-all --human-readable --recursive --directory',
    'read',
  ],
  cat: ['-AbeEnstTuv --number --show-all --number-nonblank --squeeze-blank', 'read'],
  head: ['-# -qvz -n=text -c=text --lines=text --bytes=text --quiet', 'read'],
  tail: ['-# -qvz -n=text -c=text --lines=text --bytes=text --quiet', 'read'],
  wc: ['-cmlLw --lines --words --chars --bytes', 'read'],
  nl: ['-b=text -n=text -w=text -s=text -v=text', 'read'],
  tac: ['', 'read'],
  rev: ['', 'read'],
  fold: ['-bs -w=text', 'read'],
  grep: [
    '-# -aEFGPcilLnoqrsvwxHhIZzyTU -e=text -A=text -B=text -C=text -m=text --include=text --exclude=text ' +
      '--exclude-dir=text --color? --count --line-number --ignore-case --recursive --files-with-matches ' +
      '--only-matching --invert-match --word-regexp --extended-regexp --fixed-strings --perl-regexp --no-messages ' +
      '--after-context=text --before-context=text --context=text --max-count=text --regexp=text --null -f=read',
    'pattern read',
  ],
  rg: [
    '-# -acFiIlnNoPpqsSuUvwx0H -A=text -B=text -C=text -e=text -g=text -m=text -t=text -T=text -j=text -M=text ' +
      '-r=text -d=text --files-with-matches --files-without-match --count --count-matches --hidden --no-ignore ' +
      '--no-ignore-vcs --line-number --no-line-number --no-heading --heading --ignore-case --smart-case --multiline ' +
      '--fixed-strings --word-regexp --only-matching --json --type-list --trim --null --pcre2 --vimgrep --stats ' +
      '--glob=text --iglob=text --type=text --type-not=text --max-count=text --max-depth=text --sort=text ' +
      '--context=text --after-context=text --before-context=text --color=text --colors=text --regexp=text ' +
      '--replace=text --max-columns=text --no-messages --no-config --invert-match --passthru -f=read --no-filename',
    'pattern read',
  ],
  sort: ['-bcdfghimMnrRsuVz -k=text -t=text -S=text --reverse --unique --numeric-sort --key=text', 'read'],
  uniq: ['-cdDiuz -f=text -s=text -w=text --count --repeated --unique', 'read write'],
  cut: ['-nsz -b=text -c=text -d=text -f=text --delimiter=text --fields=text --complement', 'read'],
  paste: ['-sz -d=text', 'read'],
  join: ['-i -a=text -e=text -j=text -o=text -t=text -v=text -1=text -2=text', 'read'],
  comm: ['-123z', 'read'],
  column: ['-tx -s=text -c=text', 'read'],
  diff: [
    '-# -abBcdeEinqstTuwyZ -U=text -C=text -I=text -W=text --color? --brief --unified? --side-by-side',
    'read',
  ],
  cmp: ['-bls -n=text', 'read'],
  stat: ['-t -c=text -f --format=text --printf=text', 'read'],
  file: ['-bikhN --brief --mime --mime-type', 'read'],
  du: ['-abchkmsx -d=text --max-depth=text --human-readable --summarize', 'read'],
  tree: ['-acdDfhiJpqrstuvX -I=text -L=text -P=text --noreport --dirsfirst --gitignore', 'read'],
  od: ['-bcdosvx -A=text -j=text -N=text -t=text', 'read'],
  hexdump: ['-bcCdovx -n=text -s=text', 'read'],
  md5sum: ['-btz', 'read'],
  sha1sum: ['-btz', 'read'],
  sha256sum: ['-btz', 'read'],
  cksum: ['', 'read'],
  readlink: ['-efmnqsvz', 'read'],
  realpath: ['-emLPqsz', 'read'],
  // Texts only
  echo: ['', 'text'],
  true: ['', 'text'],
  false: ['', 'text'],
  ':': ['', 'text'],
  expr: ['', 'text'],
  seq: ['', 'text'],
  basename: ['', 'text'],
  dirname: ['', 'text'],
  tr: ['-cCdst', 'text'],
  sleep: ['', 'text'],
  pwd: ['-LP', ''],
  whoami: ['', ''],
  id: ['-gGnru', ''],
  uname: ['-amnprsv', ''],
  nproc: ['', ''],
  which: ['-a', 'text'],
  type: ['-afptP', 'text'],
  exit: ['', 'text'],
  wait: ['', ''],
  // Changes of files, as the edit tools make them
  mkdir: ['-pv -m=text --parents --mode=text --verbose', 'write'],
  rmdir: ['-pv', 'write'],
  touch: ['-acm -d=text -t=text', 'write'],
  rm: ['-fv --force --verbose', 'write'],
  tee: ['-a --append', 'write'],
  truncate: ['-c -s=text --size=text', 'write'],
  chmod: ['-cfv', 'text write'],
};

export const harmless: ReadonlyMap<string, Usage> = new Map(
  Object.entries(notations).map(([name, [options, operands]]) => [name, usage(options, operands)]),
);

/** Not a file on the PATH: nothing in the worktree can stand in their place. */
export const shellsOwn = new Set(
  'echo true false : pwd exit wait read type test [ cd printf set command'.split(' '),
);
