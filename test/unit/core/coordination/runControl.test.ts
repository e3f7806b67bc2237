import assert from 'node:assert/strict';
import { RunControl } from '../../../../src/core/coordination/runControl';

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('RunControl', () => {
  it('holds an agent at its checkpoint while the run is paused, and hands over what was written meanwhile', async () => {
    const control = new RunControl();
    control.pause();
    let passed: string[] | undefined;
    void control.checkpoint('docs', never).then((texts) => (passed = texts));
    await turn();
    assert.equal(passed, undefined);
    control.steer('docs', 'Mind the licence.');
    control.resume();
    await turn();
    assert.deepEqual(passed, ['Mind the licence.']);
    assert.deepEqual(await control.checkpoint('docs', never), [], 'a text is handed over once');
  });

  it('lets a held agent go when the run is stopped', async () => {
    const control = new RunControl();
    control.pause();
    const held = control.checkpoint('docs', control.signal);
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
