import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasLivingOwner } from '../../../../src/adapters/process/ownedFolder';
import { createToolbox } from '../../../../src/adapters/tools/toolbox';
import type { Sandbox } from '../../../../src/adapters/process/sandbox';
import type { ToolSession } from '../../../../src/core/ports';
import { testAttempt } from '../../../support/attempt';
import { sandboxWorld, type SandboxWorld } from '../../../support/sandboxWorld';
import { scriptedPolicy } from '../../../support/scriptedPolicy';

const server = (answer: string, mark = '') =>
  `exec node -e 'require("http").createServer((q, a) => a.end("${answer}")).listen(3000, () => console.log("listens"))' ${mark}`;
const ask = `node -e 'fetch("http://localhost:3000").then((a) => a.text()).then(console.log, (e) => { console.log(e.cause.code); process.exitCode = 1; })'`;

describe('An agent’s commands in the sandbox (needs bubblewrap)', () => {
  let world: SandboxWorld;
  const open = async (sandbox: Sandbox | undefined) => {
    const context = testAttempt({ worktree: world.worktree });
    const logFolder = join(world.folder, 'logs');
    const policy = scriptedPolicy(() => 'allow');
    const toolbox = createToolbox({ policy, ripgrepPath: undefined, logFolder, sandbox });
    await toolbox.prepare?.(context);
    return toolbox.open(context);
  };
  const call = (session: ToolSession, name: string, input: unknown) =>
    session.call({ id: 'c', name, input }, new AbortController().signal);
  const description = (session: ToolSession) =>
    session.specs.find(({ name }) => name === 'bash')?.description ?? '';

  before(async function () {
    world = await sandboxWorld();
    if (!(await world.sandbox.sharesLoopback())) this.skip();
  });
  after(() => world.close());

  async function listening(session: ToolSession, command: string): Promise<string> {
    const { output } = await call(session, 'bash', { command, background: true });
    const id = /\bsh\d+/.exec(output)?.[0] ?? '';
    return output.includes('listens') ? id : (await call(session, 'bash_output', { id }), id);
  }

  it('reach a background server of the session, as they were told, until it is ended', async () => {
    const session = await open(world.sandbox);
    assert.match(description(session), /share localhost, .* a background server answers your later calls/);
    const id = await listening(session, server('hello'));
    assert.deepEqual(await call(session, 'bash', { command: ask }), { ok: true, output: 'hello' });
    await call(session, 'bash_kill', { id });
    const { output } = await call(session, 'bash', { command: ask });
    assert.match(output, /ECONNREFUSED[^]*localhost is that of this session, where only its own background/);
    await session.close();
  });

  it('hand files on through /tmp, to nobody else', async () => {
    const [one, other] = [await open(world.sandbox), await open(world.sandbox)];
    assert.match(description(one), /All your calls share one temporary folder, \/tmp: write "\$TMPDIR"/);
    await call(one, 'bash', { command: 'echo it > "$TMPDIR/left"' });
    assert.deepEqual(await call(one, 'bash', { command: 'cat "$TMPDIR/left"' }), { ok: true, output: 'it' });
    assert.equal((await call(other, 'bash', { command: 'cat "$TMPDIR/left"' })).ok, false);
    await Promise.all([one.close(), other.close()]);
  });

  it('of two sessions listen on the same port', async () => {
    const [one, other] = [await open(world.sandbox), await open(world.sandbox)];
    await Promise.all([listening(one, server('one')), listening(other, server('other'))]);
    assert.equal((await call(one, 'bash', { command: ask })).output, 'one');
    assert.equal((await call(other, 'bash', { command: ask })).output, 'other');
    await Promise.all([one.close(), other.close()]);
  });

  it('leave nothing behind when the session ends, daemons neither', async () => {
    const session = await open(world.sandbox);
    const mark = `session-daemon-${process.pid}`;
    await listening(session, `(setsid env -i sleep 77 ${mark}; true) & ${server('x', mark)}`);
    assert.ok(commandLinesWith(mark).length > 0);
    await session.close();
    assert.deepEqual(commandLinesWith(mark), []);
    assert.deepEqual(readdirSync(world.scratch), []);
  });

  it('end with the engine, even when that is killed', async () => {
    const mark = `killed-engine-${process.pid}`;
    const program = join(__dirname, '../../../support/sandboxSessionEngine.ts');
    const place = [world.worktree, world.scratch, world.home];
    const engine = spawn(process.execPath, ['--import', 'tsx', program, ...place, server('x', mark)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(engine.stdout, 'data');
    assert.ok(commandLinesWith(mark).length > 0);
    const [folder = ''] = readdirSync(world.scratch);
    assert.equal(hasLivingOwner(folder), true);
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    assert.equal(hasLivingOwner(folder), false);
    const until = performance.now() + 5000;
    while (commandLinesWith(mark).length > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(commandLinesWith(mark), []);
  });

  it('are told when they have neither in common', async () => {
    const plain = await open(undefined);
    assert.doesNotMatch(description(plain), /sandbox/);
    const alone = await open({ ...world.sandbox, sharesLoopback: () => Promise.resolve(false) });
    assert.match(description(alone), /Each call has a localhost of its own: start a server and what talks/);
    await Promise.all([plain.close(), alone.close()]);
  });
});

function commandLinesWith(mark: string): string[] {
  return readdirSync('/proc')
    .filter((id) => /^\d+$/.test(id) && Number(id) !== process.pid)
    .map((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'latin1');
      } catch {
        return ''; // It ended meanwhile.
      }
    })
    .filter((line) => line.includes(mark) && !line.includes('sandboxSessionEngine'));
}
