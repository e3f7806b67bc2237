import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../src/adapters/process/sandbox';
import type { EngineSettings } from '../../src/composeRun';
import type { StoredEvent } from '../../src/core/model/event';
import type { Approver } from '../../src/core/ports';
import { gitFixture, type GitFixture } from '../support/gitFixture';
import type { ModelScript } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { nobody, scenario } from '../support/scenario';

const plan = `
name: build
gates: []
tasks:
  - id: build
    title: Build it
    agent: implementer
    prompt: "BUILD it"
`;

/** What an agent was talked into running: it works, and reaches for the checkout and a file that is not committed. */
const buildScript = (root: string) => `
const { readFileSync, writeFileSync } = require('node:fs');
const attempt = (what) => { try { what(); } catch (error) { console.log(error.code); } };
writeFileSync('built.txt', 'done');
attempt(() => writeFileSync('stolen.txt', readFileSync('${root}/private.txt')));
attempt(() => writeFileSync('${root}/hacked.txt', 'x'));
`;

const obedient: ModelScript = ({ step }) =>
  step === 0
    ? { toolCalls: [{ name: 'bash', input: { command: 'node build.js' } }] }
    : { toolCalls: [{ name: 'finish', input: { summary: 'Built it.' } }] };

/** Starts a server, then builds with what it answers and with what it wrote into `/tmp`. */
const serving: ModelScript = ({ step }) => {
  const server = `node -e 'require("fs").writeFileSync("/tmp/made", "made"); require("http").createServer((q, a) => a.end("served")).listen(3000, () => console.log("listens"))'`;
  const build = `node -e 'fetch("http://localhost:3000").then((a) => a.text()).then((text) => { if (text !== "served") throw text; require("fs").copyFileSync("/tmp/made", "built.txt"); })'`;
  if (step === 0) return { toolCalls: [{ name: 'bash', input: { command: server, background: true } }] };
  if (step === 1) return { toolCalls: [{ name: 'bash_output', input: { id: 'sh1' } }] };
  return step === 2
    ? { toolCalls: [{ name: 'bash', input: { command: build } }] }
    : { toolCalls: [{ name: 'finish', input: { summary: 'Built it.' } }] };
};

async function play(
  settings: EngineSettings,
  approver: Approver = nobody,
  check?: (fixture: GitFixture) => void,
  script = obedient,
) {
  const fixture = gitFixture({ 'plan.yaml': plan });
  fixture.write('build.js', buildScript(fixture.root));
  fixture.commit();
  fixture.write('private.txt', 'nobody’s business');
  const server = await startOpenAiServer(script);
  const options = {
    model: 'openai-compatible/test',
    baseUrl: server.baseUrl,
    apiKey: 'key',
    approver,
    settings,
  };
  const world = await scenario(fixture, options);
  try {
    const { events } = await world.run({ planPath: 'plan.yaml', deliver: 'auto' });
    check?.(fixture);
    const health = await world.engine.doctor();
    return {
      events,
      sandbox: health.find(({ name }) => name === 'sandbox'),
      built: wrote(events, 'built.txt'),
    };
  } finally {
    await world.close();
    await server.close();
  }
}

function wrote(events: readonly StoredEvent[], path: string): boolean {
  return events.some((event) => event.type === 'delivery.completed' && event.paths.includes(path));
}

const notes = (events: readonly StoredEvent[]) =>
  events.flatMap((event) => (event.type === 'note' ? `${event.level}: ${event.message}` : []));
const questions = (events: readonly StoredEvent[]) =>
  events
    .flatMap((event) => (event.type === 'approval.requested' ? event.approval : []))
    .filter(({ kind }) => kind === 'tool');

const nothing = () => Promise.resolve([]);
const bare = {
  rules: {},
  environment: process.env,
  home: homedir(),
  hidden: [],
  stores: nothing,
  steering: nothing,
};

describe('An autonomous run (needs bubblewrap)', () => {
  before(async function () {
    const state = await createSandbox(bare).state();
    if (state.kind !== 'ready') this.skip();
  });

  it('does what its agent wants to run unasked, with no effect outside the worktree', async () => {
    const { events, built } = await play({ autonomous: true }, nobody, (fixture) => {
      assert.equal(existsSync(join(fixture.root, 'hacked.txt')), false);
      assert.equal(existsSync(join(fixture.root, 'stolen.txt')), false);
    });
    assert.equal(built, true);
    assert.deepEqual(questions(events), []);
    assert.match(notes(events).join('\n'), /info: Autonomous: commands that run in the sandbox/);
  });

  it('builds with a server that its agent started in the background, and keeps nothing of it', async () => {
    const { built } = await play(
      { autonomous: true },
      nobody,
      (fixture) => {
        const owned = readdirSync(fixture.state, { recursive: true, encoding: 'utf8' });
        assert.deepEqual(
          owned.filter((path) => path.includes('owned-')),
          [],
        );
      },
      serving,
    );
    assert.equal(built, true);
  });

  it('asks where it is not autonomous, and says in the question how the command would run', async () => {
    const { events, built } = await play({});
    assert.equal(built, false);
    assert.match(questions(events)[0]?.detail ?? '', /^In the sandbox, without network\.\nIn /);
  });
});

describe('An autonomous run without a sandbox', () => {
  it('asks, and says so in the run, in the question and in the doctor’s report', async () => {
    const { events, built, sandbox } = await play({ autonomous: true, sandbox: { off: true } });
    assert.equal(built, false);
    assert.match(
      notes(events).join('\n'),
      /warning: Autonomous mode is off, this run asks\. .* without a sandbox/,
    );
    assert.match(
      questions(events)[0]?.detail ?? `nothing was asked: ${JSON.stringify(events.slice(-12))}`,
      /^Not in a sandbox: it can do whatever this account can/,
    );
    assert.equal(sandbox?.status, 'warning');
    assert.match(sandbox.message, /not confined: .*Autonomous mode is off: runs ask\./);
  });
});
