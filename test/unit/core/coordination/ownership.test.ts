import assert from 'node:assert/strict';
import type { LocalEngine } from '../../../../src/core/coordination/localEngine';
import type { Approval } from '../../../../src/core/model/approval';
import type { StoredEvent } from '../../../../src/core/model/event';
import { foldRun } from '../../../../src/core/model/run';
import { diskFull } from '../../../support/mortalJournal';
import { done, stage, storyOf, type Acting, type StageOptions } from '../../../support/coordination';

const auto = { request: 'do it', planPath: 'plan.yaml', approvePlan: true, deliver: 'auto' } as const;
const ask = { ...auto, deliver: 'ask' } as const;
const onePlan = { tasks: [{ id: 'a', run: 'a' }] };
const writes: Acting = async ({ task }, write) => (await write(`${task.id}.txt`, 'made\n'), done());

/** A task that works until it is stopped, then says so. */
function endless() {
  const ended: string[] = [];
  let wake: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (wake = resolve));
  const act: Acting = async ({ task, signal }) => {
    wake();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    ended.push(task.id);
    return done();
  };
  return { act, begun, ended };
}

async function started(
  engine: LocalEngine,
  request: Parameters<LocalEngine['start']>[0] = auto,
): Promise<string> {
  const outcome = await engine.start(request);
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.message);
  return outcome.value.runId;
}

/** A run whose plan waits, left by the process that proposed it. */
async function waiting(options: StageOptions = {}) {
  const scene = stage({ plan: onePlan, act: writes, ...options });
  const runId = await started(scene.engine, { request: 'do it', planPath: 'plan.yaml' });
  await scene.engine.settled(runId);
  return { scene, runId };
}

async function eventsOf(engine: LocalEngine, runId: string): Promise<readonly StoredEvent[]> {
  return engine.events(runId);
}

describe('A run that two processes want', () => {
  it('is worked at by one of them, whoever resumes it at the same time', async () => {
    const { scene, runId } = await waiting();
    const other = scene.create();
    const resumed = await Promise.all([
      scene.engine.resume(runId, auto),
      other.resume(runId, auto),
      other.resume(runId, auto),
    ]);
    assert.deepEqual(
      resumed.map((outcome) => outcome.ok),
      [true, true, true],
    );
    await Promise.all([scene.engine.settled(runId), other.settled(runId)]);
    const story = storyOf(await eventsOf(other, runId), [
      'run.recovered',
      'attempt.started',
      'delivery.completed',
    ]);
    assert.deepEqual(story, ['run.recovered', 'attempt.started a', 'delivery.completed']);
  });

  it('is not taken up again when the other one ended it in the meantime', async () => {
    const { scene, runId } = await waiting();
    const journal = scene.file.connect();
    const late = scene.create(journal);
    const acquire = journal.acquire.bind(journal);
    journal.acquire = async (id) => {
      await scene.engine.resume(runId, auto);
      await scene.engine.settled(runId);
      return acquire(id);
    };
    const resumed = await late.resume(runId, auto);
    assert.equal(resumed.ok, false);
    assert.match(resumed.failure.message, /has ended \(delivered\)/);
    assert.equal((await scene.engine.events(runId)).at(-1)?.type, 'report.written', 'nothing was added');
    assert.equal(await scene.engine.attendance(runId), 'nobody');
  });

  it('lands once, whoever delivers it at the same time, and is taken back once', async () => {
    const scene = stage({ plan: onePlan, act: writes });
    const runId = await started(scene.engine, ask);
    await scene.engine.settled(runId);
    const other = scene.create();
    const landed = await Promise.all([scene.engine.deliver(runId), other.deliver(runId)]);
    assert.deepEqual(landed.map((outcome) => outcome.ok).sort(), [false, true]);
    const undone = await Promise.all([scene.engine.undo(runId), other.undo(runId)]);
    assert.deepEqual(undone.map((outcome) => outcome.ok).sort(), [false, true]);
    const story = storyOf(await eventsOf(other, runId), ['delivery.completed', 'undo.completed']);
    assert.deepEqual(story, ['delivery.completed', 'undo.completed']);
  });
});

