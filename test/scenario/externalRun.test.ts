import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Approver } from '../../src/core/ports';
import { fakeAgentFile, type FakeAgentScript } from '../support/fakeAcpScript';
import type { GitFixture } from '../support/gitFixture';
import { finishWith } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { scenario, typescriptRepository } from '../support/scenario';

const plan = {
  analysis: {
    complexity: 'simple',
    priority: 'normal',
    domains: ['code'],
    estimateMinutes: { low: 1, high: 2 },
    risks: [],
    research: [],
  },
  rationale: 'One file.',
  tasks: [
    {
      id: 'subtract',
      title: 'Add a subtraction',
      prompt: 'SUBTRACT: write src/subtract.js',
      scope: ['src/subtract.js'],
      acceptance: [],
    },
  ],
};

const writes = {
  when: 'SUBTRACT: write',
  steps: [
    {
      ask: { kind: 'edit', title: 'Write', rawInput: { file_path: 'src/subtract.js' } },
      allowed: [
        {
          write: {
            path: 'src/subtract.js',
            content: '/** @param {number} a @param {number} b */\nexports.subtract = (a, b) => a - b;\n',
          },
        },
      ],
    },
    {
      update: {
        sessionUpdate: 'usage_update',
        used: 500,
        size: 1000,
        cost: { amount: 0.1, currency: 'USD' },
      },
    },
    { say: 'Wrote src/subtract.js.' },
  ],
  usage: { totalTokens: 30, inputTokens: 10, outputTokens: 20 },
};

const script: FakeAgentScript = {
  turns: [
    {
      when: 'You cannot call `submit_plan`',
      steps: [{ say: `Here it is:\n\`\`\`json\n${JSON.stringify(plan)}\n\`\`\`` }],
      usage: { totalTokens: 3, inputTokens: 1, outputTokens: 2 },
    },
    writes,
  ],
};

/** The machine's configuration names the fake agent, as a person would name one of theirs. */
function withFakeAgent(fixture: GitFixture): void {
  mkdirSync(fixture.state, { recursive: true });
  const file = join(fixture.state, 'fake-agent.json');
  writeFileSync(file, JSON.stringify(script));
  // Outside the sandbox: the program and what it loads lie in this project, which no worktree sees.
  const config = {
    acp: { fake: { command: process.execPath, args: [fakeAgentFile, file] } },
    sandbox: { off: true },
  };
  writeFileSync(join(fixture.state, 'config.json'), JSON.stringify(config));
}

/** A person who allows what is asked, for the run where that is offered, and remembers the titles. */
function allowing(): Approver & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: (_runId, { id, digest, title, rule }) => {
      asked.push(title);
      return Promise.resolve({
        id,
        digest,
        decision: 'allow',
        by: 'person',
        ...(rule ? { scope: 'run' as const } : {}),
      });
    },
  };
}

describe('A run with an external agent', function () {
  this.timeout(120_000);

  it('is planned and done by it, delivered, and its usage and cost are in the report', async () => {
    const fixture = typescriptRepository();
    withFakeAgent(fixture);
    const approver = allowing();
    const world = await scenario(fixture, { model: 'acp/fake', approver });
    try {
      const { view, events, report } = await world.run({ request: 'Add a subtraction' });
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      assert.equal(
        fixture.git('status', '--porcelain', '--untracked-files=all').trim(),
        '?? src/subtract.js',
      );
      const started = events.find((event) => event.type === 'attempt.started');
      assert(started?.type === 'attempt.started' && started.backend === 'acp');
      assert.equal(view.plan?.origin, 'model');
      assert(approver.asked.some((title) => title.includes('Start the external agent acp/fake')));
      assert.equal(report.usage.inputTokens, 11);
      assert.equal(report.usage.outputTokens, 22);
      assert.equal(report.usage.costUsd, null, 'the planning did not say what it cost');
    } finally {
      await world.close();
    }
  });

  it('may give each task to another kind of agent', async () => {
    const server = await startOpenAiServer((request) =>
      request.step === 0
        ? {
            toolCalls: [
              {
                name: 'write',
                input: {
                  path: 'src/multiply.js',
                  content:
                    '/** @param {number} a @param {number} b */\nexports.multiply = (a, b) => a * b;\n',
                },
              },
            ],
          }
        : finishWith('Wrote it.')(request),
    );
    const tasks = [
      {
        id: 'subtract',
        agent: 'outsider',
        prompt: 'SUBTRACT: write src/subtract.js',
        scope: ['src/subtract.js'],
      },
      {
        id: 'multiply',
        agent: 'implementer',
        prompt: 'MULTIPLY: write src/multiply.js',
        scope: ['src/multiply.js'],
      },
    ];
    const fixture = typescriptRepository({
      'plan.json': JSON.stringify({ name: 'two', gates: [], tasks }),
      '.claude/agents/outsider.md':
        '---\nname: outsider\ndescription: Works elsewhere.\nmodel: acp/fake\n---\nYou write code.\n',
    });
    withFakeAgent(fixture);
    const world = await scenario(fixture, {
      model: 'openai-compatible/scripted',
      baseUrl: server.baseUrl,
      apiKey: 'k-123456789',
      approver: allowing(),
    });
    try {
      const { view, events } = await world.run({ request: 'Complete the arithmetic', planPath: 'plan.json' });
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      const backends = events.flatMap((event) =>
        event.type === 'attempt.started' ? [`${event.taskId} ${event.backend}`] : [],
      );
      assert.deepEqual(backends.sort(), ['multiply model', 'subtract acp']);
    } finally {
      await server.close();
      await world.close();
    }
  });

  it('is refused before it starts where the program is not installed, with what to do', async () => {
    const fixture = typescriptRepository();
    const world = await scenario(fixture, { model: 'acp/nobody' });
    try {
      const refused = await world.engine.start({ request: 'Anything' });
      assert(!refused.ok);
      assert.match(refused.failure.message, /There is no external agent "nobody"/);
      assert.match(refused.failure.remedy ?? '', /acp\/claude/);
    } finally {
      await world.close();
    }
  });
});
