import assert from 'node:assert/strict';
import { forkEvents, forkPoint } from '../../../../src/core/coordination/forkPoint';
import { recordingOf } from '../../../../src/core/coordination/recording';
import type { NewEvent, StoredEvent } from '../../../../src/core/model/event';
import { foldRun } from '../../../../src/core/model/run';
import { recordedPlan, recordedTask, record } from '../../../support/recordedRun';

const created: NewEvent = {
  type: 'run.created',
  request: 'Do three things',
  workspace: '/w',
  baseCommit: 'base',
  baseKind: 'head',
  localChanges: [],
  model: 'a/one',
  budget: { maxParallel: 4 },
  deliver: true,
  engineVersion: '1',
};
const plan = { ...recordedPlan, tasks: ['first', 'second', 'third'].map((id) => recordedTask(id)) };

function answered(taskId: string, step: number, text: string): NewEvent[] {
  const ids = { taskId, attempt: 1, callId: `${taskId}${step}`, model: 'a/one', step };
  const usage = { inputTokens: 10, outputTokens: 5, costUsd: 1 };
  return [
    { type: 'model.called', ...ids },
    { type: 'model.answered', ...ids, text, toolCalls: [], finishReason: 'stop', usage, durationMs: 5 },
  ];
}

function begun(taskId: string): NewEvent[] {
  return [
    { type: 'task.preparing', taskId },
    { type: 'attempt.started', taskId, attempt: 1, agent: 'documenter', backend: 'model', briefing: 'b' },
  ];
}

/** The first task is integrated while the second works; a person told the second something at its second step. */
const story: NewEvent[] = [
  created,
  { type: 'phase.entered', phase: 'analysis' },
  { type: 'plan.proposed', plan, revision: 1 },
  { type: 'plan.approved', revision: 1, by: 'person' },
  { type: 'phase.entered', phase: 'execution' },
  ...begun('first'),
  ...answered('first', 1, 'First.'),
  ...begun('second'),
  ...answered('second', 1, 'Look.'),
  { type: 'message.sent', from: 'person', to: 'second', text: 'Use tabs.' },
  { type: 'message.received', taskId: 'second', attempt: 1, from: 'person', text: 'Use tabs.', sentSeq: 12 },
  { type: 'task.integrated', taskId: 'first', commit: 'merge1', tree: 't1' },
  { type: 'task.done', taskId: 'first', summary: 'First.' },
  ...answered('second', 2, 'Done.'),
  { type: 'task.integrated', taskId: 'second', commit: 'merge2', tree: 't2' },
  { type: 'task.done', taskId: 'second', summary: 'Done.' },
  { type: 'phase.entered', phase: 'validation' },
];
const events = record(story.map((event, at) => [at, event]));

function pointOf(from: string) {
  const point = forkPoint(events, from);
  assert(point.ok, point.ok ? '' : point.failure.message);
  return point.value;
}

function stored(fresh: readonly NewEvent[]): StoredEvent[] {
  return fresh.map((event, at) => ({ ...event, runId: 'fork', seq: at + 1, at: '2026-11-20T00:00:00Z' }));
}

describe('The point a run is forked at', () => {
  it('keeps what was integrated by then, and lets what was at work begin anew', () => {
    const point = pointOf('second:2');
    const view = foldRun(stored(point.events));
    assert.deepEqual(
      view?.tasks.map(({ task, state }) => `${task.id} ${state.name}`),
      ['first done', 'second pending', 'third pending'],
    );
    assert.equal(view.state.name, 'running');
    assert.equal(point.tip, 'merge1');
    assert.deepEqual(view.forkedFrom, { runId: events[0]?.runId, seq: point.seq - 1 });
  });

  it('goes back to the base when nothing was integrated before the task began', () => {
    const point = pointOf('first');
    assert.equal(point.tip, 'base');
    assert.ok(!point.events.some((event) => 'taskId' in event));
  });

  it('counts what the shared answers cost where they were given, not twice', () => {
    assert.equal(foldRun(stored(pointOf(String(events.length)).events))?.usage.costUsd, 0);
  });

  it('is refused before the plan was approved, for a task that never began, and for a step never taken', () => {
    const refusals = ['2', 'third', 'second:9', 'nobody', '999'].map((from) => forkPoint(events, from));
    assert.deepEqual(
      refusals.map((refused) => (refused.ok ? '' : refused.failure.message.split(': ')[1])),
      [
        'the plan was not approved yet then; start the run again instead.',
        'no task third was begun in this run.',
        'second took no step 9.',
        'no task nobody was begun in this run.',
        `the run's events are numbered 1 to ${events.length}.`,
      ],
    );
  });

  it('begins with what a person tells the agent of the task, and with another model', () => {
    const fork = forkEvents(pointOf('second'), { model: 'b/two', tell: 'Use spaces.' });
    assert(fork.ok);
    const [first] = fork.value;
    assert.equal(first?.type === 'run.created' && first.model, 'b/two');
    assert.deepEqual(fork.value.at(-1), {
      type: 'message.sent',
      ...{ from: 'person', to: 'second', text: 'Use spaces.' },
    });
    assert.equal(forkEvents(pointOf('7'), { tell: 'Nobody hears this.' }).ok, false);
  });
});

describe('A recording', () => {
  it('says again what models answered before the point, and nothing after it', () => {
    const recording = recordingOf(events, pointOf('second:2').seq);
    const said = (taskId: string, step: number) => recording.answer({ taskId, attempt: 1, step })?.text;
    assert.equal(said('second', 1), 'Look.');
    assert.equal(said('second', 2), undefined);
    assert.equal(said('first', 1), 'First.');
    assert.equal(recording.answer({ taskId: 'second', attempt: 1, step: 1 })?.usage.costUsd, 0);
  });

  it('lets a person speak at the step they spoke at', () => {
    const recording = recordingOf(events);
    assert.deepEqual(recording.mail({ taskId: 'second', attempt: 1 }, 0), []);
    assert.deepEqual(recording.mail({ taskId: 'second', attempt: 1 }, 1), ['Use tabs.']);
  });
});
