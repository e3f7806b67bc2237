import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModelBackend } from '../../src/adapters/agents/backends/modelBackend';
import { systemClock } from '../../src/adapters/clock/systemClock';
import { openJournal } from '../../src/adapters/journal/journal';
import { createModelProvider } from '../../src/adapters/models/modelProvider';
import { createToolbox } from '../../src/adapters/tools/toolbox';
import { RunSession } from '../../src/core/coordination/runSession';
import { ServicePaces } from '../../src/core/coordination/servicePaces';
import type { NewEvent } from '../../src/core/model/event';
import type { AgentBackend, AttemptContext, Journal } from '../../src/core/ports';
import { testAttempt, testTask } from '../support/attempt';
import { journalWorkerPath } from '../support/journalProcess';
import { lagWhile, median, percentile } from '../support/measure';
import { scriptedPolicy } from '../support/scriptedPolicy';

/**
 * Many attempts of the agent loop at once, in one run: the real loop, tools, journal, fold and HTTP, against a scripted
 * model in another process that answers after 200 ms. The ideal is one attempt's waiting for its model alone. Programs
 * are not started: what they cost is theirs.
 */
const attempts = 100;
const steps = 20;
const latencyMs = 200;
const idealMs = steps * latencyMs;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'attempts-bench-'));
  const server = fork(join(__dirname, 'attemptsServer.ts'), [String(steps)], {
    execArgv: ['--import', 'tsx'],
  });
  try {
    const baseUrl = await addressOf(server);
    const opened = await openJournal({ folder, workerPath: journalWorkerPath });
    if (!opened.ok) throw new Error(opened.failure.message);
    const backend = backendOf(baseUrl, folder);
    // Loads what a process that has run for a while has loaded.
    await round(backend, opened.value, folder, 'warm', 4);
    const one = await round(backend, opened.value, folder, 'one', 1);
    const floor = await fetchedAlone(baseUrl);
    const all = await round(backend, opened.value, folder, 'all', attempts);
    print(one, floor, all);
    await opened.value.close();
  } finally {
    server.kill();
    await rm(folder, { recursive: true });
  }
}

async function addressOf(server: ChildProcess): Promise<string> {
  const [address] = (await once(server, 'message')) as [string];
  return address;
}

function backendOf(baseUrl: string, folder: string): AgentBackend {
  let ids = 0;
  return createModelBackend({
    provider: createModelProvider({
      model: 'openai-compatible/scripted',
      baseUrl,
      apiKey: 'bench',
      environment: {},
    }),
    toolbox: createToolbox({
      policy: scriptedPolicy(() => 'allow'),
      ripgrepPath: undefined,
      logFolder: join(folder, 'logs'),
    }),
    clock: systemClock,
    random: Math.random,
    newId: () => `call-${++ids}`,
    paces: new ServicePaces(systemClock, Math.random),
  });
}

/** The same calls by `fetch` alone, with bodies of a middling size: what this machine can do at the moment. */
async function fetchedAlone(baseUrl: string): Promise<{ wallMs: number; mainMs: number }> {
  const padding = 'x'.repeat(30_000);
  const start = performance.now();
  const main = process.threadCpuUsage();
  const one = async () => {
    for (let step = 0; step < steps; step++) {
      const messages = Array.from({ length: step }, () => ({ role: 'assistant', content: '' }));
      const body = JSON.stringify({ messages, padding });
      const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', body });
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: attempts }, one));
  const { user, system } = process.threadCpuUsage(main);
  return { wallMs: performance.now() - start, mainMs: (user + system) / 1000 };
}

interface Measured {
  readonly wallMs: number;
  readonly longestMs: number;
  readonly medianMs: number;
  readonly lagMs: readonly number[];
  readonly heapBytes: number;
  readonly cpuMs: number;
  /** Of the thread that everything but the journal's database runs on. */
  readonly mainMs: number;
  readonly events: number;
}

