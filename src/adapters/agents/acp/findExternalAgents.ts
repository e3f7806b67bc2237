import { childEnvironment } from '../../process/childEnvironment';
import { runProcess } from '../../process/run';
import { findProgram, searchPath } from './findProgram';
import { builtInAgents } from './knownAgents';
import { agentOf, type LaunchOptions } from './launch';

/**
 * One line for each external agent whose program is there: its model id, its version where asking is cheap, and its path.
 * Those that npx would fetch are not started, and neither are the machine's own: what those take as arguments is unknown.
 */
export async function findExternalAgents(options: LaunchOptions): Promise<string[]> {
  const names = [...new Set([...Object.keys(options.configured), ...Object.keys(builtInAgents)])];
  const lines = await Promise.all(names.map((name) => lineOf(name, options)));
  return lines.filter((line) => line !== undefined);
}

async function lineOf(name: string, options: LaunchOptions): Promise<string | undefined> {
  const agent = agentOf(name, options.configured);
  if (!agent) return undefined;
  const path = searchPath(options.environment);
  const file = await findProgram(agent.command, path, options.untrusted);
  if (file === undefined) return undefined;
  if (Object.hasOwn(options.configured, name)) return `acp/${name} (${file})`;
  if (agent.command === 'npx') return `acp/${name} (through npx)`;
  const env = { ...childEnvironment(), PATH: path };
  const asked = await runProcess({ file, args: ['--version'], cwd: options.npxFolder, env, timeoutMs: 5000 });
  const version = asked.exitCode === 0 ? /\d+\.\d+[^\s,]*/.exec(asked.stdout)?.[0] : undefined;
  return `acp/${name} ${version ?? 'of unknown version'} (${file})`;
}