describe('A person who cancels', () => {
  it('is told when the run was delivered before it could be cancelled', async () => {
    const scene = stage({ plan: onePlan, act: writes });
    let cancelled: ReturnType<LocalEngine['cancel']> | undefined;
    scene.engine.onChange((view, events) => {
      if (events.some((event) => event.type === 'delivery.started'))
        cancelled = scene.engine.cancel(view.runId, 'person');
    });
    const runId = await started(scene.engine);
    assert.equal((await scene.engine.settled(runId)).state.name, 'delivered');
    const outcome = await cancelled;
    assert.equal(outcome?.ok, false);
    assert.match(outcome.failure.message, /not cancelled: it is delivered/);
  });

  it('closes a run that nobody works at, without asking or running anything', async () => {
    const { scene, runId } = await waiting();
    const asked = scene.asked.length;
    assert.ok((await scene.create().cancel(runId, 'person')).ok);
    const view = await scene.engine.run(runId);
    assert.deepEqual(view?.state, { name: 'cancelled', by: 'person' });
    assert.equal(scene.asked.length, asked);
    assert.deepEqual(storyOf(await eventsOf(scene.engine, runId), ['attempt.started', 'gate.started']), []);
  });

  it('gets a half-written delivery finished, and is told so', async () => {
    const scene = stage({ plan: onePlan, act: writes });
    const runId = await started(scene.engine, ask);
    const { state } = await scene.engine.settled(runId);
    assert.equal(state.name, 'awaiting_delivery');
    await scene.file
      .connect()
      .append(runId, [{ type: 'delivery.started', commit: state.commit, rescueRef: 'r', paths: ['a.txt'] }]);
    const outcome = await scene.create().cancel(runId, 'person');
    assert.equal(outcome.ok, false);
    assert.equal((await scene.engine.run(runId))?.state.name, 'delivered');
    assert.equal(scene.workspace.files.get('a.txt'), 'made\n');
  });
});

describe('A person who speaks to a run', () => {
  it('is told when nothing can be paused and when nobody can hear', async () => {
    const { act, begun } = endless();
    const scene = stage({ plan: onePlan, act });
    let early: ReturnType<LocalEngine['pause']> | undefined;
    scene.engine.onChange((view, events) => {
      if (events.some((event) => event.type === 'phase.entered'))
        early ??= scene.engine.pause(view.runId, 'person');
    });
    const runId = await started(scene.engine);
    await begun;
    const whilePlanning = await early;
    assert.ok(whilePlanning && !whilePlanning.ok);
    for (const task of ['a', 'nothing']) {
      const steered = await scene.engine.steer(runId, task, 'Use tabs.', 'person');
      assert.equal(steered.ok, false, `${task} is a program or not there`);
    }
    assert.ok((await scene.engine.pause(runId, 'person')).ok);
    assert.equal((await scene.engine.run(runId))?.state.name, 'paused');
    await scene.engine.cancel(runId, 'person');
  });

  it('twice gives one answer: the second is told that it is decided', async () => {
    const open: ((answer: object) => void)[] = [];
    const scene = stage({
      plan: onePlan,
      act: writes,
      answers: () => new Promise((resolve) => open.push(resolve)),
    });
    const asked = new Promise<Approval>((resolve) => {
      scene.engine.onChange((view) => view.approvals[0] && resolve(view.approvals[0]));
    });
    const runId = await started(scene.engine, { request: 'do it', planPath: 'plan.yaml', deliver: 'never' });
    const { id, digest } = await asked;
    const wrong = await scene.engine.answer(runId, {
      id,
      digest: 'another',
      decision: 'allow',
      by: 'person',
    });
    const [first, second] = await Promise.all([
      scene.engine.answer(runId, { id, digest, decision: 'deny', by: 'first' }),
      scene.engine.answer(runId, { id, digest, decision: 'allow', by: 'second' }),
    ]);
    assert.deepEqual([wrong.ok, first.ok, second.ok], [false, true, false]);
    const view = await scene.engine.settled(runId);
    assert.equal(view.state.name === 'failed' && view.state.failure.kind, 'denied');
    assert.equal((await scene.engine.answer(runId, { id, digest, decision: 'allow', by: 'late' })).ok, false);
  });
});

