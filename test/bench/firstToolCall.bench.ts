import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { StoredEvent } from '../../src/core/model/event';
import { gitFixture, type GitFixture } from '../support/gitFixture';
import { median } from '../support/measure';
import type { ModelScript } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { scenario } from '../support/scenario';

/**
 * From the approval of a plan to the first tool call of each of eight model tasks that run side by side, with real git,
 * journal and a scripted model that answers at once. The floor is the same number of plain `git worktree add`, one after
 * another, in the same repository just before.
 */
const tasks = 8;
const files = 1_000;
const rounds = 3;

const script: ModelScript = ({ step }) =>
  step === 0
    ? { toolCalls: [{ name: 'read', input: { path: 'module-0/file-0.ts' } }] }
    : { toolCalls: [{ name: 'finish', input: { summary: 'Read it.' } }] };

async function main(): Promise<void> {
  const server = await startOpenAiServer(script);
  const measured: { floorMs: number; callsMs: number[] }[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const fixture = repository();
      measured.push({ floorMs: plainWorktrees(fixture), callsMs: await firstCalls(fixture, server.baseUrl) });
    }
  } finally {
    await server.close();
  }
  // The first round loads what later runs of a process have loaded already.
  const [cold, ...warm] = measured;
  console.log(
    `plan approved to first tool call, ${tasks} tasks on ${files} files (floor: ${tasks} × git worktree add)`,
  );
  if (cold) print('first run of the process', [cold]);
  print(`later runs, median of ${rounds}`, warm);
}

function print(name: string, measured: readonly { floorMs: number; callsMs: number[] }[]): void {
  const floorMs = median(measured.map((one) => one.floorMs));
  const line = (pick: (calls: number[]) => number) => {
    const ms = median(measured.map((one) => pick(one.callsMs)));
    const ratio = median(measured.map((one) => pick(one.callsMs) / one.floorMs));
    return `${Math.round(ms)} ms (${ratio.toFixed(2)})`;
  };
  const last = line((calls) => Math.max(...calls));
  console.log(
    `  ${name}: floor ${Math.round(floorMs)} ms; first task ${line((calls) => Math.min(...calls))}, median task ${line(median)}, last task ${last}`,
  );
}

function repository(): GitFixture {
  const text = (at: number) =>
    Array.from({ length: 40 }, (_, line) => `export const value${at}x${line} = ${at * line};\n`).join('');
  const generated = Object.fromEntries(
    Array.from({ length: files }, (_, at) => [`module-${at % 50}/file-${at}.ts`, text(at)]),
  );
  const plan = Array.from(
    { length: tasks },
    (_, at) =>
      `  - id: task-${at}\n    title: Read something\n    agent: implementer\n    prompt: Read a file.\n`,
  );
  return gitFixture({ ...generated, 'plan.yaml': `name: eight\ngates: []\ntasks:\n${plan.join('')}` });
}

/** Milliseconds; everything it made is removed again. */
function plainWorktrees(fixture: GitFixture): number {
  const paths = Array.from({ length: tasks }, (_, at) => join(fixture.root, '..', `plain-${at}`));
  const start = performance.now();
  for (const path of paths)
    execFileSync('git', ['worktree', 'add', '--quiet', '--detach', path], { cwd: fixture.root });
  const durationMs = performance.now() - start;
  for (const path of paths)
    execFileSync('git', ['worktree', 'remove', '--force', path], { cwd: fixture.root });
  return durationMs;
}

async function firstCalls(fixture: GitFixture, baseUrl: string): Promise<number[]> {
  const world = await scenario(fixture, { model: 'openai-compatible/scripted', baseUrl, apiKey: 'bench' });
  let approvedMs = 0;
  const firstMs = new Map<string, number>();
  const seen = (event: StoredEvent) => {
    if (event.type === 'plan.approved') approvedMs = performance.now();
    if (event.type === 'tool.called' && !firstMs.has(event.taskId))
      firstMs.set(event.taskId, performance.now() - approvedMs);
  };
  const watching = world.engine.onChange((_view, events) => events.forEach(seen));
  try {
    const { view } = await world.run({
      planPath: 'plan.yaml',
      deliver: 'never',
      budget: { maxParallel: tasks },
    });
    if (firstMs.size !== tasks)
      throw new Error(`${firstMs.size} of ${tasks} tasks called a tool: ${JSON.stringify(view.failures)}`);
    return [...firstMs.values()];
  } finally {
    watching.dispose();
    await world.close();
  }
}

void main();
