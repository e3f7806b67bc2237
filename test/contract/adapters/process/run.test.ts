import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endRunProcesses } from '../../../../src/adapters/process/endTree';
import { runProcess, runShell } from '../../../../src/adapters/process/run';

const node = process.execPath;
const cwd = tmpdir();
const linux = process.platform === 'linux';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function stateOf(pid: number): Promise<string> {
  if (!isAlive(pid)) return 'gone';
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') X');
  return /\) [ZX]/.test(stat) ? 'gone' : 'running';
}

(linux ? describe : describe.skip)('endRunProcesses', () => {
  it('ends what an earlier process left behind of a run, and nothing of another run', async () => {
    const start = (runId: string) => {
      const env = { PATH: process.env['PATH'], ENTERPRISE_RUN_ID: runId };
      const child = spawn('sleep', ['60'], { env, detached: true, stdio: 'ignore' });
      return { pid: child.pid ?? 0, ended: new Promise((resolve) => child.once('exit', resolve)) };
    };
    const [left, other] = [start('run-1'), start('run-10')];
    await endRunProcesses('run-1');
    await left.ended;
    assert.equal(await stateOf(other.pid), 'running');
    process.kill(other.pid);
    await other.ended;
  });
});

describe('runProcess', () => {
  it('gives exit code and both streams of a program that fails', async () => {
    const result = await runProcess({
      file: node,
      args: ['-e', 'console.log("out"); console.error("err"); process.exit(3)'],
      cwd,
    });
    assert.equal(result.exitCode, 3);
    assert.equal(result.stdout, 'out\n');
    assert.equal(result.stderr, 'err\n');
    assert.equal(result.truncated || result.timedOut || result.aborted, false);
  });

  it('names a program that does not exist instead of throwing', async () => {
    const result = await runProcess({ file: 'no-such-program-here', args: [], cwd });
    assert.equal(result.exitCode, null);
    assert.match(result.startError ?? '', /^no-such-program-here could not be started: .* does not exist/);
    assert.equal(result.stderr, result.startError);
  });

  it('names arguments the system cannot take instead of throwing', async () => {
    const result = await runProcess({ file: node, args: ['a\0b'], cwd });
    assert.match(result.startError ?? '', /could not be started/);
  });

  it('hands over the input and closes it', async () => {
    const script =
      'let s = ""; process.stdin.on("data", (d) => (s += d)).on("end", () => console.log(s.length))';
    const fed = await runProcess({ file: node, args: ['-e', script], cwd, input: 'x'.repeat(200_000) });
    const unfed = await runProcess({ file: node, args: ['-e', script], cwd });
    assert.equal(fed.stdout, '200000\n');
    assert.equal(unfed.stdout, '0\n');
  });

  it('keeps head and tail of a long output and hands on all of it', async () => {
    let seen = 0;
    const result = await runProcess({
      file: node,
      args: ['-e', 'process.stdout.write("A".repeat(300000) + "é".repeat(300000) + "Z")'],
      cwd,
      maxOutputChars: 100,
      onOutput: (chunk) => (seen += chunk.length),
    });
    assert.equal(seen, 600_001);
    assert.equal(result.truncated, true);
    assert.match(result.stdout, /^A{50}\n… 599901 characters left out …\né{49}Z$/);
  });

  it('ends a program at its time limit together with children that ignore SIGTERM', async () => {
    const child = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log(process.pid)';
    const parent = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], {stdio: "inherit"}); setInterval(() => {}, 1000)`;
    const result = await runProcess({ file: node, args: ['-e', parent], cwd, timeoutMs: 1500 });
    assert.equal(result.timedOut, true);
    assert.equal(result.exitCode, null);
    assert.equal(await stateOf(Number(result.stdout)), 'gone');
  }).timeout(15_000);

  it('ends everything on abort', async () => {
    const abort = new AbortController();
    const result = await runShell({
      command: 'sleep 60 & echo $!; wait',
      cwd,
      signal: abort.signal,
      onOutput: () => abort.abort(),
    });
    assert.equal(result.aborted, true);
    assert.equal(await stateOf(Number(result.stdout)), 'gone');
  }).timeout(15_000);

  it('does not start a program whose signal is already aborted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eee-run-'));
    await writeFile(join(folder, 'canary'), 'there');
    const result = await runShell({ command: 'rm canary', cwd: folder, signal: AbortSignal.abort() });
    assert.equal(result.aborted, true);
    assert.equal(await readFile(join(folder, 'canary'), 'utf8'), 'there');
    await rm(folder, { recursive: true });
  });

  it('ends children a finished program left behind', async () => {
    const result = await runShell({ command: 'sleep 60 & echo $!', cwd });
    assert.equal(result.exitCode, 0);
    assert.equal(await stateOf(Number(result.stdout)), 'gone');
  });

  (linux ? it : it.skip)('ends a child that left the process group', async () => {
    const result = await runShell({ command: 'setsid sh -c "echo \\$\\$; exec sleep 60" & sleep 0.3', cwd });
    assert.equal(await stateOf(Number(result.stdout)), 'gone');
  });

  it('runs a shell line as a shell would', async () => {
    const result = await runShell({ command: 'printf %s "a  b" | tr a c', cwd });
    assert.equal(result.stdout, 'c  b');
  });
});
