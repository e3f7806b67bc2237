import assert from 'node:assert/strict';
import { findingsOf } from '../../../../src/core/insight/gateSummary';
import type { GateResult } from '../../../../src/core/model/gate';
import {
  gateFinished,
  record,
  recordedFinding,
  recordedGate,
  viewOf,
  deliveredRun,
} from '../../../support/recordedRun';

const before = recordedFinding('lint', 'src/a.ts', 1, 'old and mended');
const stays = recordedFinding('lint', 'src/b.ts', 2, 'old and still there');

function statuses(combined: GateResult): string[] {
  const base = recordedGate('lint', [before, stays]);
  const begin = deliveredRun.filter(
    ([, event]) => event.type === 'run.created' || event.type === 'plan.proposed',
  );
  const events = record([
    ...begin,
    [90, gateFinished('base', base)],
    [91, gateFinished('combined', combined, base)],
  ]);
  return findingsOf(viewOf(events)).map((finding) => `${finding.message}: ${finding.status}`);
}

describe('The findings of a run', () => {
  it('tell what the result no longer has from what it still has', () => {
    assert.deepEqual(statuses(recordedGate('lint', [stays])), [
      'old and mended: fixed',
      'old and still there: known',
    ]);
  });

  it('claim nothing as fixed when the gate could not decide about the result', () => {
    const broken = recordedGate('lint', [], { verdict: 'inconclusive' });
    assert.deepEqual(statuses(broken), ['old and mended: known', 'old and still there: known']);
    const cut = recordedGate('lint', [stays], { truncated: 5 });
    assert.deepEqual(statuses(cut), ['old and mended: known', 'old and still there: known']);
  });
});
