import assert from 'node:assert/strict';
import { timingOf } from '../../../../src/core/insight/timing';
import {
  deliveredRun,
  gateFinished,
  record,
  recordedGate,
  recordedPlan,
  recordedTask,
  viewOf,
} from '../../../support/recordedRun';

describe('The timing of a run', () => {
  it('counts for a check what its gates took, not how long it waited for a place', () => {
    const check = recordedTask('check-types', { work: { kind: 'check', gates: ['types'] }, needs: [] });
    const command = recordedTask('tidy', { work: { kind: 'command', run: 'tidy' }, needs: [] });
    const created = deliveredRun.find(([, event]) => event.type === 'run.created');
    assert.ok(created);
    const begun = {
      type: 'attempt.started',
      attempt: 1,
      agent: 'x',
      backend: 'command',
      briefing: '',
    } as const;
    const ended = { type: 'attempt.finished', attempt: 1, summary: '' } as const;
    const view = viewOf(
      record([
        created,
        [1, { type: 'plan.proposed', revision: 1, plan: { ...recordedPlan, tasks: [check, command] } }],
        [10, { ...begun, taskId: 'check-types' }],
        [10, { ...begun, taskId: 'tidy' }],
        [14, { ...ended, taskId: 'tidy' }],
        [30, gateFinished('base', recordedGate('types', [], { durationMs: 3000 }))],
        [30, { ...ended, taskId: 'check-types' }],
      ]),
    );
    const { wallMs, sequentialMs, criticalPathMs, speedup } = timingOf(view);
    assert.deepEqual(
      { wallMs, sequentialMs, criticalPathMs, speedup },
      { wallMs: 20_000, sequentialMs: 7000, criticalPathMs: 4000, speedup: 0.35 },
    );
  });
});
