import assert from 'node:assert/strict';
import { ok } from '../../../../src/base/result';
import type { ClaimCheck } from '../../../../src/core/model/handoff';
import type { AttemptContext } from '../../../../src/core/ports';
import { stage, type Acting } from '../../../support/coordination';
import { createFakeGateRunner, type FakeGate, type FakeGateRunner } from '../../../support/fakeGateRunner';

interface Plot {
  readonly gates?: Record<string, FakeGate> | FakeGateRunner;
  /** Gates of the task's contract; default: none, so that only its claims are checked. */
  readonly contract?: string[];
  readonly says: (attempt: number) => { summary: string; claims?: string[] };
  readonly runs?: readonly { command: string; ok: boolean }[];
  /** Default: it changes a file. */
  readonly changes?: boolean;
}

async function play(plot: Plot) {
  const briefings: string[] = [];
  const act: Acting = async (context, write) => {
    briefings.push(context.briefing);
    if (plot.changes !== false) await write('a.txt', `attempt ${context.attempt}\n`);
    for (const [at, run] of (plot.runs ?? []).entries()) await bash(context, at, run);
    return ok(plot.says(context.attempt));
  };
  const scene = stage({
    gates: runnerOf(plot.gates ?? { tests: { does: 'pass' } }),
    plan: {
      tasks: [{ id: 'work', prompt: 'Do it.', agent: 'implementer', gates: plot.contract ?? [] }],
      gates: [],
    },
    act,
  });
  const started = await scene.engine.start({
    ...{ request: 'do it', planPath: 'plan.yaml', approvePlan: true, deliver: 'auto', model: 'fake/m' },
  });
  assert(started.ok);
  const view = await scene.engine.settled(started.value.runId);
  const events = await scene.engine.events(started.value.runId);
  const checks = events.flatMap((event) => (event.type === 'claims.checked' ? [event.claims] : []));
  const [task] = view.tasks;
  return { view, task: task!, briefings, checks, gateCalls: scene.gates.calls, events };
}

function runnerOf(gates: Record<string, FakeGate> | FakeGateRunner): FakeGateRunner {
  return 'detect' in gates && typeof gates.detect === 'function'
    ? (gates as FakeGateRunner)
    : createFakeGateRunner(gates as Record<string, FakeGate>);
}

function evidenceOf(checks: readonly (readonly ClaimCheck[])[]): string {
  return checks[0]?.[0]?.evidence ?? '';
}

async function bash(
  { emit, task, attempt }: AttemptContext,
  at: number,
  run: { command: string; ok: boolean },
) {
  const ids = { taskId: task.id, attempt, callId: `c${attempt}-${at}`, tool: 'bash' };
  await emit({
    type: 'tool.called',
    ...ids,
    step: at,
    input: { command: run.command },
    summary: run.command,
  });
  await emit({ type: 'tool.returned', ...ids, ok: run.ok, output: run.ok ? '' : '3 failing', durationMs: 1 });
}

const tests = { tests: { does: 'fail', problems: [{ file: 'a.txt', message: 'wrong' }] } } as const;

describe('What an agent says it proved', () => {
  it('is confirmed by a passing run in its transcript, without a gate', async () => {
    const { checks, task, gateCalls } = await play({
      says: () => ({ summary: 'Done. The tests pass.' }),
      runs: [{ command: 'npm test', ok: true }],
    });
    assert.deepEqual(checks, [
      [
        {
          claim: 'The tests pass.',
          verdict: 'confirmed',
          evidence: '`npm test` succeeded after the last change',
        },
      ],
    ]);
    assert.equal(task.state.name, 'done');
    assert.equal(gateCalls.filter((call) => call.gate === 'tests').length, 0);
  });

  it('is run by the host where the transcript shows nothing, and confirmed when the gate passes', async () => {
    const { checks, task } = await play({ says: () => ({ summary: 'All tests pass.' }) });
    assert.equal(checks[0]?.[0]?.verdict, 'confirmed');
    assert.match(evidenceOf(checks), /The gate tests passed/);
    assert.deepEqual(task.attempts[0]?.claimChecks, checks[0]);
  });

  it('fails the task when it is a lie, and the agent is told why', async () => {
    let red = true;
    const gates = createFakeGateRunner();
    gates.set('tests', (call) => (call.path.includes('work') && red ? tests.tests : { does: 'pass' }));
    const { view, task, briefings, checks } = await play({
      gates,
      says: (attempt) => {
        if (attempt > 1) red = false;
        return { summary: 'All tests are green.' };
      },
    });
    assert.equal(checks[0]?.[0]?.verdict, 'refuted');
    assert.match(
      briefings[1] ?? '',
      /What the agent said is not so: it said "All tests are green\."[^]*The gate tests failed/,
    );
    assert.equal(checks[1]?.[0]?.verdict, 'confirmed');
    assert.equal(task.attempts.length, 2);
    assert.equal(view.state.name, 'delivered');
  });

  it('fails the task for good when it lies every time', async () => {
    const { task, view } = await play({
      says: () => ({ summary: 'Done.', claims: ['`npm run e2e` passes'] }),
      runs: [{ command: 'npm run e2e', ok: false }],
    });
    assert(task.state.name === 'failed');
    assert.match(task.state.failure.message, /`npm run e2e` failed when it was run last: 3 failing/);
    assert.equal(view.state.name, 'failed');
  });

  it('is struck when nothing shows it and no gate can', async () => {
    const { checks, task } = await play({
      says: () => ({ summary: 'It builds.', claims: ['looked at it in a browser'] }),
    });
    assert.deepEqual(
      checks[0]?.map(({ claim, verdict }) => `${claim} ${verdict}`),
      ['looked at it in a browser unproven', 'It builds. unproven'],
    );
    assert.equal(task.state.name, 'done');
  });

  it('is checked as well when no file was changed', async () => {
    const { checks } = await play({
      changes: false,
      says: () => ({ summary: 'Nothing to do: the tests pass.' }),
    });
    assert.equal(checks[0]?.[0]?.verdict, 'confirmed');
  });

  it('is not refuted by what was red before the run, nor confirmed', async () => {
    const { checks, task } = await play({ gates: tests, says: () => ({ summary: 'The tests pass.' }) });
    assert.equal(checks[0]?.[0]?.verdict, 'unproven');
    assert.match(evidenceOf(checks), /finds what it found before/);
    assert.equal(task.state.name, 'done');
  });

  it('costs no second run of a gate of the contract', async () => {
    const { gateCalls, checks } = await play({
      contract: ['tests'],
      says: () => ({ summary: 'The tests pass.' }),
    });
    assert.equal(checks[0]?.[0]?.verdict, 'confirmed');
    const trees = gateCalls.map((call) => `${call.gate} ${call.path}`);
    assert.equal(new Set(trees).size, trees.length, trees.join('\n'));
  });
});
