import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { McpBench } from '../../../support/mcpBench';

/**
 * The example servers of the protocol's authors, as a person would configure them: `npx` fetches them from the registry,
 * so a machine without one skips these, and says so. They bring 40 MB that nothing else needs.
 */
describe('the official example servers', function () {
  this.timeout(180_000);
  const version = '2026.8.31';
  let bench: McpBench;
  beforeEach(() => {
    bench = new McpBench();
    Object.assign(bench.environment, process.env);
    bench.timeouts = { startMs: 120_000, callMs: 30_000 };
  });
  afterEach(() => bench.close());

  const npx = (name: string, ...args: string[]) => ({
    command: 'npx',
    args: ['-y', `@modelcontextprotocol/${name}@${version}`, ...args],
  });

  async function opened(test: Mocha.Context) {
    const { tools, attempt, call } = await bench.open();
    if (tools.specs.length > 0) return { tools, attempt, call };
    console.warn(
      `      not run: ${JSON.stringify(attempt.events.map((event) => 'message' in event && event.message))}`,
    );
    return test.skip();
  }

  it('server-filesystem works on the worktree and nowhere else', async function () {
    bench.define('fs', npx('server-filesystem', '${workspaceFolder}'));
    const { attempt, call, tools } = await opened(this);
    const { path } = attempt.worktree;
    assert.ok(tools.specs.some(({ name }) => name === 'mcp__fs__write_file'));
    assert.equal(
      (await call('mcp__fs__write_file', { path: join(path, 'made.txt'), content: 'made\n' })).ok,
      true,
    );
    assert.equal(readFileSync(join(path, 'made.txt'), 'utf8'), 'made\n');
    writeFileSync(join(bench.workspace, 'own.txt'), 'own\n');
    const outside = await call('mcp__fs__write_file', {
      path: join(bench.workspace, 'evil.txt'),
      content: 'x',
    });
    assert.equal(outside.ok, false);
    assert.match(outside.output, /outside allowed directories/);
    assert.equal(existsSync(join(bench.workspace, 'evil.txt')), false);
    assert.equal(
      (await call('mcp__fs__read_text_file', { path: join(bench.workspace, 'own.txt') })).ok,
      false,
    );
  });

  it('server-everything: text, errors, pictures and resources come back as bounded text', async function () {
    bench.define('all', { ...npx('server-everything'), env: { SPECIAL_TOKEN: 'special-token-value' } });
    const { call, tools } = await opened(this);
    const names = tools.specs.map(({ name }) => name);
    assert.ok(names.includes('mcp__all__echo'), names.join(' '));
    assert.deepEqual(await call('mcp__all__echo', { message: 'hello' }), { ok: true, output: 'Echo: hello' });
    assert.match((await call('mcp__all__get-tiny-image')).output, /\[image, image\/png, \d+ KB: not shown\]/);
    const env = await call('mcp__all__get-env');
    assert.match(env.output, /"SPECIAL_TOKEN": "\[secret\]"/);
    assert.equal((await call('mcp__all__get-sum', { a: 'no number' })).ok, false);
    const stop = new AbortController();
    const slow = call('mcp__all__trigger-long-running-operation', { duration: 20, steps: 20 }, stop.signal);
    setTimeout(() => stop.abort(), 200);
    assert.deepEqual(await slow, { ok: false, output: 'The call was stopped.' });
    assert.notDeepEqual(living(), []);
    await tools.close();
    assert.deepEqual(living(), []);
  });

  /** Programs that stand in a folder of the bench; only Linux can say. */
  function living(): string[] {
    if (process.platform !== 'linux') return [];
    return readdirSync('/proc').filter((id) => /^\d+$/.test(id) && standsIn(id).startsWith(bench.folder));
  }
});

function standsIn(id: string): string {
  try {
    return readlinkSync(`/proc/${id}/cwd`);
  } catch {
    // Ended meanwhile, or somebody else's.
    return '';
  }
}
