import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endRunProcesses } from '../../../../src/adapters/process/endTree';
import { eventually } from '../../../support/eventually';
import { McpBench } from '../../../support/mcpBench';
import { scriptedPolicy } from '../../../support/scriptedPolicy';

const script = resolve(__dirname, '../../../fixtures/mcp/scriptedServer.mjs');

describe('starting an MCP server', () => {
  let bench: McpBench;
  beforeEach(() => {
    bench = new McpBench();
  });
  afterEach(() => bench.close());

  const programs = () => bench.asked.flatMap(({ request }) => (request.kind === 'program' ? [request] : []));
  const notesOf = (attempt: { events: readonly { type: string }[] }) =>
    attempt.events.flatMap((event) => ('message' in event ? [String(event.message)] : []));

  it('asks first, with everything that will run, and no value of a variable', async () => {
    bench.environment['HOME_TOKEN'] = 'token-of-the-person';
    bench.scripted('plain', 'box', {
      env: { API_KEY: 'sk-literal-secret', TOKEN: '${HOME_TOKEN}' },
      args: [script, 'plain', '${workspaceFolder}'],
    });
    await bench.open();
    const [{ title, detail } = { title: '', detail: '' }] = bench.asked;
    assert.equal(title, 'Start the MCP server "box"?');
    assert.equal(
      detail,
      [
        'MCP server "box", defined in .mcp.json',
        '',
        `program    ${process.execPath}`,
        `argument   ${JSON.stringify(script)}`,
        'argument   "plain"',
        'argument   "${workspaceFolder}"',
        'folder     an empty one of its own',
        'variables  API_KEY, TOKEN',
        'from your environment  HOME_TOKEN',
        '',
        'It works on the worktree of the task it serves: what an agent writes there, it reads.',
        '',
        'It runs with your permissions and may use the network.',
      ].join('\n'),
    );
    assert.doesNotMatch(JSON.stringify(bench.asked), /literal-secret|token-of/);
  });

  it('starts nothing that was not allowed, and asks once for the whole run', async () => {
    bench.answer = () => 'Not allowed: nobody is there to allow it.';
    bench.scripted('plain');
    const [first, second] = [await bench.open(), await bench.open()];
    assert.deepEqual([first.tools.specs, second.tools.specs], [[], []]);
    assert.deepEqual(bench.noted(), []);
    assert.equal(bench.asked.length, 1);
    assert.match(notesOf(first.attempt)[0] ?? '', /^The MCP server "box" is not used: Not allowed: nobody/);
  });

  it('starts one server for the list of tools, and one for each attempt that calls one', async () => {
    bench.scripted('plain');
    const attempts = [await bench.open(), await bench.open(), await bench.open()];
    const starts = () => bench.noted().filter((line) => line.startsWith('start')).length;
    assert.equal(starts(), 1);
    await attempts[0]?.call('mcp__box__echo');
    await attempts[2]?.call('mcp__box__echo');
    assert.equal(starts(), 2);
  });

  it('has the same digest in every worktree, and another one for every change of what runs', async () => {
    const digestOf = async (change: Parameters<McpBench['scripted']>[2]) => {
      const one = new McpBench();
      one.answer = () => 'no';
      await one.scripted('plain', 'box', change).open();
      const [asked] = one.asked;
      await one.close();
      return asked?.request.kind === 'program' ? asked.request.digest : 'not asked';
    };
    const args = [script, 'plain', '${workspaceFolder}'];
    const same = await digestOf({ args });
    assert.match(same, /^[0-9a-f]{64}$/);
    assert.equal(await digestOf({ args }), same);
    const others = await Promise.all([
      digestOf({ args: [...args, '--unsafe'] }),
      digestOf({ args, env: { A: '1' } }),
      digestOf({ args, env: { A: '2' } }),
      digestOf({ args, cwd: '${workspaceFolder}' }),
      digestOf({ args, command: '/bin/sh' }),
    ]);
    assert.equal(new Set([same, ...others]).size, 6);
  });

  it('takes a script of the repository from the checkout, with its bytes in the digest, never from the worktree', async () => {
    mkdirSync(join(bench.workspace, 'tools'));
    const own = join(bench.workspace, 'tools/server.mjs');
    const start = (text: string) => writeFileSync(own, `${text}\nawait import(${JSON.stringify(script)});`);
    start('// first');
    bench.define('box', { command: process.execPath, args: ['./tools/server.mjs', 'plain'] });
    const { call, attempt } = await bench.open();
    mkdirSync(join(attempt.worktree.path, 'tools'));
    writeFileSync(join(attempt.worktree.path, 'tools/server.mjs'), 'process.exit(1)');
    const { output } = await call('mcp__box__echo');
    assert.equal(output, 'echo {}');
    start('// second');
    const next = await bench.open();
    await next.call('mcp__box__echo');
    assert.equal(new Set(programs().map((request) => request.digest)).size, 2);
  });

  it('refuses a path of the repository that is not there: an agent could put code there', async () => {
    bench.define('box', { command: process.execPath, args: ['${workspaceFolder}/build/server.js'] });
    const { attempt } = await bench.open();
    assert.match(
      notesOf(attempt)[0] ?? '',
      /does not exist in the workspace, and what an agent puts there must not run/,
    );
    assert.equal(bench.asked.length, 0);
  });

  it('refuses variables of a repository that decide what code runs', async () => {
    bench.scripted('plain', 'box', { env: { NODE_OPTIONS: '--require ./evil.js' } });
    const { attempt } = await bench.open();
    assert.match(notesOf(attempt)[0] ?? '', /it sets NODE_OPTIONS, which decides what code runs/);
  });

  it('says which variable or input is missing', async () => {
    bench.scripted('plain', 'one', { env: { A: '${NOT_SET}' } });
    bench.scripted('plain', 'two', { env: { A: '${input:key}' } });
    bench.define('three', { command: 'no-such-program-anywhere' });
    const { attempt } = await bench.open();
    const [one = '', two = '', three = ''] = notesOf(attempt);
    assert.match(one, /"one" is not used: it needs the environment variable NOT_SET, which is not set\./);
    assert.match(two, /"two" is not used: it needs the input "key", which only the editor can ask for/);
    assert.match(three, /"three" is not used: the program "no-such-program-anywhere" is not on the PATH\./);
  });

  it('gives it the variables it names and none of the engine’s secrets, and keeps both from the model', async () => {
    Object.assign(bench.environment, { OPENAI_API_KEY: 'sk-engine-secret', PLAIN: 'plain' });
    bench.scripted('env', 'box', { env: { SERVICE_TOKEN: 'literal-token' } });
    const { call } = await bench.open();
    const { output } = await call('mcp__box__echo');
    const env = JSON.parse(output) as Record<string, string>;
    assert.equal(env['SERVICE_TOKEN'], '[secret]');
    assert.equal(env['PLAIN'], 'plain');
    assert.equal(env['OPENAI_API_KEY'], undefined);
    assert.equal(env['ENTERPRISE_RUN_ID'], 'run-1');
  });

  it('runs in an empty folder of its own, which is gone afterwards', async () => {
    const { call, tools } = await bench.scripted('cwd').open();
    const { output } = await call('mcp__box__echo');
    assert.ok(output.startsWith(bench.scratch), output);
    await tools.close();
    assert.deepEqual(readdirSync(bench.scratch), []);
  });

  it('is found and ended by whoever takes over the run of a killed engine', async function () {
    if (process.platform !== 'linux') this.skip();
    const runId = `run-${randomUUID()}`;
    const { call } = await bench.scripted('child').open(undefined, runId);
    await call('mcp__box__echo');
    const ids = bench.noted().flatMap((line) => /^(?:start|child) (\d+)$/.exec(line)?.[1] ?? []);
    const alive = () => ids.filter((id) => /^State:\s+[^Z]/m.test(statusOf(id)));
    assert.equal(alive().length, 2);
    await endRunProcesses(runId, 200);
    // What is killed has no environment any more a moment before it has no state.
    await eventually(() => alive().length === 0 || undefined, 2000);
  });

  it('runs in the worktree where its definition says so', async () => {
    const { call, attempt } = await bench.scripted('cwd', 'box', { cwd: '${workspaceFolder}' }).open();
    assert.equal((await call('mcp__box__echo')).output, attempt.worktree.path);
  });

  it('finds no program in a relative folder of the PATH', async () => {
    writeFileSync(join(bench.workspace, 'box-server'), '#!/bin/sh\n');
    chmodSync(join(bench.workspace, 'box-server'), 0o755);
    bench.environment['PATH'] = '.:';
    bench.define('box', { command: 'box-server' });
    const { attempt } = await bench.open();
    assert.match(notesOf(attempt)[0] ?? '', /is not on the PATH/);
  });

  it('offers an agent only what its definition names, and starts no server for others', async () => {
    bench.scripted('plain', 'one').scripted('plain', 'two').scripted('plain', 'three');
    const { tools } = await bench.open(['read', 'mcp__one__*', 'mcp__two__fail']);
    assert.deepEqual(
      tools.specs.map(({ name }) => name),
      ['mcp__one__echo', 'mcp__one__fail', 'mcp__two__fail'],
    );
    assert.equal(programs().length, 2);
    const none = await bench.open(['read']);
    assert.deepEqual(none.tools.specs, []);
  });

  it('asks before each call, with the arguments as they are', async () => {
    const { call } = await bench.scripted('plain', 'my box').open();
    await call('mcp__my_box__echo', { text: 'to the world' });
    const { request, title, detail } = bench.asked.at(-1) ?? { request: undefined, title: '', detail: '' };
    assert.deepEqual(request, { kind: 'mcp', server: 'my box', tool: 'echo' });
    assert.equal(title, 'Call the tool "echo" of the MCP server "my box"?');
    assert.equal(detail, 'my box/echo\n\n{\n  "text": "to the world"\n}');
  });

  it('connects to no host the policy denies, whoever allows the server', async () => {
    bench.policy = scriptedPolicy((request) => (request.kind === 'host' ? 'deny' : 'allow'));
    bench.define('far', { url: 'https://far.test/mcp' });
    const { attempt } = await bench.open();
    assert.match(
      notesOf(attempt)[0] ?? '',
      /"far" is not used: The script says deny\. \(rule "scripted deny"\)/,
    );
    assert.equal(bench.asked.length, 0);
  });
});

function statusOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/status`, 'utf8');
  } catch {
    // It is gone.
    return '';
  }
}
