import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Limiter } from '../../base/limiter';
import { fail, ok, type Result } from '../../base/result';
import { checkText, parseJsonText } from '../../base/positionedText';
import type { Failure } from '../../core/model/failure';
import type { Grant } from '../../core/ports';
import { machineConfigSchema, type MachineConfig } from './configSchema';

/**
 * Adds a person's permissions to the machine's configuration, `<state>/config.json`, one after another, and leaves
 * everything else in it as it is. The file is replaced as a whole, so that a crash leaves the old one or the new one.
 * Refuses a file it cannot read: a denial in it might be lost.
 */
export function ruleSaver(state: string): (grant: Grant) => Promise<Result<void, Failure>> {
  const oneAtATime = new Limiter(1);
  return (grant) => oneAtATime.run(() => saveRule(state, grant));
}

async function saveRule(state: string, grant: Grant): Promise<Result<void, Failure>> {
  const named = join(state, 'config.json');
  try {
    // A link to a file somebody keeps elsewhere stays a link.
    const path = await realpath(named).catch(() => named);
    const text = await readText(path);
    const parsed = parseJsonText(text);
    const checked = checkText(parsed, machineConfigSchema);
    if (!checked.ok)
      return fail(unreadable(path, checked.problems[0]?.message ?? 'it is not a configuration'));
    const config = JSON.parse(text) as MachineConfig;
    await replace(path, `${JSON.stringify(withRule(config, grant), null, 2)}\n`);
    return ok(undefined);
  } catch (error) {
    return fail(unreadable(named, error instanceof Error ? error.message : String(error)));
  }
}

/** The permission in its place; nothing changes where it stands already. */
function withRule(config: MachineConfig, { kind, value }: Grant): MachineConfig {
  const policy = config.policy ?? {};
  const added = (known: readonly string[] = []) => (known.includes(value) ? [...known] : [...known, value]);
  switch (kind) {
    case 'command':
      return { ...config, policy: { ...policy, allow: added(policy.allow) } };
    case 'host':
      return {
        ...config,
        policy: { ...policy, hosts: { ...policy.hosts, allow: added(policy.hosts?.allow) } },
      };
    case 'mcp':
      return { ...config, policy: { ...policy, mcp: { ...policy.mcp, allow: added(policy.mcp?.allow) } } };
    case 'program':
      return { ...config, policy: { ...policy, programs: { allow: added(policy.programs?.allow) } } };
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '{}';
  }
}

async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

function unreadable(path: string, why: string): Failure {
  return {
    kind: 'usage',
    path,
    message: `The rule could not be written into ${path}: ${why}`,
    remedy: 'It holds for this run. Correct the file, or add the rule to it yourself.',
  };
}
