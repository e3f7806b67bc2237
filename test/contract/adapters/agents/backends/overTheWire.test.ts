import assert from 'node:assert/strict';
import { createModelBackend } from '../../../../../src/adapters/agents/backends/modelBackend';
import { createModelProvider } from '../../../../../src/adapters/models/modelProvider';
import { findRipgrep } from '../../../../../src/adapters/tools/ripgrep';
import { createToolbox } from '../../../../../src/adapters/tools/toolbox';
import { startAnthropicServer } from '../../../../support/anthropicServer';
import { testAttempt } from '../../../../support/attempt';
import { HastyClock } from '../../../../support/hastyClock';
import type { ModelScript, Scripted } from '../../../../support/modelScript';
import { startOpenAiServer } from '../../../../support/openaiServer';
import { realPolicy } from '../../../../support/realPolicy';
import { openBench, type Bench } from '../../../../support/toolSession';

/** The whole way of an attempt: loop, SDK, wire, tools, policy; only the model's mind is a script. */
for (const [name, start, model] of [
  ['OpenAI-compatible', startOpenAiServer, 'openai-compatible/any'],
  ['OpenAI responses', startOpenAiServer, 'openai/gpt-6.1-terra'],
  ['Anthropic', startAnthropicServer, 'anthropic/claude-sonnet-5-5'],
] as const) {
  describe(`an attempt over the wire: ${name}`, function () {
    this.timeout(20_000);
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench();
      await bench.put('src/add.ts', 'export const add = (a: number, b: number) => a - b;\n');
    });
    afterEach(() => bench.close());

    async function play(script: ModelScript, stallTimeoutMs = 10_000) {
      const server = await start(script);
      const key = 'sk-the-key-of-the-test';
      const provider = createModelProvider({
        baseUrl: server.baseUrl,
        apiKey: key,
        environment: {},
        stallTimeoutMs,
      });
      const ripgrep = await findRipgrep(process.cwd());
      const toolbox = createToolbox({
        policy: realPolicy({ allow: ['cat'] }),
        ripgrepPath: ripgrep.ok ? ripgrep.value : undefined,
        logFolder: bench.logFolder,
      });
      const clock = new HastyClock();
      let ids = 0;
      const backend = createModelBackend({
        provider,
        toolbox,
        clock,
        random: () => 0.5,
        newId: () => `id${++ids}`,
      });
      const attempt = testAttempt({
        worktree: bench.root,
        context: { model, briefing: 'Mend add.', limits: { steps: 20 } },
      });
      const result = await backend.run(attempt);
      await server.close();
      assert(!JSON.stringify([attempt.events, result]).includes(key), 'the key must stay out of the journal');
      return { result, attempt, clock, requests: server.requests };
    }

    /** Finds, reads, edits, proves and finishes; each step looks at what the tools returned. */
    const work: ModelScript = ({ step, toolOutputs }) => {
      const [output = ''] = toolOutputs;
      switch (step) {
        case 0:
          return {
            text: 'Looking.',
            toolCalls: [
              { name: 'grep', input: { pattern: 'add' } },
              { name: 'glob', input: { pattern: '*.ts' } },
            ],
          };
        case 1:
          return { toolCalls: [{ name: 'read', input: { path: output.split(':')[0] } }] };
        case 2:
          return {
            toolCalls: [
              { name: 'edit', input: { path: 'src/add.ts', old: 'a - b', new: 'a + b' } },
              { name: 'bash', input: { command: 'cat src/add.ts' } },
            ],
          };
        default:
          return {
            toolCalls: [
              { name: 'finish', input: { summary: `Now: ${toolOutputs[1] ?? ''}`, verified: ['read it'] } },
            ],
          };
      }
    };

    const done = 'Now: export const add = (a: number, b: number) => a + b;';

    it('does the work and finishes', async () => {
      const { result, requests } = await play(work);
      assert.deepEqual(result, { ok: true, value: { summary: done, claims: ['read it'] } });
      assert.equal(await bench.text('src/add.ts'), 'export const add = (a: number, b: number) => a + b;\n');
      assert.equal(requests.length, 4);
      assert.equal(requests[0]!.prompt, 'Mend add.');
    });

    const faults: [string, Scripted][] = [
      ['429 with Retry-After', { status: 429, headers: { 'retry-after': '7' } }],
      ['500', { status: 500 }],
      ['529', { status: 529 }],
      ['an answer cut in the middle', { text: 'I wi', fault: 'cut' }],
      [
        'tool calls cut in the middle',
        { toolCalls: [{ name: 'write', input: { path: 'x', content: 'half' } }], fault: 'cut' },
      ],
      [
        'an answer that ends early',
        { toolCalls: [{ name: 'write', input: { path: 'x', content: 'half' } }], fault: 'ended' },
      ],
      ['an answer with broken events', { text: 'I wi', fault: 'malformed' }],
      ['an error inside the stream', { text: 'I wi', fault: 'error' }],
      ['a stall', { text: 'I wi', fault: 'stall' }],
      ['silence', { silent: true }],
    ];
    for (const [what, fault] of faults) {
      const isSilent = what === 'a stall' || what === 'silence';
      it(`does the same work in spite of ${what}`, async () => {
        let struck = false;
        const { result, clock } = await play(
          (request) => {
            if (request.step !== 2 || struck) return work(request);
            struck = true;
            return fault;
            // Long enough for the honest answers of a busy machine.
          },
          isSilent ? 1500 : undefined,
        );
        assert(result.ok, JSON.stringify(result));
        assert.equal(result.value.summary, done);
        assert.equal(clock.slept.length, 1);
        await assert.rejects(bench.text('x'));
      });

      it(`names the failure when there is nothing but ${what}`, async () => {
        const { result, requests, clock } = await play(() => fault, isSilent ? 200 : undefined);
        assert(!result.ok);
        assert.match(result.failure.kind, /^model-(unavailable|misbehaved)$/);
        // A service that says when to come back is waited for, up to a quarter of an hour in all.
        if (what === '429 with Retry-After')
          assert.ok(clock.monotonicMs() > 10 * 60_000 && requests.length < 40);
        else assert.equal(requests.length, 5);
      });
    }

    it('does the same work in spite of garbage arguments, an unknown tool, an empty answer and a slow start', async () => {
      const mishaps: Scripted[] = [
        { toolCalls: [{ name: 'read', rawArguments: '{"path": "src' }] },
        { toolCalls: [{ name: 'levitate', input: {} }] },
        {},
      ];
      const { result } = await play(async (request) => {
        const mishap = mishaps[request.step];
        return (
          mishap ?? {
            startAfterMs: 100,
            ...(await work({ ...request, step: request.step - mishaps.length })),
          }
        );
      });
      assert(result.ok, JSON.stringify(result));
      assert.equal(result.value.summary, done);
    });

    it('ends an endless loop of the same call, and an endless loop of different ones', async () => {
      const same = await play(() => ({ toolCalls: [{ name: 'read', input: { path: 'src/add.ts' } }] }));
      assert(!same.result.ok);
      assert.equal(same.result.failure.kind, 'agent-stuck');
      const other = await play(({ step }) => ({
        toolCalls: [{ name: 'grep', input: { pattern: `no${step}` } }],
      }));
      assert(!other.result.ok);
      assert.equal(other.result.failure.kind, 'budget-exceeded');
    });
  });
}
