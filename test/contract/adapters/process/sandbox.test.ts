import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxWorld, type SandboxWorld } from '../../../support/sandboxWorld';

describe('A command in the sandbox (needs bubblewrap)', () => {
  let world: SandboxWorld;
  before(async function () {
    world = await sandboxWorld({ rules: { network: ['node reach.js'] } });
    if ((await world.sandbox.state()).kind !== 'ready') this.skip();
  });
  after(() => world.close());

  it('gives exit code, both streams and its work in the worktree as without one', async () => {
    const result = await world.run('echo out; echo err >&2; echo made > made.txt; exit 3');
    const { exitCode, signal, stdout, stderr, startError } = result;
    assert.deepEqual([exitCode, signal, stdout, stderr, startError], [3, null, 'out\n', 'err\n', undefined]);
    assert.equal(readFileSync(join(world.worktree, 'made.txt'), 'utf8'), 'made\n');
  });

  it('takes its input', async () => {
    assert.equal((await world.run('cat', { input: 'said' })).stdout, 'said');
  });

  it('is named by the signal that ended it', async () => {
    const { exitCode, signal } = await world.run('kill -SEGV $$');
    assert.deepEqual([exitCode, signal], [null, 'SIGSEGV']);
  });

  it('is asked to end at its time limit, before it is made to', async () => {
    const command = "trap 'echo tidied up; exit 0' TERM; echo ready; while :; do sleep 0.1; done";
    const result = await world.run(command, { timeoutMs: 1000 });
    assert.equal(result.timedOut, true);
    assert.match(result.stdout, /ready\ntidied up\n/);
  });

  it('ends with everything it started when it is aborted', async () => {
    const controller = new AbortController();
    const onOutput = () => controller.abort();
    const result = await world.run("trap '' TERM; echo ready; sleep 60 & wait; sleep 60", {
      signal: controller.signal,
      onOutput,
    });
    assert.equal(result.aborted, true);
    assert.equal(result.exitCode, null);
  });

  it('has Node, its dependencies, and those that were linked into them', async () => {
    const script = 'console.log(require("lib"), "/", require("linked"))';
    const { stdout, stderr } = await world.run(`node -e '${script}'`);
    assert.equal(stdout, 'from the checkout / beside the linked one\n', stderr);
  });

  it('may put caches of tools where they want them', async () => {
    const result = await world.run(
      'mkdir -p node_modules/.cache && echo x > node_modules/.cache/x && echo x > /tmp/x && echo x > ~/x',
    );
    assert.equal(result.exitCode, 0, result.stderr);
  });

  it('can start a server and reach it', async () => {
    const script =
      'const s = require("http").createServer((q, a) => a.end("hello")).listen(0, "127.0.0.1", async () => { console.log(await (await fetch("http://127.0.0.1:" + s.address().port)).text()); s.close(); })';
    const { stdout, stderr } = await world.run(`node -e '${script}'`);
    assert.equal(stdout, 'hello\n', stderr);
  });

  it('reaches the network where the machine’s owner granted it to this beginning of a command, and only there', async () => {
    await world.run(
      `cat > reach.js <<'EOF'\nrequire('net').connect(${world.port}, '127.0.0.1').on('data', (text) => console.log('heard', String(text))).on('error', (error) => console.log(error.code));\nEOF`,
    );
    assert.match((await world.run('node reach.js')).stdout, /^heard hello/);
    assert.match((await world.run('node reach.js; true')).stdout, /^ECONNREFUSED/);
    assert.match((await world.run('node ./reach.js')).stdout, /^ECONNREFUSED/);
    assert.equal(await world.sandbox.hasNetwork('node reach.js'), true);
    assert.match(await world.sandbox.describe('node reach.js'), /with network/);
    assert.match(await world.sandbox.describe('node reach.js; true'), /^In the sandbox, without network/);
  });

  it('may write a path that was granted', async () => {
    const shared = join(world.folder, 'shared');
    mkdirSync(shared);
    await world.run('echo made > "$PLACE/made"', {
      readWrite: [shared],
      env: { ...process.env, PLACE: shared },
    });
    assert.equal(readFileSync(join(shared, 'made'), 'utf8'), 'made\n');
  });

  it('makes commits in repositories of its own under the person’s name', async () => {
    const { stdout, stderr } = await world.run(
      'cd /tmp && git init -q . && git commit -q --allow-empty -m first && git log --format=%an',
    );
    assert.equal(stdout, 'Person\n', stderr);
  });

  it('works through another path of its worktree', async () => {
    const other = join(world.folder, 'other-way');
    symlinkSync(world.worktree, other);
    const confinement = await world.sandbox.confine({ line: 'pwd', root: other });
    const result = await world.run('test -e package.json && echo here', { cwd: other, confinement });
    assert.equal(result.stdout, 'here\n', result.startError);
  });

  it('that does not exist could not be started', async () => {
    const result = await world.run('exec no-such-program');
    assert.equal(result.exitCode, 127);
  });

  it('did not run when its sandbox could not be made, and that is said', async () => {
    const confinement = {
      ...(await world.sandbox.confine({ line: 'x', root: world.worktree })),
      args: () => ['--ro-bind', '/no/such/place', '/x'],
      file: execFileSync('sh', ['-c', 'command -v bwrap'], { encoding: 'utf8' }).trim(),
      env: {},
      network: false,
    };
    const result = await world.run('echo ran > ran.txt', { confinement });
    assert.match(result.startError ?? '', /the sandbox failed \(bwrap: .*\/no\/such\/place/);
    assert.equal(result.exitCode, null);
    assert.equal(existsSync(join(world.worktree, 'ran.txt')), false);
  });
});

describe('Without bubblewrap', () => {
  it('commands run unconfined, and whoever asks is told so and what to do', async () => {
    const world = await sandboxWorld({ hidden: true });
    try {
      const state = await world.sandbox.state();
      assert.equal(state.kind, 'missing');
      assert.match(await world.sandbox.describe('npm test'), /^Not in a sandbox: .*(bubblewrap|Linux)/);
      assert.equal(await world.sandbox.hasNetwork('npm test'), true);
      assert.equal(await world.sandbox.confine({ line: 'x', root: world.worktree }), undefined);
      assert.equal((await world.run('echo ran')).stdout, 'ran\n');
    } finally {
      world.close();
    }
  });

  it('it can also be turned off', async () => {
    const world = await sandboxWorld({ rules: { off: true } });
    try {
      assert.match(await world.sandbox.describe('npm test'), /turned off in the settings/);
    } finally {
      world.close();
    }
  });
});