async function round(
  backend: AgentBackend,
  journal: Journal,
  folder: string,
  name: string,
  count: number,
): Promise<Measured> {
  const session = await sessionOf(journal, name, count);
  const contexts = await Promise.all(
    Array.from({ length: count }, (_, at) => contextOf(session, folder, `${name}-${at}`)),
  );
  const heapBefore = process.memoryUsage().heapUsed;
  let heapMost = heapBefore;
  const watching = setInterval(() => (heapMost = Math.max(heapMost, process.memoryUsage().heapUsed)), 100);
  const cpu = process.cpuUsage();
  const main = process.threadCpuUsage();
  const start = performance.now();
  const tookMs: number[] = [];
  const { samples } = await lagWhile(() =>
    Promise.all(
      contexts.map(async (context) => {
        const result = await backend.run(context);
        if (!result.ok) throw new Error(result.failure.message);
        tookMs.push(performance.now() - start);
      }),
    ),
  );
  const { user, system } = process.cpuUsage(cpu);
  const own = process.threadCpuUsage(main);
  clearInterval(watching);
  return {
    wallMs: performance.now() - start,
    longestMs: Math.max(...tookMs),
    medianMs: median(tookMs),
    lagMs: samples,
    heapBytes: heapMost - heapBefore,
    cpuMs: (user + system) / 1000,
    mainMs: (own.user + own.system) / 1000,
    events: session.events.length,
  };
}

/** A run whose plan has a task for each attempt, so that its fold has to do what it does in earnest. */
async function sessionOf(journal: Journal, name: string, count: number): Promise<RunSession> {
  const tasks = Array.from({ length: count }, (_, at) => testTask({ id: `${name}-${at}` }));
  const created: NewEvent = {
    ...{ type: 'run.created', request: 'do it', workspace: '/', baseCommit: 'c', baseKind: 'head' },
    ...{ localChanges: [], model: 'fake/model', budget: { maxParallel: count }, deliver: false },
    engineVersion: '0',
  };
  const plan = { tasks, rationale: '', risks: [], contingencies: [], gates: [], origin: 'file' as const };
  const stored = await journal.append(`run-${name}`, [created, { type: 'plan.proposed', plan, revision: 1 }]);
  return new RunSession(journal, stored);
}

async function contextOf(session: RunSession, folder: string, taskId: string): Promise<AttemptContext> {
  const root = join(folder, taskId);
  await mkdir(root);
  const text = Array.from({ length: 150 }, (_, line) => `export const value${line} = ${line};\n`).join('');
  for (let at = 0; at < 4; at++) await writeFile(join(root, `file-${at}.ts`), text);
  await writeFile(join(root, 'notes.md'), 'note 0\n');
  const attempt = testAttempt({ worktree: root, task: { id: taskId } });
  await session.emit({
    ...{ type: 'attempt.started', taskId, attempt: 1, agent: 'coder', backend: 'model', briefing: 'Do it.' },
  });
  return {
    ...attempt,
    runId: session.runId,
    model: 'openai-compatible/scripted',
    emit: (event) => session.emit(event),
  };
}

function print(one: Measured, floor: { wallMs: number; mainMs: number }, all: Measured): void {
  const over = (ms: number) => `${Math.round(ms)} ms (${((100 * ms) / idealMs - 100).toFixed(1)} % over)`;
  const lag = (share: number) => percentile(all.lagMs, share).toFixed(1);
  console.log(
    `${attempts} attempts of ${steps} steps at once, a model that answers after ${latencyMs} ms (ideal: ${idealMs} ms)`,
  );
  console.log(`  one attempt alone: ${over(one.wallMs)}, ${Math.round(one.cpuMs)} ms of processor time`);
  console.log(
    `  the same calls of all of them by fetch alone: ${over(floor.wallMs)}, ${(floor.mainMs / attempts / steps).toFixed(2)} ms of the main thread a call`,
  );
  console.log(`  all of them: ${over(all.wallMs)}; the median attempt ${over(all.medianMs)}`);
  console.log(
    `  event loop lag meanwhile: p50 ${lag(0.5)} ms, p95 ${lag(0.95)} ms, p99 ${lag(0.99)} ms, most ${Math.max(...all.lagMs).toFixed(1)} ms`,
  );
  const share = ((100 * all.mainMs) / idealMs).toFixed(0);
  console.log(
    `  ${Math.round(all.cpuMs)} ms of processor time, of it ${Math.round(all.mainMs)} ms of the main thread: ${(all.mainMs / attempts / steps).toFixed(2)} ms a step, ${share} % of the ideal time`,
  );
  console.log(
    `  memory: at most ${(all.heapBytes / attempts / 1024).toFixed(0)} KB of heap an attempt; ${all.events} events`,
  );
}

void main();
