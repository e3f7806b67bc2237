/**
 * Whether a file steers agents, editors or hooks: a change to one of them is a person's decision (laws L1 and L4).
 * @param path relative to the root of the repository, with `/`
 * @returns what it decides, in words; undefined for any other file
 */
export function steeredBy(path: string): string | undefined {
  const name = path.toLowerCase();
  if (/^\.enterprise(\/|$)/.test(name)) return 'the engine’s configuration';
  if (/^\.claude(\/|$)|^\.github\/agents(\/|$)|(^|\/)\.mcp\.json$/.test(name))
    return 'agents and their tools';
  if (/^\.vscode(\/|$)|^\.devcontainer(\/|$)|^\.husky(\/|$)/.test(name)) return 'settings that run programs';
  return undefined;
}
