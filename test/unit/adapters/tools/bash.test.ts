import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runProcess } from '../../../../src/adapters/process/run';
import { scriptedPolicy } from '../../../support/scriptedPolicy';
import { openBench, type Bench } from '../../../support/toolSession';

describe('bash', () => {
  let bench: Bench;
  beforeEach(async () => void (bench = await openBench()));
  afterEach(() => bench.close());

  const logs = async () => {
    const folder = join(bench.logFolder, 'run-1', 'task', '1');
    return Promise.all((await readdir(folder)).sort().map((name) => readFile(join(folder, name), 'utf8')));
  };

  it('runs in the worktree, with both streams in the order they were written', async () => {
    const { ok, output } = await bench.call('bash', { command: 'pwd; echo err >&2' });
    assert.equal(ok, true);
    assert.deepEqual(output.split('\n').sort(), [bench.root, 'err'].sort());
  });

  it('reports an exit code other than 0 as not ok', async () => {
    assert.deepEqual(await bench.call('bash', { command: 'echo x; exit 3' }), {
      ok: false,
      output: 'x\n[exit code 3]',
    });
  });

  it('has no standard input to wait for', async () => {
    assert.equal((await bench.call('bash', { command: 'cat; echo end' })).output, 'end');
  });

  it('finds the programs of the worktree first, and the person’s node before the engine’s', async () => {
    const { output } = await bench.call('bash', { command: 'echo "$PATH"' });
    const folders = output.trim().split(delimiter);
    assert.equal(folders[0], join(bench.root, 'node_modules', '.bin'));
    assert.deepEqual(
      folders.slice(1).filter((folder) => folder.endsWith(join('node_modules', '.bin'))),
      [],
    );
  });

  it('hands on no secrets of the engine', async () => {
    process.env['EXAMPLE_API_KEY'] = 'secret-value';
    try {
      assert.equal((await bench.call('bash', { command: 'echo "[$EXAMPLE_API_KEY]"' })).output, '[]');
    } finally {
      delete process.env['EXAMPLE_API_KEY'];
    }
  });

  it('shows head and tail of a long output and keeps the whole of it in a log', async () => {
    const { output } = await bench.call('bash', { command: 'seq 1 20000' });
    assert(output.length < 31_000);
    assert.match(
      output,
      /^1\n2\n[^]*characters left out[^]*\n20000\n\[the whole output: read or grep logs:sh1-\w+\.log\]$/,
    );
    assert.equal((await logs())[0]!.trim().split('\n').length, 20_000);
  });

  it('ends a command at its timeout, with everything it started', async () => {
    const { ok, output } = await bench.call('bash', {
      command: 'sleep 300 & echo $!; sleep 300',
      timeoutMs: 200,
    });
    assert.equal(ok, false);
    assert.match(output, /took more than 0\.2 s/);
    const pid = Number(output.split('\n')[0]);
    assert.equal(await lives(pid), false);
  });

  it('ends a command when the attempt is cancelled', async () => {
    const controller = new AbortController();
    const outcome = bench.call('bash', { command: 'echo started; sleep 300' }, controller.signal);
    setTimeout(() => controller.abort(), 100);
    assert.match((await outcome).output, /ended by the engine/);
  });

  it('leaves a background command running, shows what is new and ends it', async () => {
    const started = await bench.call('bash', {
      command: 'echo ready; sleep 0.5; echo more; sleep 300',
      background: true,
    });
    assert.match(started.output, /^ready\n\[sh1 runs since \d+ s\]$/);
    assert.match((await bench.call('bash_output', { id: 'sh1' })).output, /^more\n\[sh1 runs/);
    assert.match((await bench.call('bash_kill', { id: 'sh1' })).output, /ended by the engine/);
    assert.match((await bench.call('bash_output', { id: 'sh1' })).output, /ended by the engine/);
  });

  it('shows at once that a background command failed', async () => {
    const { output } = await bench.call('bash', { command: 'echo no; exit 1', background: true });
    assert.equal(output, 'no\n[exit code 1]');
  });

  it('knows no command it did not start', async () => {
    assert.match((await bench.call('bash_output', { id: 'sh9' })).output, /no background command sh9/);
    assert.equal((await bench.call('bash_kill', { id: 'sh9' })).ok, false);
  });

  it('ends every background command when the session closes', async () => {
    const { output } = await bench.call('bash', { command: 'echo $$; exec sleep 300', background: true });
    await bench.session.close();
    assert.equal(await lives(Number(output.split('\n')[0])), false);
  });

  it('says on top of the question how much there is of it', async () => {
    const asking = await openBench({ policy: scriptedPolicy(() => 'ask') });
    try {
      const commands = ['make all', 'ls\n\n\n\nmake all', `echo ${'x'.repeat(500)}; make all`];
      for (const command of commands) await asking.call('bash', { command });
      assert.deepEqual(
        asking.attempt.asked.map(({ title }) => title.split(':')[0]),
        ['Run', 'Run 5 lines', 'Run a line of 515 characters'],
      );
    } finally {
      await asking.close();
    }
  });
});

/** A process that ended but was not yet waited for (a zombie) lives no more. */
async function lives(pid: number): Promise<boolean> {
  const { stdout } = await runProcess({ file: 'ps', args: ['-o', 'stat=', '-p', String(pid)], cwd: '/' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}