describe('A journal that fails', () => {
  it('ends the work at once, tells whoever waits, and leaves the run to be resumed by the same process', async () => {
    const { act, begun, ended } = endless();
    const acting = { act };
    const scene = stage({
      plan: {
        tasks: [
          { id: 'a', run: 'a' },
          { id: 'b', run: 'b' },
        ],
      },
      act: (context, write) => acting.act(context, write),
    });
    const own = scene.file.connect();
    const engine = scene.create(own);
    const runId = await started(engine);
    await begun;
    own.breakWith(diskFull);
    await engine.pause(runId, 'person').catch(() => undefined);
    await assert.rejects(engine.settled(runId), /disk is full/);
    assert.deepEqual(ended.sort(), ['a', 'b'], 'no task is at work any more');
    own.breakWith(undefined);
    assert.equal((await engine.run(runId))?.state.name, 'running');
    acting.act = writes;
    assert.ok((await engine.resume(runId, auto)).ok);
    assert.equal((await engine.settled(runId)).state.name, 'delivered');
  });
});

describe('A call of a model', () => {
  it('whose outcome nobody knows after a crash is named once', async () => {
    const { scene, runId } = await waiting();
    const call = { type: 'model.called', model: 'm/x', step: 1 } as const;
    const failure = { kind: 'model-unavailable', model: 'm/x', retryable: true, message: 'away' } as const;
    await scene.file.connect().append(runId, [
      { ...call, callId: 'known' },
      { type: 'model.failed', model: 'm/x', callId: 'known', failure },
      { ...call, callId: 'lost' },
    ]);
    const resumeAndWait = async () => {
      await scene.engine.resume(runId);
      await scene.engine.settled(runId);
    };
    await resumeAndWait();
    await resumeAndWait();
    const notes = (await eventsOf(scene.engine, runId)).flatMap((event) =>
      event.type === 'note' && event.level === 'warning' ? [event.message] : [],
    );
    assert.deepEqual(
      notes.filter((note) => note.includes('unknown')).map((note) => note.slice(0, 18)),
      ['One call of m/x ha'],
    );
  });
});

describe('A question', () => {
  it('that ended with the process that asked is open no more for the next one', async () => {
    const scene = stage({ plan: onePlan, act: writes });
    const runId = await started(scene.engine, { request: 'do it', planPath: 'plan.yaml' });
    await scene.engine.settled(runId);
    const journal = scene.file.connect();
    await journal.append(runId, [
      {
        type: 'approval.requested',
        approval: { id: 'old', digest: 'd', kind: 'plan', title: 'Run it?', detail: '' },
      },
      { type: 'gate.started', gate: 'tests', tree: 't', on: 'base' },
    ]);
    assert.equal((await scene.engine.run(runId))?.approvals.length, 1);
    await scene.engine.resume(runId, auto);
    const view = await scene.engine.settled(runId);
    assert.equal(view.state.name, 'delivered');
    const { seq } = (await eventsOf(scene.engine, runId)).find((event) => event.type === 'run.recovered') ?? {
      seq: 0,
    };
    const recovered = foldRun((await eventsOf(scene.engine, runId)).slice(0, seq));
    assert.deepEqual([recovered?.approvals, recovered?.runningGates], [[], []]);
  });
});
