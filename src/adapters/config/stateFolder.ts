import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import envPaths from 'env-paths';

/** Absolute path of the folder the engine keeps its own things in; never inside a repository. Nothing is created. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['ENTERPRISE_HOME'];
  if (home !== undefined && home.trim() !== '') return resolve(home);
  return envPaths('enterprise-execution-engine', { suffix: '' }).data;
}

/**
 * Absolute path of one repository's folder inside the state folder: its name as a slug and 12 hex digits of the SHA-256
 * of its real path, so that it is the same however the repository is reached. Rejects when the workspace does not exist.
 */
export async function repositoryFolder(state: string, workspace: string): Promise<string> {
  const real = await realpath(workspace);
  const digest = createHash('sha256').update(real).digest('hex').slice(0, 12);
  const slug = basename(real)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return join(state, 'repositories', `${slug === '' ? 'root' : slug}-${digest}`);
}
