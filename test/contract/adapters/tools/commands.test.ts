import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { eventually } from '../../../support/eventually';
import { lagWhile } from '../../../support/measure';
import { openBench, type Bench } from '../../../support/toolSession';

/** Case by case as in docs/tools.md, which says what other agents do on the same input. */
describe('commands, case by case', function () {
  this.timeout(60_000);
  let bench: Bench;
  beforeEach(async () => void (bench = await openBench()));
  afterEach(() => bench.close());

  it('100 MB of output: head and tail are shown, and the whole can be read and searched', async () => {
    const command =
      'echo first; yes 0123456789012345678901234567890123456789 | head -c 100000000; echo; echo last';
    const { value, samples } = await lagWhile(() => bench.call('bash', { command }));
    assert.equal(value.ok, true);
    assert(value.output.length < 31_000);
    assert.match(
      value.output,
      /^first\n[^]*characters left out[^]*\nlast\n\[the whole output: read or grep logs:sh1-\w+\.log\]$/,
    );
    assert(samples.length > 0);
    const [, path = ''] = /(logs:\S+\.log)\]$/.exec(value.output) ?? [];
    assert.match(
      (await bench.call('read', { path, offset: 1_000_000, limit: 1 })).output,
      /^1000000\t0123456789/,
    );
    assert.match(
      (await bench.call('grep', { path, pattern: '^first$' })).output,
      /^logs:sh1-\w+\.log:1:first$/,
    );
  });

  it('only logs of the same attempt can be named, and nothing beside them', async () => {
    for (const path of ['logs:../outside.txt', 'logs:/etc/passwd', 'logs:nothing.log', 'logs:sh1-x.txt'])
      assert.equal((await bench.call('read', { path })).ok, false, path);
  });

  it('a command that never ends is ended at its limit, and the model is told what to do', async () => {
    const { ok, output } = await bench.call('bash', { command: 'echo begun; sleep 1000', timeoutMs: 300 });
    assert.equal(ok, false);
    assert.match(
      output,
      /^begun\n\[ended by the engine: it took more than 0\.3 s\. Use background: true for what runs long\]$/,
    );
  });

  it('a command that waits for input gets none and ends', async () => {
    const { output } = await bench.call('bash', { command: 'read answer; echo "got:$answer"' });
    assert.match(output, /got:/);
  });

  it('a daemon that leaves the process group is ended with the command', async () => {
    const { ok, output } = await bench.call('bash', {
      command: 'setsid sleep 4711 >/dev/null 2>&1 & sleep 0.3; echo started',
    });
    assert.equal(ok, true);
    assert.match(output, /started/);
    await eventually(() => (lives('sleep 4711') ? undefined : true), 10_000);
  });

  it('a server in the background lives until it is ended, and its log can be read meanwhile', async () => {
    const { output } = await bench.call('bash', {
      command: 'echo listening; exec sleep 4712',
      background: true,
    });
    const [, id = ''] = /\[(sh\d+) runs since/.exec(output) ?? [];
    assert(lives('sleep 4712'));
    assert.match((await bench.call('bash_kill', { id })).output, /ended by the engine/);
    await eventually(() => (lives('sleep 4712') ? undefined : true), 10_000);
  });

  it('a failing command says its exit code and is no success', async () => {
    assert.deepEqual(await bench.call('bash', { command: 'echo no >&2; exit 3' }), {
      ok: false,
      output: 'no\n[exit code 3]',
    });
  });

  it('output that is no UTF-8 reaches the model as text that a service takes', async () => {
    const { output } = await bench.call('bash', { command: "printf 'a\\xff\\xfeb'" });
    assert(!/\p{Surrogate}/u.test(output));
    assert.match(output, /^a\uFFFD+b$/);
  });
});

function lives(command: string): boolean {
  const list = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return list.split('\n').some((line) => line.trim() === command);
}
