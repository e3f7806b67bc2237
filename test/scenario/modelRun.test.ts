import assert from 'node:assert/strict';
import { startAnthropicServer } from '../support/anthropicServer';
import type { ModelScript, Scripted, ScriptedRequest } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { scenario, typescriptRepository } from '../support/scenario';

const planWith = (gates: string) => `
name: three
gates: ${gates}
tasks:
  - id: subtract
    title: Add a subtraction
    agent: implementer
    prompt: "SUBTRACT: write src/subtract.js"
    scope: ["src/subtract.js"]
  - id: multiply
    title: Add a multiplication
    agent: implementer
    prompt: "MULTIPLY: write src/multiply.js"
    scope: ["src/multiply.js"]
  - id: index
    title: Export everything
    agent: implementer
    prompt: "INDEX: write src/index.js"
    needs: [subtract, multiply]
    scope: ["src/index.js"]
`;

const texts: Record<string, { path: string; content: string }> = {
  SUBTRACT: {
    path: 'src/subtract.js',
    content: '/** @param {number} a @param {number} b */\nexports.subtract = (a, b) => a - b;\n',
  },
  MULTIPLY: {
    path: 'src/multiply.js',
    content: '/** @param {number} a @param {number} b */\nexports.multiply = (a, b) => a * b;\n',
  },
  INDEX: {
    path: 'src/index.js',
    content:
      "exports.add = require('./add.js').add;\nexports.subtract = require('./subtract.js').subtract;\nexports.multiply = require('./multiply.js').multiply;\n",
  },
};

/** Which of the three tasks a conversation belongs to. */
function taskOf(request: ScriptedRequest): string {
  return Object.keys(texts).find((word) => request.prompt.includes(`${word}: write`)) ?? '';
}

/** Writes the file of the task, then finishes. */
const obedient: ModelScript = (request) => {
  const file = texts[taskOf(request)];
  if (!file) return { text: 'I do not know this task.' };
  if (request.step === 0) return { text: 'Writing.', toolCalls: [{ name: 'write', input: file }] };
  return { toolCalls: [{ name: 'finish', input: { summary: `Wrote ${file.path}.`, files: [file.path] } }] };
};

/** Answers the first request of a task with something else, and the rest as `obedient`. */
function faultOnce(word: string, fault: Scripted): ModelScript {
  let isStruck = false;
  return (request) => {
    if (taskOf(request) !== word || isStruck) return obedient(request);
    isStruck = true;
    return fault;
  };
}

interface Variation {
  readonly provider?: 'openai-compatible' | 'anthropic';
  /** As the plan file writes them; the programs of each cost a second. */
  readonly gates?: string;
}

async function runThree(
  script: ModelScript,
  { provider = 'openai-compatible', gates = '[]' }: Variation = {},
) {
  const server = await (provider === 'anthropic' ? startAnthropicServer(script) : startOpenAiServer(script));
  const fixture = typescriptRepository({ 'plan.yaml': planWith(gates) });
  const before = fixture.fingerprint();
  const world = await scenario(fixture, {
    model: `${provider}/scripted`,
    baseUrl: server.baseUrl,
    apiKey: 'test-key-123',
  });
  try {
    const ended = await world.run({ request: 'Complete the arithmetic', planPath: 'plan.yaml' });
    const delivered = fixture.git('status', '--porcelain', '--untracked-files=all').trim().split('\n');
    return {
      ...ended,
      server,
      delivered,
      before,
      after: fixture.fingerprint(),
      text: JSON.stringify(ended.events),
    };
  } finally {
    await server.close();
    await world.close();
  }
}

