import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loggedOf } from '../../../../support/fakeAcpScript';
import {
  eventLines,
  playExternal,
  processesOf,
  removeExternal,
  startExternal,
} from '../../../../support/playExternal';

const tool = (fields: Record<string, unknown>) => ({
  update: { sessionUpdate: 'tool_call', toolCallId: 't1', ...fields },
});
const more = (fields: Record<string, unknown>) => ({
  update: { sessionUpdate: 'tool_call_update', toolCallId: 't1', ...fields },
});
const usage = (used: number, amount?: number, currency = 'USD') => ({
  update: {
    sessionUpdate: 'usage_update',
    used,
    size: 200_000,
    ...(amount === undefined ? {} : { cost: { amount, currency } }),
  },
});

describe('An attempt of an external agent', function () {
  this.timeout(30_000);
  after(removeExternal);

  it('works in the worktree, and tells what it does as events in order', async () => {
    const { result, attempt, worktree, log } = await playExternal({
      turns: [
        {
          steps: [
            { update: { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'Hm.' } } },
            { say: 'I look first.' },
            tool({ title: 'Read a.ts', kind: 'read', status: 'pending', rawInput: {} }),
            more({ status: 'in_progress', rawInput: { path: 'a.ts' } }),
            more({
              status: 'completed',
              content: [{ type: 'content', content: { type: 'text', text: 'found' } }],
            }),
            {
              update: {
                sessionUpdate: 'plan',
                entries: [{ content: 'Write', status: 'in_progress', priority: 'high' }],
              },
            },
            { write: { path: 'b.ts', content: 'export {};\n' } },
            usage(1200, 0.02),
            { say: 'All ' },
            { say: 'done.' },
          ],
          usage: { totalTokens: 1300, inputTokens: 100, outputTokens: 200, cachedReadTokens: 1000 },
        },
      ],
    });
    assert.deepEqual(result, { ok: true, value: { summary: 'All done.' } });
    assert.equal(readFileSync(join(worktree, 'b.ts'), 'utf8'), 'export {};\n');
    assert.deepEqual(
      eventLines(attempt).filter((line) => !line.startsWith('progress')),
      [
        'prompt 1',
        'called acp:read Read a.ts',
        'returned ok found',
        'todos Write:in_progress',
        'prompt 1',
        'answer 1 cost-report 0+0 0.02',
        'answer 1 end_turn 1100+200 0',
      ],
    );
    const started = log[0]!;
    assert.equal(started['cwd'], worktree);
    assert.deepEqual(loggedOf(log, 'newSession'), [{ cwd: worktree, mcpServers: [] }]);
    const hello = loggedOf(log, 'initialize')[0] as { clientCapabilities: Record<string, unknown> };
    assert.equal(
      JSON.stringify(hello.clientCapabilities).includes('true'),
      false,
      'nothing is offered to it',
    );
  });

  it('is told the instructions, the briefing word for word, and how to end', async () => {
    const { log } = await playExternal({ turns: [] });
    const [prompt] = loggedOf(log, 'prompt') as string[];
    assert.match(prompt!, /You write code\.[\s\S]*Do the task\.[\s\S]*"summary"/);
  });

  it('hands over the closing block of its last message: summary, claims, handoff', async () => {
    const block = {
      summary: 'Wrote b.',
      verified: ['npm test'],
      handoff: { interfaces: ['b()'], decisions: [], open: [] },
    };
    const { result } = await playExternal({
      turns: [{ steps: [{ say: `Done.\n\`\`\`json\n${JSON.stringify(block)}\n\`\`\`` }] }],
    });
    assert(result.ok);
    assert.deepEqual(result.value, { summary: 'Wrote b.', claims: ['npm test'], handoff: block.handoff });
  });

  it('gets a clean environment, the variables named for it, and the mark of its run', async () => {
    process.env['ACP_TEST_API_KEY'] = 'secret-value-123';
    process.env['ACP_OTHER_TOKEN'] = 'other-secret-456';
    try {
      const { log, attempt, result } = await playExternal(
        { turns: [{ steps: [{ say: 'My key is secret-value-123.' }] }] },
        { launch: { passed: { ACP_TEST_API_KEY: 'secret-value-123' } } },
      );
      const names = log[0]!['env'] as string[];
      assert(names.includes('ACP_TEST_API_KEY') && names.includes('ENTERPRISE_RUN_ID'));
      assert(!names.includes('ACP_OTHER_TOKEN'));
      assert(
        !JSON.stringify([attempt.events, result]).includes('secret-value-123'),
        'it is recorded nowhere',
      );
    } finally {
      delete process.env['ACP_TEST_API_KEY'];
      delete process.env['ACP_OTHER_TOKEN'];
    }
  });

  it('estimates tokens and leaves the cost unknown where the agent reports neither', async () => {
    const { attempt } = await playExternal({ turns: [{ steps: [{ say: 'x'.repeat(400) }] }] });
    const answer = attempt.events.find((event) => event.type === 'model.answered');
    assert(answer?.type === 'model.answered');
    assert.equal(answer.usage.costUsd, null);
    assert.equal(answer.usage.outputTokens, 100);
    assert(answer.usage.inputTokens > 100);
  });

  it('does not take another currency for dollars', async () => {
    const { attempt } = await playExternal({ turns: [{ steps: [usage(10, 5, 'EUR'), { say: 'Done.' }] }] });
    const answers = attempt.events.filter((event) => event.type === 'model.answered');
    assert.deepEqual(
      answers.map((event) => event.usage.costUsd),
      [null],
    );
  });

  for (const [limit, limits, step, expected] of [
    ['tokens', { tokens: 1000 }, usage(1000), '1000 tokens'],
    ['cost', { costUsd: 0.5 }, usage(10, 0.5), '0.5 US dollars'],
    ['steps', { steps: 1 }, tool({ title: 'Look', status: 'completed' }), '1 steps'],
  ] as const) {
    it(`is stopped by its limit on ${limit} within one update, and what it cost is recorded`, async () => {
      const { result, attempt } = await playExternal(
        { turns: [{ steps: [step, { untilCancelled: true }] }] },
        { context: { limits } },
      );
      assert(!result.ok && result.failure.kind === 'budget-exceeded', JSON.stringify(result));
      assert.equal(result.failure.limit, expected);
      if (limit === 'cost')
        assert(
          eventLines(attempt).some((line) => line.startsWith('answer 1 cost-report') && line.endsWith('0.5')),
        );
    });
  }

  it('is stopped by its limit on time', async () => {
    const { result } = await playExternal(
      { turns: [{ steps: [{ hang: true }] }] },
      { context: { limits: { minutes: 0.02 } }, options: { cancelMs: 50 } },
    );
    assert(!result.ok && result.failure.kind === 'budget-exceeded');
  });

  it('hears a person at once: the turn is cancelled and goes on with what was said', async () => {
    const stage = startExternal({
      turns: [{ steps: [{ say: 'Working.' }, { untilCancelled: true }] }, { steps: [{ say: 'Used tabs.' }] }],
    });
    while (loggedOf(stage.logged(), 'prompt').length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    stage.attempt.steering.push('Use tabs.');
    assert.deepEqual(await stage.running, { ok: true, value: { summary: 'Used tabs.' } });
    const prompts = loggedOf(stage.logged(), 'prompt') as string[];
    assert.equal(prompts.length, 2);
    assert.match(prompts[1]!, /Use tabs\./);
    assert(eventLines(stage.attempt).includes('heard Use tabs.'));
  });

  it('reads messages of other agents between two turns, without being interrupted', async () => {
    let sent = false;
    const { log, result } = await playExternal(
      { turns: [{ steps: [{ say: 'First.' }] }, { steps: [{ say: 'Second.' }] }] },
      {
        context: {
          checkpoint: () => {
            const mails = sent ? [] : [{ from: 'docs', text: 'The name is add().', sentSeq: 7 }];
            return Promise.resolve(mails);
          },
          emit: (event) => {
            if (event.type === 'message.received') sent = true;
            return Promise.resolve();
          },
        },
      },
    );
    assert(result.ok);
    assert.match((loggedOf(log, 'prompt') as string[])[0]!, /the task docs[\s\S]*The name is add\(\)\./);
  });

  it('waits before its next turn while the run is paused', async () => {
    let release: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => (release = resolve));
    const stage = startExternal(
      { turns: [{ steps: [{ say: 'Done.' }] }] },
      { context: { checkpoint: () => paused.then(() => []) } },
    );
    while (loggedOf(stage.logged(), 'newSession').length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(loggedOf(stage.logged(), 'prompt'), []);
    release();
    assert((await stage.running).ok);
  });

  it('goes on where the agent was cut off by limits of its own, three times at most', async () => {
    const cutOff = { steps: [{ say: '…' }], stop: 'max_tokens' as const };
    const once = await playExternal({ turns: [cutOff, { steps: [{ say: 'Done.' }] }] });
    assert.deepEqual(once.result, { ok: true, value: { summary: 'Done.' } });
    const ever = await playExternal({ turns: [cutOff, cutOff, cutOff, cutOff, cutOff] });
    assert(!ever.result.ok && ever.result.failure.kind === 'model-misbehaved');
    assert.equal(loggedOf(ever.log, 'prompt').length, 4);
  });

  it('is made anew after a crash, with what people had said, and says so', async () => {
    const seq = { runId: 'run-1', at: '2026-01-01T00:00:00.000Z' };
    const { log, attempt } = await playExternal(
      { turns: [{ steps: [{ say: 'Done.' }] }] },
      {
        context: {
          recorded: [
            {
              ...seq,
              seq: 1,
              type: 'message.received',
              taskId: 'task',
              attempt: 1,
              from: 'person',
              text: 'No tabs.',
              sentSeq: 1,
            },
          ],
        },
      },
    );
    assert.match((loggedOf(log, 'prompt') as string[])[0]!, /No tabs\./);
    assert(attempt.events.some((event) => event.type === 'note' && event.message.includes('made anew')));
  });

  it('is put into the mode in which it asks, and to the model it is to use', async () => {
    const modes = {
      currentModeId: 'bypassPermissions',
      availableModes: ['bypassPermissions', 'default'].map((id) => ({ id, name: id })),
    };
    const values = ['small', 'large'].map((value) => ({ value, name: value }));
    const configOptions = [
      {
        id: 'm',
        name: 'Model',
        type: 'select' as const,
        category: 'model',
        currentValue: 'small',
        options: values,
      },
    ];
    const { log, result } = await playExternal(
      { turns: [], modes, configOptions },
      { launch: { chosenModel: 'large' } },
    );
    assert(result.ok);
    assert.deepEqual(loggedOf(log, 'mode'), ['default']);
    assert.deepEqual(loggedOf(log, 'value'), ['large']);
    const other = await playExternal({ turns: [], configOptions }, { launch: { chosenModel: 'huge' } });
    assert(!other.result.ok && other.result.failure.kind === 'usage');
    assert.match(other.result.failure.remedy ?? '', /small, large/);
  });

  it('is not used where it works only without asking, and is stopped when it goes into such a mode', async () => {
    const modes = { currentModeId: 'yolo', availableModes: [{ id: 'yolo', name: 'YOLO' }] };
    const only = await playExternal({ turns: [], modes });
    assert(!only.result.ok && only.result.failure.kind === 'denied');
    const later = await playExternal({
      turns: [
        {
          steps: [
            { update: { sessionUpdate: 'current_mode_update', currentModeId: 'yolo' } },
            { untilCancelled: true },
          ],
        },
      ],
    });
    assert(!later.result.ok && later.result.failure.kind === 'denied');
  });

  it('leaves no process behind, also none that left its group', async () => {
    const runId = `run-${randomUUID()}`;
    const { attempt, folder } = await playExternal(
      (around) => ({ turns: [{ steps: [{ daemon: join(around, 'daemon.pid') }, { say: 'Done.' }] }] }),
      { context: { runId } },
    );
    assert(existsSync(join(folder, 'daemon.pid')));
    assert.equal(attempt.runId, runId);
    assert.deepEqual(processesOf(runId), []);
  });

  it('writes outside the worktree when it wants to and there is no sandbox: the policy hears only of what is asked', async () => {
    const { folder, result } = await playExternal((around) => ({
      turns: [
        {
          steps: [
            { write: { path: join(around, 'outside.txt'), content: 'x', outside: true } },
            { say: 'Done.' },
          ],
        },
      ],
    }));
    assert(result.ok);
    assert(existsSync(join(folder, 'outside.txt')));
  });
});
