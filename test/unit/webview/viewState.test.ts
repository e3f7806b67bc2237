import assert from 'node:assert/strict';
import type { NewEvent } from '../../../src/core/model/event';
import { runDifference } from '../../../src/protocol/runDifference';
import { runDetail } from '../../../src/protocol/runProjection';
import {
  initialState,
  nextState,
  restoreState,
  savedState,
  type ViewState,
} from '../../../webview/state/viewState';
import { FakeEngine } from '../../support/fakeEngine';
import { planned, ready, storyRequest, underWay, validated } from '../../support/storyOfARun';

function detailAfter(...chapters: NewEvent[][]) {
  const engine = new FakeEngine('/repo/shop');
  return runDetail(
    engine.play('run-1', [engine.created({ request: storyRequest }), ...chapters.flat()]),
    'here',
  );
}

const showing = (run: ReturnType<typeof detailAfter>): ViewState =>
  nextState(initialState, { type: 'received', message: { type: 'update', run } });

describe('the state of a view', () => {
  it('after a difference is the same as after the whole picture', () => {
    const [before, after] = [detailAfter(planned), detailAfter(planned, underWay, validated, ready)];
    const changed = runDifference(before, after);
    assert.ok(changed);
    const state = nextState(showing(before), { type: 'received', message: { type: 'update', changed } });
    assert.deepEqual(state.run, after);
  });

  it('ignores a difference of a run it does not show', () => {
    const state = showing(detailAfter(planned));
    const message = {
      type: 'update' as const,
      changed: { runId: 'another', sections: { approvals: [] }, activity: [] },
    };
    assert.equal(nextState(state, { type: 'received', message }).run, state.run);
  });

  it('keeps the typed task until it became a run', () => {
    let state = nextState(initialState, { type: 'drafted', draft: { task: 'Tidy up', model: 'offline' } });
    state = nextState(state, { type: 'starting' });
    state = nextState(state, {
      type: 'received',
      message: { type: 'notice', level: 'error', text: 'No.', remedy: null },
    });
    assert.deepEqual([state.draft.task, state.isStarting, state.notice?.text], ['Tidy up', false, 'No.']);
    state = nextState(state, { type: 'received', message: { type: 'started', runId: 'run-1' } });
    assert.deepEqual([state.draft.task, state.draft.model], ['', 'offline']);
  });

  it('holds an answer back from being given twice until the question is gone', () => {
    let state = nextState(showing(detailAfter(planned)), { type: 'answering', id: 'plan-1' });
    assert.deepEqual(state.answering, ['plan-1']);
    state = nextState(state, {
      type: 'received',
      message: { type: 'update', run: detailAfter(planned, underWay) },
    });
    assert.deepEqual(state.answering, []);
  });

  it('can be given again when the answer was refused', () => {
    let state = nextState(showing(detailAfter(planned)), { type: 'answering', id: 'plan-1' });
    state = nextState(state, {
      type: 'received',
      message: { type: 'notice', level: 'error', text: 'Refused.', remedy: null },
    });
    assert.deepEqual(state.answering, []);
  });

  it('comes back as it was when the view is shown again, with a run that has ended', () => {
    const ended = detailAfter(planned, [{ type: 'run.cancelled', by: 'person' }]);
    const state = nextState(showing(ended), { type: 'drafted', draft: { task: 'Next' } });
    assert.deepEqual(restoreState(JSON.parse(JSON.stringify(savedState(state)))), state);
  });

  it('comes back without a run that may have moved on meanwhile, which nobody shall answer', () => {
    const state = nextState(showing(detailAfter(planned)), { type: 'drafted', draft: { task: 'Next' } });
    const restored = restoreState(JSON.parse(JSON.stringify(savedState(state))));
    assert.deepEqual([restored.run, restored.runs, restored.draft.task], [null, [], 'Next']);
  });

  it('starts afresh from anything that is not a state', () => {
    for (const saved of [undefined, null, 'x', { run: 1 }]) assert.equal(restoreState(saved), initialState);
  });
});
