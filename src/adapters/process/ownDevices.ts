import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from './run';

/** Major and minor number of the devices every program may expect; Linux, Documentation/admin-guide/devices.txt. */
const numbers = { null: '1 3', zero: '1 5', full: '1 7', random: '1 8', urandom: '1 9', tty: '5 0' };

/**
 * Device files of our own to lay over those of the machine, by their path in `/dev`. Only where this account owns the
 * machine's, which is root: a command that runs as it could take `/dev/null` away from everybody by `chmod`, and no mount
 * can forbid that and allow their use. None where they cannot be made.
 */
export async function ownDevices(folder: string): Promise<Readonly<Record<string, string>>> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return {};
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const made = await Promise.all(
    Object.entries(numbers).map(async ([name, number]) => {
      const path = join(folder, name);
      const args = [path, 'c', ...number.split(' ')];
      if (!(await isDevice(path))) await runProcess({ file: 'mknod', args, cwd: '/', timeoutMs: 10_000 });
      // Asked again, not what came of it: another engine may have made it meanwhile.
      return (await isDevice(path)) ? [[`/dev/${name}`, path]] : [];
    }),
  );
  const devices = Object.fromEntries(made.flat()) as Record<string, string>;
  await mendDevices(devices);
  return devices;
}

function isDevice(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isCharacterDevice(),
    () => false,
  );
}

/** What one command did to their permissions must not hinder the next. */
export async function mendDevices(devices: Readonly<Record<string, string>>): Promise<void> {
  await Promise.all(Object.values(devices).map((path) => chmod(path, 0o666)));
}
