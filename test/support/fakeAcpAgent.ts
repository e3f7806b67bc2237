import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { agent, methods, ndJsonStream, RequestError, type AgentContext } from '@agentclientprotocol/sdk';
import type { FakeAgentScript, FakeStep } from './fakeAcpScript';

/**
 * An external agent that does what its script says: a program of its own that speaks the real protocol through the
 * official library. Started as `node fakeAcpAgent.ts <script file>`; see `fakeAcpScript.ts`. Uses no syntax that Node
 * cannot strip.
 */
const script = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as FakeAgentScript;
const cancelled = new Map<string, AbortController>();
let turns = 0;
let folder = process.cwd();

log({ started: process.argv.slice(3), cwd: process.cwd(), env: Object.keys(process.env).sort() });
if (script.ignoresSigterm) process.on('SIGTERM', () => log({ ignored: 'SIGTERM' }));
if (script.prints) process.stdout.write(script.prints);
// Without this it would end with its input.
if (script.outlivesInput) setInterval(() => undefined, 1000);

agent({ name: 'fake' })
  .onRequest(methods.agent.initialize, async ({ params }) => {
    log({ initialize: params });
    await misbehave(script.initialize);
    return {
      protocolVersion: script.version ?? params.protocolVersion,
      agentCapabilities: {},
      authMethods: [{ id: 'login', name: 'Login', description: 'run `fake login`' }],
      agentInfo: { name: 'fake', version: '1.0.0' },
    };
  })
  .onRequest(methods.agent.session.new, async ({ params }) => {
    log({ newSession: params });
    await misbehave(script.newSession);
    if (script.needsLogin) throw RequestError.authRequired();
    folder = params.cwd;
    return {
      sessionId: 'session-1',
      ...(script.modes ? { modes: script.modes } : {}),
      ...(script.configOptions ? { configOptions: script.configOptions } : {}),
    };
  })
  .onRequest(methods.agent.session.setMode, ({ params }) => {
    log({ mode: params.modeId });
    return {};
  })
  .onRequest(methods.agent.session.setConfigOption, ({ params }) => {
    log({ option: params.configId, value: params.value });
    return { configOptions: [] };
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const text = params.prompt.map((block) => (block.type === 'text' ? block.text : '')).join('');
    log({ prompt: text });
    const own = new AbortController();
    cancelled.set(params.sessionId, own);
    const turn =
      script.turns.find(({ when }) => when !== undefined && text.includes(when)) ?? script.turns[turns];
    turns++;
    for (const step of turn?.steps ?? []) {
      if (own.signal.aborted) break;
      await act(step, params.sessionId, client, own.signal);
    }
    if (own.signal.aborted) return { stopReason: 'cancelled' as const };
    return { stopReason: turn?.stop ?? 'end_turn', ...(turn?.usage ? { usage: turn.usage } : {}) };
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => {
    log({ cancelled: params.sessionId });
    if (!script.ignoresCancel) cancelled.get(params.sessionId)?.abort();
  })
  .connect(
    ndJsonStream(
      Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
      Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
    ),
  );

async function act(
  step: FakeStep,
  sessionId: string,
  client: AgentContext,
  signal: AbortSignal,
): Promise<void> {
  const tell = (update: Record<string, unknown>) =>
    client.notify(methods.client.session.update, { sessionId, update });
  if (step.update) await tell(step.update);
  if (step.say)
    await tell({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: step.say } });
  if (step.write) writeFileSync(join(step.write.outside ? '' : folder, step.write.path), step.write.content);
  if (step.flood) for (let at = 0; at < step.flood.count; at++) await tell(numbered(step.flood.update, at));
  if (step.ask) {
    const { outcome } = await client.request<{ outcome: { outcome: string; optionId?: string } }>(
      methods.client.session.requestPermission,
      {
        sessionId,
        toolCall: { toolCallId: `asked-${turns}`, ...step.ask },
        options: step.options ?? usualOptions,
      },
    );
    log({ outcome });
    const isAllowed = outcome.outcome === 'selected' && outcome.optionId?.startsWith('allow') === true;
    for (const next of isAllowed ? (step.allowed ?? []) : (step.denied ?? []))
      await act(next, sessionId, client, signal);
  }
  if (step.daemon) daemon(step.daemon);
  if (step.sleepMs !== undefined) await new Promise((resolve) => setTimeout(resolve, step.sleepMs));
  if (step.untilCancelled) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await misbehave(step);
}

const usualOptions = [
  { optionId: 'allow-always', name: 'Always', kind: 'allow_always' as const },
  { optionId: 'allow-once', name: 'Once', kind: 'allow_once' as const },
  { optionId: 'reject-once', name: 'No', kind: 'reject_once' as const },
];

async function misbehave(what: FakeStep | undefined): Promise<void> {
  if (what?.prints) process.stdout.write(what.prints.repeat(what.times ?? 1));
  if (what?.complains) process.stderr.write(what.complains);
  if (what?.error) throw new RequestError(what.error.code, what.error.message, what.error.data);
  if (what?.exit !== undefined) process.exit(what.exit);
  if (what?.kill) process.kill(process.pid, 'SIGKILL');
  if (what?.hang) await new Promise(() => setInterval(() => undefined, 1000));
}

function numbered(update: Record<string, unknown>, at: number): Record<string, unknown> {
  return JSON.parse(JSON.stringify(update).replaceAll('#', String(at))) as Record<string, unknown>;
}

/** Leaves its group and its parent, as a server started in the background does. */
function daemon(pidFile: string): void {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
}

function log(entry: Record<string, unknown>): void {
  if (script.log) appendFileSync(script.log, `${JSON.stringify({ pid: process.pid, ...entry })}\n`);
}
