import type { ServerDefinition } from './serverDefinitions';

/** What a person is shown before a server is started or called: everything that decides what happens, no values of variables. */
export function programDetail(
  { name, source, entry }: ServerDefinition,
  program: string,
  used: readonly string[],
): string {
  const { args = [], env = {}, cwd } = entry;
  const isInTree = [...args, cwd ?? ''].some((word) => word === '.' || word.includes('${workspaceFolder}'));
  return [
    `MCP server ${JSON.stringify(name)}, defined in ${source.path}`,
    '',
    `program    ${program}`,
    ...args.map((word) => `argument   ${JSON.stringify(word)}`),
    `folder     ${cwd === undefined ? 'an empty one of its own' : JSON.stringify(cwd)}`,
    ...named('variables  ', Object.keys(env)),
    ...named('from your environment  ', used),
    ...(isInTree
      ? ['', 'It works on the worktree of the task it serves: what an agent writes there, it reads.']
      : []),
    '',
    'It runs with your permissions and may use the network.',
  ].join('\n');
}

export function addressDetail(
  { name, source, entry }: ServerDefinition,
  address: string,
  used: readonly string[],
): string {
  return [
    `MCP server ${JSON.stringify(name)}, defined in ${source.path}`,
    '',
    `address    ${address}`,
    ...named('headers    ', Object.keys(entry.headers ?? {})),
    ...named('from your environment  ', used),
    '',
    'What agents send to its tools leaves this machine.',
  ].join('\n');
}

/** A word of a command line as a person would type it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./${}-]+$/.test(word) ? word : JSON.stringify(word);
}

function named(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${title}${[...new Set(names)].join(', ')}`];
}
