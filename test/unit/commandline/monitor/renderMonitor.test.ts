import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { paintFor } from '../../../../src/commandline/paint';
import { fit, oneLine, truncate, widthOf } from '../../../../src/commandline/monitor/fitText';
import { renderMonitor } from '../../../../src/commandline/monitor/renderMonitor';
import { deliveredRun, record, timeAt, until, viewOf } from '../../../support/recordedRun';

const picture = (seconds: number, size: { width?: number; height?: number } = {}) =>
  renderMonitor(viewOf(until(seconds)), {
    width: 100,
    height: 24,
    ...size,
    nowMs: Date.parse(timeAt(seconds)),
  });

describe('the live monitor', () => {
  it('shows phases, tasks with bars, gates, usage and what happens', () => {
    assert.equal(
      picture(9),
      [
        `running: Lint, document and test this${' '.repeat(55)}18% 0:09`,
        '✔ analysis → ✔ deployment → ▶ execution → · validation → · delivery',
        '',
        'lint   ██████░░░░░░░░░░  39% running      0:05 command    npx eslint . --fix',
        'docs   ░░░░░░░░░░░░░░░░   0% waiting           documenter',
        'tests  ██░░░░░░░░░░░░░░  15% running      0:05 tester     $ rm -rf /',
        'usage 1 model call, 1500 tokens (1200 in, 300 out), $0.0125 of at most $5',
        '',
        '09:00:04 Gate lint on base: failed (1 errors)',
        '09:00:05 lint: Worktree ready; dependencies linked',
        '09:00:05 tests: Worktree ready; dependencies linked',
        '09:00:05 Phase: execution',
        '09:00:06 lint: command starts attempt 1',
        '09:00:06 tests: tester starts attempt 1',
        '09:00:07 lint: npx eslint . --fix',
        '09:00:09 tests: $ rm -rf /',
      ].join('\n'),
    );
  });

  it('of a delivered run stands at its end', () => {
    const lines = picture(28).split('\n');
    assert.match(lines[0] ?? '', /^delivered: Lint, document and test this +100% 0:28$/);
    assert.equal(lines[1], '✔ analysis → ✔ deployment → ✔ execution → ✔ validation → ✔ delivery');
    assert.equal(lines[6], 'gates ✔ types  ✔ lint  ✔ tests');
  });

  it('fits every terminal at every moment', () => {
    for (const seconds of [0, 3, 6, 9, 15, 20, 25, 28]) {
      for (const width of [20, 33, 50, 80, 200]) {
        for (const height of [5, 8, 12, 40]) {
          const lines = picture(seconds, { width, height }).split('\n');
          assert.ok(lines.length < height, `${lines.length} lines of ${height} at ${seconds}`);
          for (const line of lines) assert.ok(widthOf(line) <= width, `${width}: ${line}`);
        }
      }
    }
  });

  it('shows what moves first when there is no room for every task', () => {
    const lines = picture(12, { height: 8 }).split('\n');
    assert.deepEqual(
      lines.filter((line) => /^(lint|docs|tests|…) /.test(line)).map((line) => line.split(' ')[0]),
      ['docs', '…'],
    );
    assert.ok(lines.some((line) => line === '… 2 more: 1 done, 1 running'));
  });

  it('is not wider for its colours', () => {
    const paint = paintFor({ isTTY: true }, {});
    const view = viewOf(record(deliveredRun));
    const painted = renderMonitor(view, { width: 60, height: 20, nowMs: 0, paint });
    assert.notEqual(stripVTControlCharacters(painted), painted);
    assert.equal(stripVTControlCharacters(painted), renderMonitor(view, { width: 60, height: 20, nowMs: 0 }));
  });

  it('has no colours where they are not wanted', () => {
    assert.equal(paintFor({ isTTY: true }, { NO_COLOR: '1' })('red', 'x'), 'x');
    assert.equal(paintFor({ isTTY: false }, {})('red', 'x'), 'x');
  });
});

describe('fitting text', () => {
  it('counts wide characters twice and never cuts one', () => {
    assert.equal(truncate('日本語', 5), '日本…');
    assert.equal(truncate('日本語', 4), '日…');
    assert.equal(fit('日本', 6), '日本  ');
    assert.equal(truncate('👩‍👩‍👧‍👦abc', 4), '👩‍👩‍👧‍👦a…');
  });

  it('takes the power over the terminal from foreign text', () => {
    assert.equal(oneLine('a\u001b[2Jb\r\nc\u0007\u202ed'), 'ab cd');
  });
});
