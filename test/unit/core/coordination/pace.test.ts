import assert from 'node:assert/strict';
import {
  nextPace,
  openPace,
  startsIn,
  type Pace,
  type PaceEvent,
} from '../../../../src/core/coordination/pace';

/** Plays events at second 0, written as `+` started, `.` answered, `-` ended, `!` refused, `?` refused from before the cut. */
function played(events: string, from: Pace = openPace): Pace {
  return Array.from(events).reduce((pace, mark) => nextPace(pace, eventOf(mark, pace), 0), from);
}

function eventOf(mark: string, pace: Pace): PaceEvent {
  if (mark === '+') return { type: 'started' };
  if (mark === '.') return { type: 'answered' };
  if (mark === '-') return { type: 'ended' };
  return {
    type: 'refused',
    era: mark === '!' ? pace.era : pace.era - 1,
    retryAfterMs: undefined,
    random: 0.5,
  };
}

describe('the pace of a model service', () => {
  it('knows no limit until a call is refused', () => {
    assert.equal(startsIn(played('+'.repeat(500)), 0), 0);
  });

  const cuts: [string, string, number | undefined][] = [
    ['half of what was under way', '++++++++!', 4],
    ['once for calls that started together', '++++++++!???', 4],
    ['again for a call that started after the cut', '++++++++!!', 3],
    ['never below one', '+!', 1],
  ];
  for (const [what, events, limit] of cuts)
    it(`is cut to ${what}`, () => assert.equal(played(events).limit, limit));

  it('grows by one for as many answers as the limit, as long as all of it is used', () => {
    const cut = played('++++++++++++++++!???????');
    assert.deepEqual([cut.limit, cut.underWay], [8, 8]);
    assert.equal(played('.+.+.+.+.+.+.+', cut).limit, 8);
    assert.equal(played('.+.+.+.+.+.+.+.', cut).limit, 9);
    assert.equal(played('----.+.+.+.+.+.+.+.+.+', cut).limit, 8, 'four places stand empty');
  });

  it('comes back carefully to where it was too many', () => {
    const cut = played('++!');
    assert.deepEqual([cut.limit, cut.underWay, cut.ceiling], [1, 1, 2]);
    assert.equal(played('.+'.repeat(9), cut).limit, 1);
    assert.equal(played('.+'.repeat(10), cut).limit, 2);
  });

  it('waits as long as the service asks, and twice as long each time where it asks for nothing', () => {
    assert.equal(startsIn(played('+!'), 0), 750);
    assert.equal(startsIn(played('+!+!'), 0), 1500);
    assert.equal(startsIn(played('+!+!+.+!'), 0), 1500, 'an answer ends the row');
    const asked = nextPace(played('+'), { type: 'refused', era: 0, retryAfterMs: 12_000, random: 0 }, 5000);
    assert.equal(startsIn(asked, 5000), 12_000);
    assert.equal(startsIn(asked, 17_000), 0);
  });
});
