import assert from 'node:assert/strict';
import type { RunOwner } from '../../../src/core/ports';
import { lookAfterMs, Runs } from '../../../src/editor/runs';
import { FakeEngine } from '../../support/fakeEngine';
import { eventually } from '../../support/eventually';
import { planned, underWay } from '../../support/storyOfARun';

/** A window that opens on a run which is under way, worked at by `owner`. */
async function windowOver(owner: RunOwner) {
  const engine = new FakeEngine('/repo/shop');
  await engine.start({ request: 'Limit rates' });
  engine.play('run-1', [...planned, ...underWay]);
  engine.owners.set('run-1', owner);
  const runs = new Runs((error) => assert.fail(String(error)));
  await runs.attach(engine, (file) => file);
  return { engine, runs, attendance: () => runs.attendanceOf('run-1') };
}

describe('who works at a run', () => {
  it('is another process where its lease says so, however quiet the run is', async () => {
    const { runs, attendance } = await windowOver('other');
    assert.equal(attendance(), 'elsewhere');
    runs.dispose();
  });

  it('is nobody where no living process has its lease', async () => {
    const { runs, attendance } = await windowOver('nobody');
    assert.equal(attendance(), 'nobody');
    runs.dispose();
  });

  it('is nobody soon after the other process died without a word', async function () {
    this.timeout(lookAfterMs * 3);
    const { engine, runs, attendance } = await windowOver('other');
    const seen: string[] = [];
    runs.onDidChange((change) => seen.push(change.attendance));
    engine.owners.set('run-1', 'nobody');
    await eventually(() => attendance() === 'nobody' || undefined);
    assert.deepEqual(seen, ['nobody']);
    runs.dispose();
  });

  it('is another process as soon as one takes up a run that nobody worked at', async () => {
    const { engine, runs, attendance } = await windowOver('nobody');
    engine.owners.set('run-1', 'other');
    engine.play('run-1', [{ type: 'run.recovered', owner: 'another window' }]);
    assert.equal(attendance(), 'elsewhere');
    runs.dispose();
  });

  it('is nobody, and the person is told why, when the journal fails under a run of this window', async () => {
    const engine = new FakeEngine('/repo/shop');
    await engine.start({ request: 'Limit rates' });
    engine.play('run-1', [...planned, ...underWay]);
    engine.settled = () => Promise.reject(new Error('The disk is full.'));
    const told: unknown[] = [];
    const runs = new Runs((error) => told.push(error));
    await runs.attach(engine, (file) => file);
    runs.attend(engine, 'run-1');
    await eventually(() => runs.attendanceOf('run-1') === 'nobody' || undefined);
    assert.match(String(told[0]), /disk is full/);
    runs.dispose();
  });
});
