import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCommandBackend } from '../../src/adapters/agents/backends/commandBackend';
import { createExternalBackend } from '../../src/adapters/agents/acp/externalBackend';
import { createModelBackend } from '../../src/adapters/agents/backends/modelBackend';
import { systemClock } from '../../src/adapters/clock/systemClock';
import { ok } from '../../src/base/result';
import type { Work } from '../../src/core/model/plan';
import { fakeLaunch } from '../support/fakeAcpScript';
import { fakeToolbox } from '../support/fakeToolbox';
import { HastyClock } from '../support/hastyClock';
import { scriptedPolicy } from '../support/scriptedPolicy';
import { scriptedProvider } from '../support/scriptedProvider';
import { SteeredBackend } from '../support/steeredBackend';
import { agentBackendContract } from './agentBackend.contract';

const prompt = (text: string): Work => ({ kind: 'agent', prompt: text });

agentBackendContract('a model with tools', () => {
  let work = '';
  const provider = scriptedProvider(({ step }) => {
    if (work === 'fails') return { status: 400 };
    if (work === 'hangs') return { silent: true };
    return step === 0 ? { toolCalls: [{ name: 'look' }] } : { text: 'Seen.' };
  }, 60_000);
  const clock = new HastyClock();
  const real = createModelBackend({
    provider,
    toolbox: fakeToolbox({ look: () => ({ ok: true, output: 'x' }) }),
    clock,
    random: () => 0,
    newId: () => 'id',
  });
  const backend: typeof real = {
    run: (context) => {
      work = context.task.work.kind === 'agent' ? context.task.work.prompt : '';
      return real.run(context);
    },
  };
  return { backend, succeeds: prompt('succeeds'), fails: prompt('fails'), hangs: prompt('hangs') };
});

agentBackendContract('a command', () => ({
  backend: createCommandBackend({
    clock: new HastyClock(),
    analysisCommand: () => ({ file: 'none', args: [], env: {} }),
  }),
  succeeds: { kind: 'command', run: 'echo done' },
  fails: { kind: 'command', run: 'exit 1' },
  hangs: { kind: 'command', run: 'echo started; sleep 300' },
}));

agentBackendContract('an external agent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'external-'));
  const launch = fakeLaunch(folder, {
    turns: [
      {
        when: 'succeeds',
        steps: [
          { update: { sessionUpdate: 'tool_call', toolCallId: 'a', title: 'Look', status: 'completed' } },
          { say: 'Done.' },
        ],
        usage: { totalTokens: 3, inputTokens: 1, outputTokens: 2 },
      },
      { when: 'fails', steps: [{ say: 'No.' }], stop: 'refusal' },
      { when: 'hangs', steps: [{ say: 'Working.' }, { hang: true }] },
    ],
  });
  const real = createExternalBackend({
    launch: () => Promise.resolve(ok(launch)),
    policy: scriptedPolicy(() => 'allow'),
    describe: () => Promise.resolve('As it is.'),
    clock: systemClock,
    newId: randomUUID,
    cancelMs: 100,
  });
  const backend: typeof real = {
    run: (context) => {
      const { work } = context.task;
      const briefing = work.kind === 'agent' ? work.prompt : '';
      return real.run(Object.assign(Object.create(context) as typeof context, { briefing }));
    },
  };
  return { backend, succeeds: prompt('succeeds'), fails: prompt('fails'), hangs: prompt('hangs') };
});

agentBackendContract('steered (fake)', () => {
  const backend = new SteeredBackend();
  const run = backend.run.bind(backend);
  backend.run = async (context) => {
    const running = run(context);
    const steered = backend.attempts.at(-1)!;
    await steered.progress('started');
    const { work } = context.task;
    if (work.kind === 'agent' && work.prompt === 'succeeds') steered.finish();
    if (work.kind === 'agent' && work.prompt === 'fails')
      steered.fail({ kind: 'not-found', message: 'It is not there.' });
    return running;
  };
  return { backend, succeeds: prompt('succeeds'), fails: prompt('fails'), hangs: prompt('hangs') };
});
