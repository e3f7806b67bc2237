/**
 * What makes a git command safe to run over a tree or a configuration that somebody else wrote: see "Git, hardened" in
 * the threat model. Nothing named by a repository may be executed.
 */

export interface ConfigEntry {
  readonly key: string;
  readonly value: string;
}

/** Given as `-c` to every command. */
export const fixedConfig: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.logAllRefUpdates=false',
  'core.untrackedCache=false',
  'core.safecrlf=false',
  'commit.gpgSign=false',
  'tag.gpgSign=false',
  'protocol.ext.allow=never',
  'safe.bareRepository=explicit',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'merge.directoryRenames=false',
];

/** Given as well where only the engine's own store may have a say: nothing of the person's home is read. */
export const storeConfig: readonly string[] = [
  'core.excludesFile=/dev/null',
  'core.attributesFile=/dev/null',
];

/** Understood by git before the command's name. */
export const globalFlags: readonly string[] = ['--literal-pathspecs', '--no-pager'];

/** Replaces a merge driver; an empty one would make every merge it takes part in fatal. */
const threeWay = 'git merge-file -q --marker-size=%L %A %O %B';

/**
 * Overrides for every program that a configuration names as a filter or a merge driver. They travel in the environment,
 * because `-c` cannot carry a name with an equals sign in it.
 */
export function driverOverrides(config: readonly ConfigEntry[]): ConfigEntry[] {
  const overrides = new Map<string, string>();
  for (const { key } of config) {
    const filter = /^filter\.(?<name>.*)\.[^.]+$/s.exec(key)?.groups?.['name'];
    if (filter !== undefined) {
      for (const part of ['clean', 'smudge', 'process']) overrides.set(`filter.${filter}.${part}`, '');
      overrides.set(`filter.${filter}.required`, 'false');
    }
    const merge = /^merge\.(?<name>.*)\.driver$/s.exec(key)?.groups?.['name'];
    if (merge !== undefined) overrides.set(`merge.${merge}.driver`, threeWay);
  }
  return [...overrides].map(([key, value]) => ({ key, value }));
}

/** Environment form of configuration entries (git-config(1), GIT_CONFIG_COUNT). */
export function configEnvironment(entries: readonly ConfigEntry[]): Record<string, string> {
  const environment: Record<string, string> = { GIT_CONFIG_COUNT: String(entries.length) };
  entries.forEach(({ key, value }, at) => {
    environment[`GIT_CONFIG_KEY_${at}`] = key;
    environment[`GIT_CONFIG_VALUE_${at}`] = value;
  });
  return environment;
}

/** Parses `git config --list -z`: key, newline, value, NUL; an entry without a value means true. */
export function parseConfig(output: string): ConfigEntry[] {
  return output
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const end = entry.indexOf('\n');
      return end < 0
        ? { key: entry, value: 'true' }
        : { key: entry.slice(0, end), value: entry.slice(end + 1) };
    });
}
