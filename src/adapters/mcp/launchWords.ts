import { isAbsolute, join, relative, resolve } from 'node:path';
import { fail, ok, type Result } from '../../base/result';
import { expandVariables, type Expanded } from './expandVariables';
import { kindOfPath } from './programFile';

/** Where a server is to serve. */
export interface LaunchPlace {
  /** The person's checkout: code and configuration that a definition names are taken from here. */
  readonly workspace: string;
  /** What the server is to work on: the attempt's worktree, or a checkout of the base. */
  readonly tree: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * An argument, expanded. Where it names a file of the repository it means the one of the person's checkout, whose bytes
 * are part of the digest: the tree is where agents write, and code from there would not be what a person allowed. Where
 * it names a folder it means the tree's, because that is what a server is to work on.
 */
export async function pathWord(word: string, place: LaunchPlace): Promise<Result<Expanded, string>> {
  const inTree = expandVariables(word, { ...place, workspaceFolder: place.tree });
  const inCheckout = expandVariables(word, { ...place, workspaceFolder: place.workspace });
  if (!inTree.ok || !inCheckout.ok) return inTree;
  if (!word.includes('${workspaceFolder}')) return ok(await relativeWord(inTree.value, place));
  const { text } = inCheckout.value;
  const path = /^[^,;:"']*/.exec(text.slice(text.indexOf(place.workspace)))?.[0] ?? '';
  switch (isWithin(place.workspace, resolve(path)) ? await kindOfPath(path) : undefined) {
    case 'file':
      return inCheckout;
    case 'folder':
      return inTree;
    case undefined:
      return fail(
        `${JSON.stringify(word)} does not exist in the workspace, and what an agent puts there must not run`,
      );
  }
}

/** `server.js` and `./tools/server.js` as files, `.` and `./data` as folders; a plain word is a word. */
async function relativeWord(expanded: Expanded, { workspace, tree }: LaunchPlace): Promise<Expanded> {
  const { text } = expanded;
  const isPathLike = text === '.' || /[\\/.]/.test(text);
  if (text.startsWith('-') || !isPathLike || isAbsolute(text)) return expanded;
  const absolute = join(workspace, text);
  if (!isWithin(workspace, absolute)) return expanded;
  const kind = await kindOfPath(absolute);
  if (kind === 'file') return { ...expanded, text: absolute };
  return kind === 'folder' ? { ...expanded, text: join(tree, text) } : expanded;
}

/** A server's own folder, absolute; inside the repository it is that of the tree. */
export async function folderOf(cwd: string, place: LaunchPlace): Promise<Result<string, string>> {
  const expanded = expandVariables(cwd, { ...place, workspaceFolder: place.tree });
  if (!expanded.ok) return expanded;
  const folder = resolve(place.tree, expanded.value.text);
  return (await kindOfPath(folder)) === 'folder'
    ? ok(folder)
    : fail(`its folder ${JSON.stringify(cwd)} does not exist`);
}

export function expandAll(
  values: Readonly<Record<string, string | number | boolean>>,
  place: LaunchPlace,
): Result<{ values: Record<string, string>; used: string[] }, string> {
  const expanded: Record<string, string> = {};
  const used: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const one = expandVariables(String(value), { ...place, workspaceFolder: place.tree });
    if (!one.ok) return one;
    expanded[name] = one.value.text;
    used.push(...one.value.used);
  }
  return ok({ values: expanded, used });
}

function isWithin(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside === '' || (!/^\.\.([\\/]|$)/.test(inside) && !isAbsolute(inside));
}
