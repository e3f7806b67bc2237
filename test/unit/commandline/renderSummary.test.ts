import assert from 'node:assert/strict';
import { plainPaint } from '../../../src/commandline/paint';
import { renderSummary } from '../../../src/commandline/renderSummary';
import type { NewEvent } from '../../../src/core/model/event';
import {
  deliveredRun,
  gateFinished,
  record,
  recordedFinding,
  recordedGate,
  until,
  viewOf,
  type Happening,
} from '../../support/recordedRun';

const headline = (events: ReturnType<typeof until>) =>
  renderSummary(viewOf(events), plainPaint).split('\n')[0];
const after = (seconds: number, ...events: NewEvent[]) =>
  record([
    ...deliveredRun.filter(([at]) => at <= seconds),
    ...events.map((event) => [seconds + 1, event] as const),
  ]);

describe('the summary of a run', () => {
  it('says of each state only what is known', () => {
    assert.equal(headline(until(3)), 'The plan with 3 tasks waits for approval.');
    assert.equal(headline(until(9)), 'Not ended: running, in phase execution.');
    assert.equal(headline(until(27)), 'Ready in 27.0 s, not delivered: 2 files (+124 −6).');
    assert.equal(headline(until(28)), 'Delivered 2 files (+124 −6) in 28.0 s.');
    assert.equal(
      headline(after(9, { type: 'run.cancelled', by: 'person' })),
      'Cancelled by person in 10.0 s: nothing was delivered.',
    );
    assert.equal(
      headline(after(28, { type: 'undo.completed', paths: ['docs/api.md'] })),
      'The delivery of 20261120-lint-docs was taken back.',
    );
  });

  it('does not speak of a delivery where no file had to change', () => {
    const happened = deliveredRun.map(([at, event]): Happening => {
      if (event.type === 'delivery.proposed') return [at, { ...event, deliverables: [] }];
      return [at, event.type === 'delivery.completed' ? { ...event, paths: [] } : event];
    });
    const text = renderSummary(viewOf(record(happened)), plainPaint);
    assert.match(text, /^Done in 28\.0 s: no file had to change\.\n/);
    assert.doesNotMatch(text, /undo/);
  });

  it('counts the claims of agents, and names those that are not so', () => {
    const attempt = deliveredRun
      .map(([, event]) => event)
      .findLast((event) => event.type === 'attempt.finished');
    assert(attempt?.type === 'attempt.finished');
    const claims = [
      { claim: 'All tests pass', verdict: 'confirmed' as const, evidence: 'The gate tests passed' },
      { claim: 'It is fast', verdict: 'unproven' as const, evidence: 'No run shows it' },
    ];
    const ids = { taskId: attempt.taskId, attempt: attempt.attempt };
    const lines = renderSummary(
      viewOf(after(26, { type: 'claims.checked', ...ids, claims })),
      plainPaint,
    ).split('\n');
    const at = lines.findIndex((line) => line.startsWith('Claims'));
    assert.deepEqual(lines.slice(at, at + 2), [
      'Claims    1 confirmed, 1 unproven',
      `  unproven: ${attempt.taskId} said "It is fast": No run shows it`,
    ]);
  });

  it('puts new findings with their place before known ones', () => {
    const red = gateFinished(
      'combined',
      recordedGate('types', [recordedFinding('types', 'src/new.ts', 7, 'Wrong type')]),
    );
    const lines = renderSummary(viewOf(after(26, red)), plainPaint).split('\n');
    const at = lines.findIndex((line) => line.startsWith('Findings'));
    assert.deepEqual(lines.slice(at, at + 3), [
      'Findings  1 new, 1 known before the run',
      '  new src/new.ts:7:5 types: Wrong type',
      '  src/old.ts:3:5 lint: Unexpected any',
    ]);
  });
});
