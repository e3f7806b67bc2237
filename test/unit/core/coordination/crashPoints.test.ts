import assert from 'node:assert/strict';
import { fail } from '../../../../src/base/result';
import type { RunRequest } from '../../../../src/core/coordination/engine';
import type { LocalEngine } from '../../../../src/core/coordination/localEngine';
import type { StoredEvent } from '../../../../src/core/model/event';
import { failureOf } from '../../../../src/core/model/failure';
import type { RunView } from '../../../../src/core/model/run';
import { isEnded } from '../../../../src/core/model/taskState';
import type { ModelProvider } from '../../../../src/core/ports';
import { done, stage, type Acting, type StageOptions } from '../../../support/coordination';
import { createFakeGateRunner } from '../../../support/fakeGateRunner';
import { FakeJournalFile } from '../../../support/fakeJournal';
import { diskFull, MortalJournal, type Ending } from '../../../support/mortalJournal';

/** A world to run in; made anew for each kill. */
interface Setting {
  readonly options: StageOptions;
  readonly request: RunRequest;
  /** What the gate `tests` writes into `a.txt` of each tree it checks. */
  readonly gateWrites?: string;
}

const auto = { request: 'do it', planPath: 'plan.yaml', approvePlan: true, deliver: 'auto' } as const;
const writesItsName: Acting = async ({ task }, write) => (await write(`${task.id}.txt`, 'made\n'), done(`${task.id} made`));
const noModel: ModelProvider = { complete: () => Promise.reject(new Error('Nobody asks a model here.')) };

