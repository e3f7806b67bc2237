import assert from 'node:assert/strict';
import type { LocalEngine } from '../../../../src/core/coordination/localEngine';
import type { StoredEvent } from '../../../../src/core/model/event';
import { failureOf } from '../../../../src/core/model/failure';
import type { RunView } from '../../../../src/core/model/run';
import { isEnded } from '../../../../src/core/model/taskState';
import { done, stage, type StageOptions } from '../../../support/coordination';
import { settings, type Setting, taskOf } from '../../../support/crashSettings';
import { FakeJournalFile } from '../../../support/fakeJournal';
import { diskFull, MortalJournal, type Ending } from '../../../support/mortalJournal';

describe('A run that is killed at any of its events', () => {
  for (const [name, setting] of Object.entries(settings)) {
    it(`ends as if it had not been: ${name}`, async () => {
      const whole = await play(setting, undefined);
      assert.ok(whole.appends > 8);
      for (let at = 2; at <= whole.appends; at++) {
        for (const how of ['killed-before', 'killed-after', 'left', 'broken'] as const) {
          const resumed = await play(setting, { at, how });
          const place = `${how} at append ${at} (${whole.story[at - 1] ?? ''})`;
          assert.deepEqual(resumed.outcome, whole.outcome, place);
          assert.deepEqual(resumed.repeated, [], place);
          if (how === 'broken') assert.deepEqual(resumed.told, diskFull, place);
        }
      }
    }).timeout(60_000);
  }
});

describe('A run that is cancelled at any of its events', () => {
  for (const [name, setting] of Object.entries(settings)) {
    it(`is cancelled and lands nothing, or has ended and says so: ${name}`, async () => {
      const { appends } = await play(setting, undefined);
      for (let at = 2; at <= appends; at++) {
        const file = new FakeJournalFile();
        const { options, request, gateWrites } = setting(file);
        const scene = stage({ ...options, journal: file });
        letGateWrite(scene, options, gateWrites);
        let cancelled: ReturnType<LocalEngine['cancel']> | undefined;
        const journal: MortalJournal = new MortalJournal(file, { at, how: 'left' }, () => {
          cancelled = engine.cancel([...file.runs.keys()][0] ?? '', 'person');
        });
        const engine = scene.create(journal);
        const started = await engine.start(request);
        assert.ok(started.ok);
        const view = await engine.settled(started.value.runId);
        const outcome = await cancelled;
        const place = `at append ${at} (${journal.story[at - 1] ?? ''}): ${view.state.name}`;
        assert.equal(outcome?.ok, view.state.name === 'cancelled', place);
        if (view.state.name !== 'cancelled')
          assert.ok(isOver(view) || view.state.name === 'awaiting_delivery', place);
        else
          assert.deepEqual(
            [...scene.workspace.files],
            [
              ['a.txt', 'one\n'],
              ['b.txt', 'two\n'],
            ],
            place,
          );
        assert.ok(
          view.tasks.every(({ state }) => isEnded(state)),
          place,
        );
        await engine.dispose();
      }
    }).timeout(60_000);
  }
});

/** Runs to the end, killed and resumed on the way where asked for. */
async function play(make: (file: FakeJournalFile) => Setting, ending: Ending | undefined) {
  const file = new FakeJournalFile();
  const { options, request, gateWrites } = make(file);
  const begun: string[] = [];
  const scene = stage({
    ...options,
    journal: file,
    act: (context, write) => {
      begun.push(
        ended(file).includes(`${context.task.id} ${context.attempt}`)
          ? `${context.task.id} ${context.attempt}`
          : '',
      );
      return (options.act ?? (() => Promise.resolve(done())))(context, write);
    },
  });
  letGateWrite(scene, options, gateWrites);
  const journal: MortalJournal = new MortalJournal(file, ending, () => void engine.dispose());
  const engine = scene.create(journal);
  const started = engine.start(request);
  // A process that leaves closes its journal, so that its last words may fail.
  const first = started
    .then((outcome) => (outcome.ok ? engine.settled(outcome.value.runId) : undefined))
    .then(
      () => undefined,
      (error: unknown) => failureOf(error, 'The run'),
    );
  const told = await Promise.race([journal.died, first]);
  await (ending?.how === 'left' ? engine.dispose() : undefined);
  const [runId] = [...file.runs.keys()];
  assert.ok(runId);
  const { approvePlan, deliver } = request;
  const second = scene.create();
  if (ending && !isOver(await second.run(runId))) {
    const resumed = await second.resume(runId, {
      ...(approvePlan === undefined ? {} : { approvePlan }),
      ...(deliver === undefined ? {} : { deliver }),
    });
    assert.ok(resumed.ok, resumed.ok ? '' : resumed.failure.message);
  }
  const view = await second.settled(runId);
  await second.dispose();
  const events = file.runs.get(runId) ?? [];
  return {
    outcome: outcomeOf(view, scene.workspace.files),
    repeated: [...begun.filter((attempt) => attempt !== ''), ...twice(events)],
    appends: journal.appends,
    story: journal.story,
    told,
  };
}

function letGateWrite(
  scene: ReturnType<typeof stage>,
  { gates }: StageOptions,
  text: string | undefined,
): void {
  if (text === undefined) return;
  gates?.set('tests', async ({ path }) => {
    await scene.worktrees.write({ taskId: '', path, commit: '', dependencies: '' }, 'a.txt', text);
    return { does: 'pass' };
  });
}

function isOver(view: RunView | undefined): boolean {
  return view !== undefined && ['delivered', 'failed', 'cancelled'].includes(view.state.name);
}

function outcomeOf(view: RunView, files: ReadonlyMap<string, string>) {
  return {
    state: view.state.name,
    tasks: view.tasks.map(
      ({ task, state, attempts }) =>
        `${task.id} ${state.name} ${state.name === 'done' ? state.summary : ''} ${attempts.length}`,
    ),
    failures: view.failures.map(({ failure, taskId }) => `${taskId ?? 'run'} ${failure.message}`).sort(),
    deliverables: view.deliverables,
    gates: [
      ...new Set(view.gates.map(({ on, result, judgement }) => `${on} ${result.gate} ${judgement.verdict}`)),
    ].sort(),
    open: { approvals: view.approvals, gates: view.runningGates },
    files: [...files].sort(),
  };
}

/** Facts of which a run has one only. */
function twice(events: readonly StoredEvent[]): string[] {
  const once = [
    'attempt.finished',
    'attempt.failed',
    'task.integrated',
    'task.done',
    'task.failed',
    'plan.proposed',
    'delivery.completed',
    'gate.finished',
  ];
  const seen = new Set<string>();
  return events.flatMap((event) => {
    if (!once.includes(event.type)) return [];
    const about =
      event.type === 'gate.finished'
        ? `${event.on} ${event.tree} ${event.result.gate}`
        : `${taskOf(event)} ${'attempt' in event ? event.attempt : ''}`;
    const key = `${event.type} ${about}`;
    if (seen.has(key)) return [key];
    seen.add(key);
    return [];
  });
}

function ended(file: FakeJournalFile): string[] {
  return [...file.runs.values()]
    .flat()
    .flatMap((event) =>
      event.type === 'attempt.finished' || event.type === 'attempt.failed'
        ? [`${event.taskId} ${event.attempt}`]
        : [],
    );
}
