import { delimiter, join } from 'node:path';
import { childEnvironment, type EnvironmentOptions } from './childEnvironment';

/**
 * The environment for a tree's own tools: as for every child, with the tree's programs first on the PATH. Folders that
 * npm put there for a script of ours are taken out, so that `node` is the person's and never the engine's.
 */
export function treeEnvironment(root: string, options: EnvironmentOptions = {}): NodeJS.ProcessEnv {
  const env = childEnvironment(options);
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = (env[key] ?? '')
    .split(delimiter)
    .filter((folder) => !/[\\/]node_modules[\\/]\.bin$|node-gyp-bin$/.test(folder));
  return { ...env, [key]: [join(root, 'node_modules', '.bin'), ...folders].join(delimiter) };
}