const settings: Record<string, (file: FakeJournalFile) => Setting> = {
  'tasks that depend on each other': () => ({
    request: auto,
    options: {
      plan: { tasks: [{ id: 'a', run: 'a' }, { id: 'b', run: 'b' }, { id: 'c', run: 'c', needs: ['a', 'b'] }] },
      act: writesItsName,
    },
  }),
  'a failed task, and one that needs it': () => ({
    request: auto,
    options: {
      plan: { tasks: [{ id: 'bad', run: 'bad' }, { id: 'good', run: 'good' }, { id: 'after', run: 'after', needs: ['bad'] }] },
      act: (context, write) =>
        context.task.id === 'bad'
          ? Promise.resolve(fail({ kind: 'agent-exited', agent: 'x', exitCode: 3, signal: null, outputTail: '', message: 'It ended with 3.' }))
          : writesItsName(context, write),
    },
  }),
  'a repair': () => ({
    request: auto,
    options: {
      models: noModel,
      gates: redUntilMended(),
      plan: { tasks: [{ id: 'write', prompt: 'Write it.', agent: 'implementer' }] },
      act: async ({ attempt }, write) => (await write(attempt === 1 ? 'broken.ts' : 'mended.ts', `attempt ${attempt}\n`), done(`attempt ${attempt}`)),
    },
  }),
  'a conflict': (file) => ({
    request: auto,
    options: {
      plan: { tasks: [{ id: 'a', run: 'a' }, { id: 'b', run: 'b' }] },
      act: async ({ task, attempt }, write) => {
        const awaited = task.id === 'a' ? 'attempt.started b' : 'task.integrated a';
        await until(() => [...file.runs.values()].flat().some((event) => `${event.type} ${taskOf(event)}` === awaited));
        await write('a.txt', `${task.id} ${attempt}\n`);
        return done(`${task.id} ${attempt}`);
      },
    },
  }),
  'a gate that writes into the tree it checks': () => ({
    request: auto,
    options: { gates: createFakeGateRunner(), plan: { tasks: [{ id: 'one', run: 'one' }, { id: 'two', run: 'two', needs: ['one'] }] }, act: writesItsName },
    gateWrites: 'written by a gate\n',
  }),
  'gates that take their time': () => {
    const gates = createFakeGateRunner();
    gates.set('tests', async () => (await new Promise((resolve) => setImmediate(resolve)), { does: 'pass' }));
    return { request: auto, options: { gates, plan: { tasks: [{ id: 'one', run: 'one' }, { id: 'look', check: ['tests'] }] }, act: writesItsName } };
  },
  'a red combined tree': () => {
    const gates = createFakeGateRunner();
    gates.set('tests', ({ changed }) =>
      (changed?.length ?? 0) > 1 ? { does: 'fail', problems: [{ file: 'a.txt', message: 'only together' }] } : { does: 'pass' },
    );
    return { request: auto, options: { gates, plan: { tasks: [{ id: 'a', run: 'a' }, { id: 'b', run: 'b' }] }, act: writesItsName } };
  },
  'a gate that cannot decide about the result': () => {
    const gates = createFakeGateRunner();
    gates.set('tests', ({ changed }) => ((changed?.length ?? 0) > 1 ? { does: 'break', reason: 'It broke.' } : { does: 'pass' }));
    return { request: auto, options: { gates, plan: { tasks: [{ id: 'a', run: 'a' }, { id: 'b', run: 'b' }] }, act: writesItsName } };
  },
  'a check': () => ({
    request: auto,
    options: { gates: createFakeGateRunner({ tests: { does: 'pass' }, types: { does: 'pass' } }), plan: { tasks: [{ id: 'look', check: ['tests', 'types'] }] } },
  }),
  'a red check': () => ({
    request: auto,
    options: {
      gates: createFakeGateRunner({ tests: { does: 'fail', problems: [{ message: 'red' }] }, types: { does: 'pass' } }),
      plan: { tasks: [{ id: 'look', check: ['tests', 'types'] }, { id: 'a', run: 'a' }] },
      act: writesItsName,
    },
  }),
  'nothing to change': () => ({ request: { ...auto, deliver: 'never' }, options: { plan: { tasks: [{ id: 'a', run: 'a' }] } } }),
  'a result that is not to be delivered': () => ({
    request: { ...auto, deliver: 'never' },
    options: { plan: { tasks: [{ id: 'a', run: 'a' }] }, act: writesItsName },
  }),
  'a person who is asked': () => ({
    request: { request: 'do it', planPath: 'plan.yaml', deliver: 'ask' },
    options: {
      plan: { tasks: [{ id: 'a', run: 'a' }] },
      act: writesItsName,
      answers: () => ({ decision: 'allow', by: 'person' }),
    },
  }),
};

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
        if (view.state.name !== 'cancelled') assert.ok(isOver(view) || view.state.name === 'awaiting_delivery', place);
        else assert.deepEqual([...scene.workspace.files], [['a.txt', 'one\n'], ['b.txt', 'two\n']], place);
        assert.ok(view.tasks.every(({ state }) => isEnded(state)), place);
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
      begun.push(ended(file).includes(`${context.task.id} ${context.attempt}`) ? `${context.task.id} ${context.attempt}` : '');
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
    .then(() => undefined, (error: unknown) => failureOf(error, 'The run'));
  const told = await Promise.race([journal.died, first]);
  await (ending?.how === 'left' ? engine.dispose() : undefined);
  const [runId] = [...file.runs.keys()];
  assert.ok(runId);
  const { approvePlan, deliver } = request;
  const second = scene.create();
  if (ending && !isOver(await second.run(runId))) {
    const resumed = await second.resume(runId, { ...(approvePlan === undefined ? {} : { approvePlan }), ...(deliver === undefined ? {} : { deliver }) });
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

function letGateWrite(scene: ReturnType<typeof stage>, { gates }: StageOptions, text: string | undefined): void {
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
    tasks: view.tasks.map(({ task, state, attempts }) => `${task.id} ${state.name} ${state.name === 'done' ? state.summary : ''} ${attempts.length}`),
    failures: view.failures.map(({ failure, taskId }) => `${taskId ?? 'run'} ${failure.message}`).sort(),
    deliverables: view.deliverables,
    gates: [...new Set(view.gates.map(({ on, result, judgement }) => `${on} ${result.gate} ${judgement.verdict}`))].sort(),
    open: { approvals: view.approvals, gates: view.runningGates },
    files: [...files].sort(),
  };
}

/** Facts of which a run has one only. */
function twice(events: readonly StoredEvent[]): string[] {
  const once = ['attempt.finished', 'attempt.failed', 'task.integrated', 'task.done', 'task.failed', 'plan.proposed', 'delivery.completed', 'gate.finished'];
  const seen = new Set<string>();
  return events.flatMap((event) => {
    if (!once.includes(event.type)) return [];
    const about = event.type === 'gate.finished' ? `${event.on} ${event.tree} ${event.result.gate}` : `${taskOf(event)} ${'attempt' in event ? event.attempt : ''}`;
    const key = `${event.type} ${about}`;
    if (seen.has(key)) return [key];
    seen.add(key);
    return [];
  });
}

function ended(file: FakeJournalFile): string[] {
  return [...file.runs.values()].flat().flatMap((event) => (event.type === 'attempt.finished' || event.type === 'attempt.failed' ? [`${event.taskId} ${event.attempt}`] : []));
}

function taskOf(event: StoredEvent): string {
  return 'taskId' in event ? (event.taskId ?? '') : '';
}

/** Red as long as the tree holds what the first attempt broke. */
function redUntilMended() {
  const gates = createFakeGateRunner();
  gates.set('types', ({ changed }) => {
    if (!changed || changed.includes('mended.ts')) return { does: 'pass' };
    return { does: 'fail', problems: [{ file: 'broken.ts', message: 'Type error' }] };
  });
  return gates;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !isTrue(); turn++) await new Promise((resolve) => setImmediate(resolve));
}
