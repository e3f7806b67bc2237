import assert from 'node:assert/strict';
import {
  agoText,
  costText,
  countText,
  durationText,
  elapsedText,
  runStateLabel,
  tokenText,
} from '../../../src/protocol/labels';

describe('the words and figures a person reads', () => {
  it('durations get coarser as they get longer', () => {
    const cases: [number, string][] = [
      [0, '0 ms'],
      [340, '340 ms'],
      [4200, '4.2 s'],
      [9960, '10 s'],
      [59_600, '1 m 00 s'],
      [185_000, '3 m 05 s'],
      [7_620_000, '2 h 07 m'],
    ];
    assert.deepEqual(
      cases.map(([ms]) => durationText(ms)),
      cases.map(([, text]) => text),
    );
  });

  it('costs are never rounded to nothing, and unknown ones say so', () => {
    assert.deepEqual([0, 0.004, 0.416, 12, null].map(costText), [
      '$0.00',
      '< $0.01',
      '$0.42',
      '$12.00',
      'unknown',
    ]);
  });

  it('tokens are counted in thousands and millions', () => {
    assert.deepEqual([950, 12_400, 1_200_000].map(tokenText), ['950', '12.4k', '1.2M']);
  });

  it('one is singular', () => {
    assert.deepEqual(
      [countText(1, 'file'), countText(0, 'file'), countText(2, 'entry', 'entries')],
      ['1 file', '0 files', '2 entries'],
    );
  });

  it('a moment ago is now, and a clock that runs behind changes nothing', () => {
    const at = '2026-01-05T09:00:00.000Z';
    const ages = [-60_000, 20_000, 300_000, 7_200_000, 260_000_000].map((age) =>
      agoText(at, Date.parse(at) + age),
    );
    assert.deepEqual(ages, ['just now', 'just now', '5 min ago', '2 h ago', '3 d ago']);
  });

  it('a running clock counts whole seconds', () => {
    assert.deepEqual([192, 4900, 59_900, 60_200].map(elapsedText), ['0 s', '4 s', '59 s', '1 m 00 s']);
  });

  it('a run nobody works at is interrupted, not running', () => {
    const running = { state: 'running', undone: false, approvals: 0, files: 0 } as const;
    assert.equal(runStateLabel({ ...running, attendance: 'here' }), 'Running');
    assert.equal(runStateLabel({ ...running, attendance: 'nobody' }), 'Interrupted');
    assert.equal(runStateLabel({ ...running, attendance: 'here', approvals: 1 }), 'Asks you');
  });

  it('a run that had nothing to change says so instead of claiming a delivery', () => {
    const delivered = { state: 'delivered', undone: false, approvals: 0, attendance: 'here' } as const;
    assert.equal(runStateLabel({ ...delivered, files: 2 }), 'Delivered');
    assert.equal(runStateLabel({ ...delivered, files: 0 }), 'Done, nothing to change');
    assert.equal(runStateLabel({ ...delivered, files: 2, undone: true }), 'Undone');
  });
});
