import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { SandboxSession } from '../../../../src/adapters/process/sandbox';
import { sandboxWorld, type SandboxWorld } from '../../../support/sandboxWorld';

const port = 3000;
const serve = (text: string) =>
  `exec node -e 'require("http").createServer((q, a) => a.end("${text}")).listen(${port}, "127.0.0.1", () => console.log("listens"))'`;
const ask = `node -e 'fetch("http://127.0.0.1:${port}").then((answer) => answer.text()).then(console.log, (error) => console.log(error.cause.code))'`;

describe('The commands of a session in the sandbox (needs bubblewrap)', () => {
  let world: SandboxWorld;
  let sessions: SandboxSession[];
  const newSession = () => {
    const session = world.sandbox.session();
    sessions.push(session);
    return session;
  };

  before(async function () {
    world = await sandboxWorld({ rules: { network: ['node reach.js'] } });
    if ((await world.sandbox.state()).kind !== 'ready') this.skip();
  });
  beforeEach(() => (sessions = []));
  afterEach(() => Promise.all(sessions.map((session) => session.close())));
  after(() => world.close());

  /** Starts a server and resolves when it listens. */
  async function server(session: SandboxSession, text: string) {
    const controller = new AbortController();
    let ended: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve, reject) => {
      ended = world
        .run(serve(text), { session, signal: controller.signal, onOutput: () => resolve() })
        .then((result) => reject(new Error(result.stderr)));
      ended.catch(() => undefined);
    });
    return async () => {
      controller.abort();
      await ended.catch(() => undefined);
    };
  }

  it('reach what another of them serves, until it ends', async function () {
    if (!(await world.sandbox.sharesLoopback())) this.skip();
    const session = newSession();
    const stop = await server(session, 'hello');
    assert.equal((await world.run(ask, { session })).stdout, 'hello\n');
    assert.equal((await world.run(ask, { session })).stdout, 'hello\n');
    await stop();
    assert.equal((await world.run(ask, { session })).stdout, 'ECONNREFUSED\n');
  });

  it('listen on the same port as those of another session, and reach only their own', async function () {
    if (!(await world.sandbox.sharesLoopback())) this.skip();
    const [one, other, third] = [newSession(), newSession(), newSession()];
    const stops = [await server(one, 'one'), await server(other, 'other')];
    assert.equal((await world.run(ask, { session: one })).stdout, 'one\n');
    assert.equal((await world.run(ask, { session: other })).stdout, 'other\n');
    assert.equal((await world.run(ask, { session: third })).stdout, 'ECONNREFUSED\n');
    assert.equal((await world.run(ask)).stdout, 'ECONNREFUSED\n');
    await Promise.all(stops.map((stop) => stop()));
  });

  it('have no other network than that loopback', async () => {
    const session = newSession();
    const { stdout } = await world.run('tail -n +3 /proc/net/dev; tail -n +2 /proc/net/route', { session });
    assert.match(stdout, /^ *lo:[ \d]+\n$/);
  });

  it('have the machine’s network instead where it was granted, and /tmp all the same', async () => {
    const session = newSession();
    await world.run(
      `cat > reach.js <<'EOT'\nrequire('fs').writeFileSync('/tmp/said', 'x');\nrequire('net').connect(${world.port}, '127.0.0.1').on('data', (text) => console.log('heard', String(text)));\nEOT`,
    );
    assert.match((await world.run('node reach.js', { session })).stdout, /^heard hello/);
    assert.equal((await world.run('cat /tmp/said', { session })).stdout, 'x');
    const granted = await session.confine({ line: 'node reach.js', root: world.worktree });
    assert.equal(granted?.loopback, 'machine');
  });

  it('find in /tmp what another of them left there; nobody else does', async () => {
    const [one, other] = [newSession(), newSession()];
    const name = `left-${process.pid}`;
    await world.run(`echo it > /tmp/${name}; mkdir /tmp/folder`, { session: one });
    assert.equal((await world.run(`cat "$TMPDIR/${name}"`, { session: one })).stdout, 'it\n');
    assert.notEqual((await world.run(`cat /tmp/${name}`, { session: other })).exitCode, 0);
    assert.notEqual((await world.run(`cat /tmp/${name}`)).exitCode, 0);
    assert.equal(readdirSync('/tmp').includes(name), false);
  });

  it('leave nothing behind, whatever they made of /tmp, and nothing they point at is touched', async () => {
    const session = newSession();
    const before = world.outside();
    await world.run(
      `mkdir -p /tmp/a/b; echo x > /tmp/a/b/c; ln -s ${world.checkout} /tmp/a/out; chmod 0 /tmp/a/b /tmp/a; chmod 0 /tmp`,
      { session },
    );
    assert.equal(readdirSync(world.scratch).length, 1);
    await session.close();
    assert.deepEqual(readdirSync(world.scratch), []);
    assert.equal(world.outside(), before);
  });

  it('do not begin after its end', async () => {
    const session = newSession();
    await session.close();
    await assert.rejects(async () => session.confine({ line: 'x', root: world.worktree }));
  });

  it('give back every file of this process', async () => {
    const open = () => readdirSync('/proc/self/fd').length;
    await world.run('true', { session: newSession() });
    const before = open();
    for (let round = 0; round < 3; round++) {
      const session = world.sandbox.session();
      await world.run('true', { session });
      await session.close();
    }
    assert.ok(open() <= before, `${open()} files are open, ${before} were`);
  });
});

describe('Where a loopback cannot be shared (needs bubblewrap)', () => {
  let world: SandboxWorld;
  let programs: string;
  before(async function () {
    programs = mkdtempSync(join(tmpdir(), 'no-nsenter-'));
    const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'bwrap'));
    for (const program of found.filter(existsSync).slice(0, 1)) symlinkSync(program, join(programs, 'bwrap'));
    world = await sandboxWorld({ environment: { PATH: programs } });
    if ((await world.sandbox.state()).kind !== 'ready') this.skip();
  });
  after(() => {
    world.close();
    rmSync(programs, { recursive: true });
  });

  it('each command has its own, which is said, and they share /tmp', async () => {
    assert.equal(await world.sandbox.sharesLoopback(), false);
    const session = world.sandbox.session();
    const confinement = await session.confine({ line: 'x', root: world.worktree });
    assert.deepEqual([confinement?.network, confinement?.loopback], [false, 'own']);
    await world.run('echo it > /tmp/left', { session });
    assert.equal((await world.run('cat /tmp/left', { session })).stdout, 'it\n');
    assert.match((await world.run('cat /proc/net/dev', { session })).stdout, /^ *lo:[^\n]*\n$/m);
    await session.close();
  });
});
