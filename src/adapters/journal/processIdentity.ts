import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names a process beyond the reuse of its number: by the boot of its machine and the time it started, both as the
 * system counts them. No wall clock takes part, so a jump of the clock takes no lease away (N9).
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly bootId: string;
  /** As the system gives it, compared only for equality; null where it cannot be told. */
  readonly startedAt: string | null;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, bootId: bootId(), startedAt: startOf(pid) };
}

/** Whether that very process still runs on this machine. Where the start cannot be told, its number decides. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.bootId !== bootId() || !exists(identity.pid)) return false;
  const startedAt = startOf(identity.pid);
  if (startedAt === gone) return false;
  return startedAt === null || identity.startedAt === null || startedAt === identity.startedAt;
}

const gone = 'gone';

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function bootId(): string {
  switch (process.platform) {
    case 'linux':
      return textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? hostname();
    case 'darwin':
      return outputOf('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']) ?? hostname();
    default:
      return hostname();
  }
}

function startOf(pid: number): string | null {
  switch (process.platform) {
    case 'linux':
      return linuxStartOf(pid);
    case 'win32': {
      const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
      return outputOf('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]) ?? null;
    }
    default:
      return outputOf('/bin/ps', ['-o', 'lstart=', '-p', String(pid)]) ?? null;
  }
}

/** Field 22 of /proc/PID/stat (proc(5)), in clock ticks since boot. A zombie has ended although its number exists. */
function linuxStartOf(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return gone;
  return fields[19] ?? null;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // The process ended meanwhile, or there is no /proc: the caller takes another way.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

function outputOf(program: string, args: string[]): string | undefined {
  try {
    const output = execFileSync(program, args, {
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.trim() || undefined;
  } catch (error) {
    // The program is absent or knows no such process: the number of the process has to do.
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
}
