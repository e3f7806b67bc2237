import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The scripted model of `attempts.bench.ts`, in a process of its own and as cheap as can be, so that its work is not
 * what is measured: it answers each call after 200 ms with a read, an edit or a list of steps, and finishes at the last
 * step. Format: OpenAI's chat completions, streamed.
 */
const latencyMs = 200;
const steps = Number(process.argv[2]);

function callOf(step: number): { name: string; input: unknown } {
  if (step === steps - 1) return { name: 'finish', input: { summary: 'Done.' } };
  if (step % 3 === 0) return { name: 'read', input: { path: `file-${step % 4}.ts` } };
  if (step % 3 === 2)
    return { name: 'todo', input: { items: [{ content: `Step ${step}`, status: 'in_progress' }] } };
  const old = `note ${step - 1}\n`;
  return { name: 'edit', input: { path: 'notes.md', old, new: `${old}note ${step + 2}\n` } };
}

function answerOf(step: number): string {
  const { name, input } = callOf(step);
  const chunk = (delta: object, finish: string | null = null) =>
    event({
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'scripted',
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  const call = {
    index: 0,
    id: `call_${step}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  };
  const usage = { prompt_tokens: 1000 + step * 800, completion_tokens: 80, total_tokens: 1080 + step * 800 };
  const said = ['Step ', `${step}: `, 'I look at ', 'what comes next ', 'and then ', 'change it.'];
  return [
    chunk({ role: 'assistant', content: '' }),
    ...said.map((content) => chunk({ content })),
    chunk({ tool_calls: [call] }),
    chunk({}, 'tool_calls'),
    event({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'scripted', choices: [], usage }),
    'data: [DONE]\n\n',
  ].join('');
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

const answers = Array.from({ length: steps }, (_, step) => answerOf(step));

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const step = Buffer.concat(chunks).toString('latin1').split('"role":"assistant"').length - 1;
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(answers[step]);
    }, latencyMs);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
});
