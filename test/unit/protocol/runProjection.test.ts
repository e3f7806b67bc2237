import assert from 'node:assert/strict';
import type { NewEvent } from '../../../src/core/model/event';
import { runActions, runDetail, runItem } from '../../../src/protocol/runProjection';
import { runDetailSchema } from '../../../src/protocol/runModel';
import { runDifference } from '../../../src/protocol/runDifference';
import { FakeEngine } from '../../support/fakeEngine';
import {
  finding,
  gateFinished,
  planned,
  ready,
  storyRequest,
  underWay,
  validated,
} from '../../support/storyOfARun';

function viewAfter(...chapters: NewEvent[][]) {
  const engine = new FakeEngine('/repo/shop');
  return engine.play('run-1', [engine.created({ request: storyRequest }), ...chapters.flat()]);
}

describe('the compact picture of a run', () => {
  it('fits the schema of the line at every moment of a run', () => {
    const engine = new FakeEngine('/repo/shop');
    engine.play('run-1', [engine.created({ request: storyRequest })]);
    for (const event of [...planned, ...underWay, ...validated, ...ready]) {
      runDetailSchema.parse(runDetail(engine.play('run-1', [event]), 'here'));
    }
  });

  it('counts tasks by what their events say', () => {
    const { tasks, approvals } = runItem(viewAfter(planned, underWay), 'here');
    assert.deepEqual([tasks, approvals], [{ total: 6, done: 2, running: 2, failed: 0 }, 1]);
  });

  it('calls a pending task ready once everything it needs is done', () => {
    const states = (chapters: NewEvent[][]) =>
      Object.fromEntries(
        runDetail(viewAfter(...chapters), 'here').tasks.map((task) => [task.id, task.state]),
      );
    assert.equal(states([planned])['design'], 'ready');
    assert.equal(states([planned])['limiter'], 'pending');
    assert.equal(states([planned, underWay])['middleware'], 'pending', 'the limiter is not done');
  });

  it('shows a percentage only where an agent gave one', () => {
    const percents = runDetail(viewAfter(planned, underWay), 'here').tasks.map((task) => task.percent);
    assert.deepEqual(percents, [null, 60, null, null, null, null]);
  });
});

describe('the picture of a run that nobody works at', () => {
  const view = viewAfter(planned, underWay, [
    { type: 'gate.started', gate: 'types', tree: 't', on: 'bucket' },
  ]);
  const left = runDetail(view, 'nobody');

  it('has no open question, no running gate, and no task at work', () => {
    assert.deepEqual([left.approvals, left.item.approvals, left.item.tasks.running], [[], 0, 0]);
    assert.deepEqual(
      left.gates.filter((gate) => gate.verdict === 'running'),
      [],
    );
    assert.deepEqual(
      left.tasks.map((task) => task.state),
      ['done', 'interrupted', 'done', 'pending', 'interrupted', 'pending'],
    );
    assert.deepEqual(
      left.tasks.flatMap((task) => task.attempts.map(({ outcome }) => outcome)),
      ['finished', 'interrupted', 'finished', 'interrupted'],
    );
  });

  it('stands still at the moment of its last event', () => {
    assert.equal(left.item.leftAt, view.updatedAt);
    assert.equal(runDetail(view, 'here').item.leftAt, null);
  });
});

describe('what a person can do with a run', () => {
  const states: [string, NewEvent[][], 'here' | 'nobody', string][] = [
    ['waiting for approval', [planned], 'here', 'editPlan changePlan cancel'],
    ['waiting for approval, left behind', [planned], 'nobody', 'resume editPlan changePlan cancel'],
    ['under way here', [planned, underWay], 'here', 'pause changePlan cancel'],
    ['left behind', [planned, underWay], 'nobody', 'resume changePlan cancel'],
    [
      'paused',
      [planned, underWay, [{ type: 'run.paused', by: 'person' }]],
      'here',
      'resume changePlan cancel',
    ],
    ['ready to deliver', [planned, underWay, validated, ready], 'here', 'deliver review report cancel'],
    [
      'delivered',
      [planned, underWay, validated, ready, [{ type: 'delivery.completed', commit: 'c', paths: ['a'] }]],
      'nobody',
      'review report undo',
    ],
    [
      'done without a change',
      [planned, underWay, [{ type: 'delivery.completed', commit: 'c', paths: [] }]],
      'nobody',
      '',
    ],
    ['cancelled early', [planned, [{ type: 'run.cancelled', by: 'person' }]], 'nobody', ''],
  ];
  for (const [name, chapters, attendance, actions] of states) {
    it(`${name}: ${actions || 'nothing'}`, () =>
      assert.equal(runActions(viewAfter(...chapters), attendance).join(' '), actions));
  }
});

describe('gates in the picture', () => {
  it('are the latest of each tree, running ones in place of their last result, the base last', () => {
    const view = viewAfter(planned, underWay, validated, [
      { type: 'gate.started', gate: 'types', tree: 't', on: 'combined' },
    ]);
    const lines = runDetail(view, 'here').gates.map((gate) => `${gate.on} ${gate.gate} ${gate.verdict}`);
    assert.deepEqual(lines.slice(0, 4), [
      'combined audit inconclusive',
      'combined lint passed',
      'combined tests passed',
      'combined types running',
    ]);
    assert.deepEqual(lines.slice(-2), ['base lint failed', 'base types passed']);
  });

  it('put new findings first, and count what they leave out', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      finding('lint', 'src/a.ts', index + 1, `problem ${index}`),
    );
    const view = viewAfter(planned, [
      gateFinished('lint', 'base', 'failed', { findings: many.slice(0, 59) }),
      gateFinished('lint', 'combined', 'failed', { findings: many, truncated: 7 }),
    ]);
    const [gate] = runDetail(view, 'here').gates;
    assert.deepEqual(
      [gate?.findings[0]?.message, gate?.findings[0]?.isNew, gate?.findings[1]?.isNew],
      ['problem 59', true, false],
    );
    assert.deepEqual([gate?.findings.length, gate?.hidden], [40, 27]);
  });
});

describe('the difference between two pictures', () => {
  it('holds the sections that changed and the new lines of the log, or is nothing', () => {
    const [before, after] = [
      runDetail(viewAfter(planned), 'here'),
      runDetail(viewAfter(planned, [{ type: 'note', level: 'info', message: 'Still here' }]), 'here'),
    ];
    assert.deepEqual(runDifference(before, after)?.sections, {});
    assert.deepEqual(
      runDifference(before, after)?.activity.map((line) => line.text),
      ['Still here'],
    );
    assert.equal(runDifference(after, structuredClone(after)), undefined);
  });

  it('takes a value away with null', () => {
    const before = runDetail(viewAfter(planned), 'here');
    const difference = runDifference(before, { ...before, analysis: null });
    assert.deepEqual(difference?.sections, { analysis: null });
  });
});
