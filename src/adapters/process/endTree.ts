import { spawnSync, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { processMark } from './childEnvironment';

/**
 * Ends a program and everything it started: SIGTERM to its process group, SIGKILL after the grace to whatever is left.
 * On Linux children that left the group (`setsid`) are found by the mark in their environment. Returns at once when
 * nothing is left.
 */
export async function endTree(child: ChildProcess, mark: string, graceMs: number): Promise<void> {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  const group = -child.pid;
  await endAll(() => survivors(group, mark), graceMs);
}

/**
 * Ends a program that runs in a sandbox: first what runs inside is asked, then the sandbox goes, and with it everything
 * that hid from us (its process namespace ends as a whole).
 * @param initPid the first process inside as seen from here, which only waits; undefined where it is not known
 */
export async function endConfined(
  child: ChildProcess,
  mark: string,
  graceMs: number,
  initPid: number | undefined,
): Promise<void> {
  const outer = child.pid;
  if (outer === undefined) return;
  const own = [outer, initPid];
  const entry = `${processMark}=${mark}`;
  await endAll(() => living(async (id) => !own.includes(id) && (await hasEntry(id, entry))), graceMs);
  await endAll(() => survivors(-outer, mark), 0);
}

/**
 * Ends what an earlier process of the engine left behind of a run (N6): everything whose environment names it, except
 * this process. Linux only; elsewhere nothing is found. To be called before the run starts anything anew.
 */
export async function endRunProcesses(runId: string, graceMs = 2000): Promise<void> {
  const entry = `ENTERPRISE_RUN_ID=${runId}`;
  await endAll(() => living(async (id) => id !== process.pid && (await hasEntry(id, entry))), graceMs);
}

async function endAll(find: () => Promise<number[]>, graceMs: number): Promise<void> {
  let targets = await find();
  if (targets.length === 0) return;
  if (graceMs > 0) signalAll(targets, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while (performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    targets = await find();
    if (targets.length === 0) return;
  }
  // What was killed is gone a moment later; what was started meanwhile is found the next time.
  for (const until = performance.now() + 1000; performance.now() < until;) {
    signalAll(targets, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 2));
    targets = await find();
    if (targets.length === 0) return;
  }
}

/** Process ids that are left, and the negative id of the group while it has a living member. */
async function survivors(group: number, mark: string): Promise<number[]> {
  const strays = await living((id) => hasEntry(id, `${processMark}=${mark}`));
  return (await groupLives(group)) ? [group, ...strays] : strays;
}

async function groupLives(group: number): Promise<boolean> {
  if (!send(group, 0)) return false;
  // A group of zombies still answers; where nobody reaps them (containers) it would for ever.
  return process.platform !== 'linux' || (await living((id) => isMember(id, -group))).length > 0;
}

/** Linux only: the ids of all processes of which the question is true; none elsewhere. */
async function living(question: (id: number) => Promise<boolean>): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const ids = (await readdir('/proc')).map(Number).filter((id) => id > 1);
  const answers = await Promise.all(ids.map(question));
  return ids.filter((_, at) => answers[at]);
}

/** Whether a process was started with this variable; `/proc/<id>/environ` separates entries by NUL (proc(5)). */
async function hasEntry(id: number, entry: string): Promise<boolean> {
  return (await procFile(id, 'environ')).split('\0').includes(entry);
}

/** `/proc/<id>/stat` is `id (name) state parent group …`, and the name may hold anything (proc(5)). */
async function isMember(id: number, group: number): Promise<boolean> {
  const stat = await procFile(id, 'stat');
  const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state !== 'Z' && Number(processGroup) === group;
}

/** Empty for a process that is gone meanwhile or belongs to somebody else; `environ` also for a zombie. */
function procFile(id: number, name: string): Promise<string> {
  return readFile(`/proc/${id}/${name}`, 'latin1').catch(() => '');
}

function signalAll(targets: readonly number[], signal: NodeJS.Signals): void {
  for (const target of targets) send(target, signal);
}

/** False when there is no such process (any more). */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    // EPERM: it exists but changed its user (a setuid program); it cannot be ended by us.
    return (error as NodeJS.ErrnoException).code === 'EPERM' && signal !== 0;
  }
}
