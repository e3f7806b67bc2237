import type { Git } from './runGit';

const wanted = '^(user\\.name|user\\.email|init\\.defaultbranch)$';

/**
 * A git configuration with who the person is and nothing else of theirs: tests that make commits need a name, and aliases,
 * hooks, helpers and addresses with credentials stay out. Empty where nothing is configured.
 */
export async function gitIdentity(git: Git): Promise<string> {
  const argv = ['config', '--global', '-z', '--get-regexp', wanted];
  const answer = await git({ cwd: '/', argv, config: 'person', accept: [0, 1] });
  if (!answer.ok) return '';
  // `key newline value NUL`, with the key in small letters (git-config(1), -z).
  const entries = answer.value.text.split('\0').flatMap((entry) => {
    const at = entry.indexOf('\n');
    return at < 0 ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const];
  });
  return entries.map(([key, value]) => line(key, value)).join('');
}

function line(key: string, value: string): string {
  const [section = '', name = ''] = key.split('.');
  const quoted = value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
  return `[${section}]\n\t${name} = "${quoted}"\n`;
}
