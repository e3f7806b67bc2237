import type { Word } from './shellWord';

/** A program that runs what its arguments say. */
export type Carried =
  /** Another command, from the word at `at`; `more` when words only known later are appended to it. */
  | {
      readonly kind: 'command';
      readonly at: number;
      readonly more: boolean;
      readonly assigned: readonly string[];
    }
  /** A text for a shell. */
  | { readonly kind: 'script'; readonly text: string }
  /** Something that cannot be told: it asks, and every word is searched for denials. */
  | { readonly kind: 'opaque'; readonly why: string };

/** What a carrier changes besides running the command: null where nothing, so that the inner decision is the whole one. */
interface Carrier {
  /** Options without a value, as letters and long names; those with one, after them. */
  readonly flags: string;
  readonly valued?: string;
  /** Words before the command that are its own. */
  readonly operands?: number;
  readonly assigns?: boolean;
  readonly appends?: boolean;
}

const transparent: Readonly<Record<string, Carrier>> = {
  // Without its variables a shell would take `cd ..` another way, and look for programs elsewhere.
  env: { flags: '', assigns: true },
  command: { flags: '-p' },
  builtin: { flags: '' },
  exec: { flags: '-l' },
  nohup: { flags: '' },
  setsid: { flags: '-w -f --wait --fork' },
  time: { flags: '-p -v' },
  nice: { flags: '', valued: '-n --adjustment' },
  ionice: { flags: '-t', valued: '-c -n' },
  stdbuf: { flags: '', valued: '-i -o -e' },
  timeout: { flags: '--foreground --preserve-status -v', valued: '-k -s --signal --kill-after', operands: 1 },
  xargs: {
    flags: '-0 -r -t -x --null --no-run-if-empty --verbose',
    valued: '-n -L -P -d -s -I --max-args --max-lines --max-procs --delimiter --max-chars',
    appends: true,
  },
};

const shells = new Set('sh bash zsh dash ksh mksh ash'.split(' '));

/** Programs that run their arguments with other rights, elsewhere, later, or in ways not looked into. */
const opaque = new Set(
  (
    'sudo doas su pkexec runuser parallel watch ssh chroot unshare nsenter flock script strace ltrace taskset chrt ' +
    'setpriv systemd-run start-stop-daemon busybox toybox npx bunx pnpx uvx pipx coproc trap source . entr at batch ' +
    'crontab tmux screen rlwrap expect gdb lldb valgrind perf hyperfine docker podman kubectl nix-shell direnv ' +
    'fakeroot proot firejail bwrap unbuffer caffeinate faketime csh tcsh fish pwsh powershell cmd'
  ).split(' '),
);

/** Undefined for a program that runs nothing but itself, as far as is known. */
export function carriedBy(name: string, words: readonly Word[]): Carried | undefined {
  if (name === 'eval') return evaluated(words);
  if (shells.has(name)) return shellScript(words);
  if (opaque.has(name))
    return { kind: 'opaque', why: `${name} runs other programs in ways that are not judged` };
  if (/^(npm|pnpm|yarn|bun)$/.test(name) && /^(exec|x|dlx)$/.test(words[1]?.text ?? ''))
    return { kind: 'opaque', why: `${name} ${words[1]?.text ?? ''} runs other programs` };
  const carrier = Object.hasOwn(transparent, name) ? transparent[name] : undefined;
  return carrier && commandAfter(name, carrier, words);
}

function commandAfter(name: string, carrier: Carrier, words: readonly Word[]): Carried {
  const unknown: Carried = { kind: 'opaque', why: `${name} is used in a way that is not judged` };
  const flags = carrier.flags.split(' ');
  const valued = (carrier.valued ?? '').split(' ');
  const assigned: string[] = [];
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at];
    if (word?.kind !== 'literal') return unknown;
    const { text } = word;
    if (text === '--') {
      at++;
      break;
    }
    const assignment = carrier.assigns === true ? /^([A-Za-z_]\w*)=/.exec(text)?.[1] : undefined;
    if (assignment !== undefined) assigned.push(assignment);
    else if (!text.startsWith('-') || text === '-') break;
    else if (valued.includes(text)) at++;
    else if (!flags.includes(text) && !isJoined(text, valued)) return unknown;
  }
  at += carrier.operands ?? 0;
  const own = words.slice(1, at);
  if (at >= words.length || own.some((word) => word.kind !== 'literal')) return unknown;
  return { kind: 'command', at, more: carrier.appends === true, assigned };
}

/** `-n10`, `-oL`, `--signal=KILL`, and `-10` for nice. */
function isJoined(text: string, valued: readonly string[]): boolean {
  return valued.some((option) =>
    option.startsWith('--') ? text.startsWith(`${option}=`) : option !== '' && text.startsWith(option),
  );
}

function shellScript(words: readonly Word[]): Carried {
  const unknown: Carried = { kind: 'opaque', why: 'it runs a script that is not shown' };
  for (let at = 1; at < words.length; at++) {
    const word = words[at];
    if (word?.kind !== 'literal') return unknown;
    if (/^-[euxl]*c$/.test(word.text)) {
      const script = words[at + 1];
      return script?.kind === 'literal' && words.slice(at + 2).every((rest) => rest.kind === 'literal')
        ? { kind: 'script', text: script.text }
        : unknown;
    }
    if (word.text === '-o' && words[at + 1]?.text === 'pipefail') at++;
    else if (!/^-[eux]+$/.test(word.text)) return unknown;
  }
  return unknown;
}

function evaluated(words: readonly Word[]): Carried {
  const rest = words.slice(1);
  return rest.every((word) => word.kind === 'literal')
    ? { kind: 'script', text: rest.map((word) => word.text).join(' ') }
    : { kind: 'opaque', why: 'it evaluates a text that is only known when it runs' };
}
