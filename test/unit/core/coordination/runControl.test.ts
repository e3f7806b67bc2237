import assert from 'node:assert/strict';
import { RunControl } from '../../../../src/core/coordination/runControl';

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('RunControl', () => {
  it('holds an agent while the run is paused', async () => {
    const control = new RunControl();
    control.pause();
    let passed = false;
    void control.whileRunning(never).then(() => (passed = true));
    await turn();
    assert.equal(passed, false);
    control.resume();
    await turn();
    assert.equal(passed, true);
  });

  it('lets a held agent go when the run is stopped', async () => {
    const control = new RunControl();
    control.pause();
    const held = control.whileRunning(control.signal);
    control.stop({ kind: 'cancelled', by: 'person' });
    await assert.rejects(held, { name: 'AbortError' });
  });

  it('keeps the first reason for a stop', () => {
    const control = new RunControl();
    control.stop({ kind: 'left' });
    control.stop({ kind: 'cancelled', by: 'person' });
    assert.deepEqual(control.stopReason, { kind: 'left' });
  });
});