describe('A plan of three model tasks', () => {
  for (const provider of ['openai-compatible', 'anthropic'] as const) {
    it(`is done in parallel where it may, gated, delivered and reported (${provider})`, async () => {
      const { view, events, report, delivered, before, after, server, text } = await runThree(obedient, {
        provider,
        gates: '[types, tests]',
      });
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      assert.deepEqual(delivered, ['?? src/index.js', '?? src/multiply.js', '?? src/subtract.js']);
      assert.equal(after, before, 'nothing of the person’s git state changed');
      const at = (type: string, taskId: string) =>
        events.findIndex((event) => event.type === type && 'taskId' in event && event.taskId === taskId);
      assert.ok(
        at('attempt.started', 'multiply') < at('attempt.finished', 'subtract'),
        'the first two overlap',
      );
      assert.ok(
        at('attempt.started', 'index') > at('task.integrated', 'multiply'),
        'the third waits for both',
      );
      assert.deepEqual(
        report.tasks.map((task) => `${task.id} ${task.state} ${task.agent}`),
        ['subtract done implementer', 'multiply done implementer', 'index done implementer'],
      );
      assert.deepEqual(
        report.gates.filter((gate) => gate.tree === 'combined' && gate.verdict === 'failed'),
        [],
      );
      assert.ok(
        report.gates.some(
          (gate) => gate.tree === 'combined' && gate.name === 'types' && gate.verdict === 'passed',
        ),
      );
      assert.equal(report.usage.modelCalls, server.requests.length);
      assert.deepEqual(
        report.deliverables.map(({ path, task }) => `${path} ${task}`),
        ['src/index.js index', 'src/multiply.js multiply', 'src/subtract.js subtract'],
      );
      assert.ok(!text.includes('test-key-123'), 'the key is nowhere in the journal');
    });
  }

  it('hands a dependent task what was done before it, and its prompt word for word', async () => {
    const { server } = await runThree(obedient);
    const briefing = server.requests.find((request) => taskOf(request) === 'INDEX')?.prompt ?? '';
    assert.match(briefing, /INDEX: write src\/index\.js/);
    assert.match(briefing, /Wrote src\/subtract\.js\./);
    assert.match(briefing, /\+exports\.multiply/);
  });

  const recovered: [string, Scripted][] = [
    [
      'a 429 with Retry-After',
      {
        status: 429,
        headers: { 'retry-after': '1' },
        body: { error: { message: 'slow down', type: 'rate_limit' } },
      },
    ],
    ['a 500', { status: 500, body: { error: { message: 'oops' } } }],
    ['a stream that is cut', { text: 'I will now', fault: 'cut' }],
    ['a stream that ends early', { text: 'I will now', fault: 'ended' }],
    ['an error inside the stream', { text: 'I will', fault: 'error' }],
    ['garbage arguments', { toolCalls: [{ name: 'write', rawArguments: '{"path": "src/subtr' }] }],
  ];
  for (const [fault, scripted] of recovered) {
    it(`recovers from ${fault}`, async () => {
      // Garbage is answered inside the conversation, so the scripted model sees it as a step of its own.
      const script: ModelScript = (request) => {
        const struck = faultScript(request);
        return 'toolCalls' in struck &&
          request.toolOutputs.some((output) => /JSON|argument/i.test(output)) &&
          taskOf(request) === 'SUBTRACT'
          ? { toolCalls: [{ name: 'write', input: texts['SUBTRACT'] }] }
          : struck;
      };
      const faultScript = faultOnce('SUBTRACT', scripted);
      const { view, delivered } = await runThree(script);
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      assert.deepEqual(delivered, ['?? src/index.js', '?? src/multiply.js', '?? src/subtract.js']);
    });
  }

  it('ends by name when the service refuses the key, and what depends on it is skipped', async () => {
    const { view, delivered } = await runThree((request) =>
      taskOf(request) === 'SUBTRACT'
        ? { status: 401, body: { error: { message: 'bad key' } } }
        : obedient(request),
    );
    assert.deepEqual(
      view.tasks.map(({ task, state }) => `${task.id} ${state.name}`),
      ['subtract failed', 'multiply done', 'index skipped'],
    );
    assert.equal(view.failures[0]?.failure.kind, 'model-unavailable');
    assert.deepEqual(delivered, ['?? src/multiply.js'], 'the green part landed');
  });

  it('ends an endless loop of the same call by name', async () => {
    const { view } = await runThree((request) =>
      taskOf(request) === 'SUBTRACT'
        ? { toolCalls: [{ name: 'read', input: { path: 'src/add.js' } }] }
        : obedient(request),
    );
    assert.equal(view.failures[0]?.failure.kind, 'agent-stuck');
  });

  it('sends a red type check back once with the findings, and accepts the mended file', async () => {
    const wrong = {
      path: 'src/subtract.js',
      content: '/** @param {number} a */\nexports.subtract = (a) => a.minus();\n',
    };
    const { view, events } = await runThree(
      (request) => {
        if (taskOf(request) !== 'SUBTRACT' || request.prompt.includes('src/subtract.js:2'))
          return repairing(request);
        return request.step === 0 ? { toolCalls: [{ name: 'write', input: wrong }] } : obedient(request);
      },
      { gates: '[types]' },
    );
    assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
    assert.ok(events.some((event) => event.type === 'task.repairing' && event.taskId === 'subtract'));
  });
});

/** As `obedient`, reading the file first, as the tool demands of one that exists. */
const repairing: ModelScript = (request) => {
  if (taskOf(request) !== 'SUBTRACT') return obedient(request);
  if (request.step === 0) return { toolCalls: [{ name: 'read', input: { path: 'src/subtract.js' } }] };
  if (request.step === 1) return { toolCalls: [{ name: 'write', input: texts['SUBTRACT'] }] };
  return { toolCalls: [{ name: 'finish', input: { summary: 'Mended.' } }] };
};
