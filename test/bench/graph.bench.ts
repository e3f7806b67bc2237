import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openJournal } from '../../src/adapters/journal/journal';
import type { StoredEvent } from '../../src/core/model/event';
import type { Journal } from '../../src/core/ports';
import { done, stage } from '../support/coordination';
import { journalWorkerPath } from '../support/journalProcess';
import { lagWhile, median, percentile } from '../support/measure';

/**
 * Wall time of a layered graph of simulated tasks as a multiple of its critical path: our coordination with every event
 * durable in SQLite, beside the same graph by plain promises that record nothing, and by plain promises that wait for as
 * many commits of the journal as a task of ours has to. All take turns, because disk and processors are shared.
 */
const layers = 10;
const tasksPerLayer = 20;
const taskMs = 20;
const rounds = 5;
const criticalPathMs = layers * taskMs;

/** What must be durable one after another: before an agent starts, before the branch moves, before dependants start. */
const commitsPerTask = 3;

interface Node {
  readonly id: string;
  readonly needs: readonly string[];
}

/** Each task needs three of the layer before, one of which is the last to have changed its file. */
function layeredGraph(): Node[] {
  return Array.from({ length: layers * tasksPerLayer }, (_, index) => {
    const [layer, at] = [Math.floor(index / tasksPerLayer), index % tasksPerLayer];
    const needs = layer === 0 ? [] : [0, 7, 13].map((step) => `t${layer - 1}-${(at + step) % tasksPerLayer}`);
    return { id: `t${layer}-${at}`, needs };
  });
}

/** A file per column, so that the fake repository stays small and costs next to nothing. */
function fileOf(taskId: string): string {
  return `column-${taskId.split('-')[1] ?? ''}.txt`;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graph-bench-'));
  try {
    const opened = await openJournal({ folder, workerPath: journalWorkerPath });
    if (!opened.ok) throw new Error(opened.failure.message);
    const graph = layeredGraph();
    const measured: Round[] = [];
    for (let at = 0; at <= rounds; at++) measured.push(await round(graph, opened.value, `round-${at}`));
    // The first warms up what a process that has run for a while has warm.
    print(measured.slice(1));
    await opened.value.close();
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Round extends Ours {
  readonly promises: number;
  readonly durable: number;
}

async function round(graph: readonly Node[], journal: Journal, name: string): Promise<Round> {
  const promises = await plain(graph, () => Promise.resolve());
  const durable = await plain(graph, async (taskId) => {
    for (let commit = 0; commit < commitsPerTask; commit++)
      await journal.append('floor', [{ type: 'task.checking', taskId }]);
  });
  return { promises, durable, ...(await ours(graph, journal, name)) };
}

/** Runs the graph with nothing but promises; `record` is awaited before a task counts as done. */
async function plain(graph: readonly Node[], record: (id: string) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  const running = new Map<string, Promise<unknown>>();
  for (const { id, needs } of graph) {
    const ready = Promise.all(needs.flatMap((need) => running.get(need) ?? []));
    running.set(
      id,
      ready.then(() => sleep(taskMs)).then(() => record(id)),
    );
  }
  await Promise.all(running.values());
  return performance.now() - start;
}

interface Ours {
  /** From the first task to the last, and the whole run from request to delivery. */
  readonly graphMs: number;
  readonly runMs: number;
  readonly events: number;
  /** Of all threads, for the whole run. */
  readonly cpuMs: number;
  readonly lagMs: readonly number[];
}

async function ours(graph: readonly Node[], journal: Journal, name: string): Promise<Ours> {
  const { engine } = stage({
    name,
    plan: { tasks: graph.map(({ id, needs }) => ({ id, run: `do ${id}`, needs: [...needs] })) },
    act: async ({ task }, write) => {
      await sleep(taskMs);
      await write(fileOf(task.id), `${task.id}\n`);
      return done();
    },
    budget: { maxParallel: tasksPerLayer },
    realJournal: unclosed(journal),
  });
  let [firstMs, lastMs] = [0, 0];
  const watching = journal.onAppend((events) => {
    if (
      firstMs === 0 &&
      events.some((event) => event.type === 'phase.entered' && event.phase === 'execution')
    )
      firstMs = performance.now();
    if (events.some((event) => event.type === 'task.done')) lastMs = performance.now();
  });
  const start = performance.now();
  const cpu = process.cpuUsage();
  const { value: events, samples: lagMs } = await lagWhile(() => wholeRun(engine));
  const runMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  watching.dispose();
  await engine.dispose();
  return { graphMs: lastMs - firstMs, runMs, events: events.length, cpuMs: (user + system) / 1_000, lagMs };
}

async function wholeRun(engine: ReturnType<typeof stage>['engine']): Promise<StoredEvent[]> {
  const started = await engine.start({
    request: 'do it',
    planPath: 'plan.yaml',
    approvePlan: true,
    deliver: 'auto',
  });
  if (!started.ok) throw new Error(started.failure.message);
  const view = await engine.settled(started.value.runId);
  if (view.state.name !== 'delivered') throw new Error(`The run ended as ${JSON.stringify(view.state)}`);
  return engine.events(started.value.runId);
}

/** The journal is shared by all rounds, each of which has an engine of its own. */
function unclosed(journal: Journal): Journal {
  return {
    append: journal.append.bind(journal),
    read: journal.read.bind(journal),
    runs: journal.runs.bind(journal),
    onAppend: journal.onAppend.bind(journal),
    acquire: journal.acquire.bind(journal),
    ownerOf: journal.ownerOf.bind(journal),
    request: journal.request.bind(journal),
    close: () => Promise.resolve(),
  };
}

function print(measured: readonly Round[]): void {
  const times = (pick: (one: Round) => number) => {
    const ratios = measured.map((one) => pick(one) / criticalPathMs);
    return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
  };
  const lag = measured.flatMap((one) => one.lagMs);
  console.log(
    `${layers} layers of ${tasksPerLayer} tasks of ${taskMs} ms, as multiples of the critical path (${criticalPathMs} ms), median of ${rounds}`,
  );
  console.log(`  plain promises, nothing recorded: ${times((one) => one.promises)}`);
  console.log(
    `  plain promises, ${commitsPerTask} commits of each task awaited: ${times((one) => one.durable)}`,
  );
  console.log(
    `  the engine, ${measured[0]?.events ?? 0} events, first task to last: ${times((one) => one.graphMs)}`,
  );
  const toFloor = median(measured.map((one) => one.graphMs / one.durable)).toFixed(2);
  console.log(
    `  the engine, first task to last, as a multiple of promises with the same commits: ${toFloor}`,
  );
  console.log(
    `  the engine, request to delivery: ${times((one) => one.runMs)}, ${Math.round(median(measured.map((one) => one.cpuMs)))} ms of processor time`,
  );
  console.log(
    `  event loop lag meanwhile: p50 ${median(lag).toFixed(1)} ms, p95 ${percentile(lag, 0.95).toFixed(1)} ms, most ${Math.max(...lag).toFixed(1)} ms`,
  );
}

void main();
