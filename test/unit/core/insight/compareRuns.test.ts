import assert from 'node:assert/strict';
import { compareRuns } from '../../../../src/core/insight/compareRuns';
import type { NewEvent } from '../../../../src/core/model/event';
import { record } from '../../../support/recordedRun';

const returned = (output: string, ok = true): NewEvent => ({
  type: 'tool.returned',
  ...{ taskId: 'docs', attempt: 1, callId: `c${output.length}`, tool: 'bash', ok, output, durationMs: 7 },
});
const committed = (tree: string): NewEvent => ({
  type: 'task.committed',
  ...{ taskId: 'docs', commit: `commit of ${tree}`, tree, files: 1 },
});
const done: NewEvent = { type: 'task.done', taskId: 'docs', summary: '' };

function compared(before: NewEvent[], now: NewEvent[]) {
  const of = (events: NewEvent[], runId: string) =>
    record(
      events.map((event, at) => [at, event]),
      runId,
    );
  return compareRuns(of(before, 'run-a'), of(now, 'run-b'), ['run-a', 'run-b']);
}

describe('Two runs of one plan', () => {
  it('are the same where only times, call ids and the places of worktrees differ', () => {
    const { sameResult, differences } = compared(
      [returned('in /state/run-a/docs'), committed('t'), done],
      [returned('in /state/run-b/docs'), committed('t'), done],
    );
    assert.deepEqual({ sameResult, differences }, { sameResult: true, differences: [] });
  });

  it('may hear something else from a tool and still come to the same result', () => {
    const { sameResult, differences } = compared(
      [returned(`${'x'.repeat(100)} took 12 ms`), committed('t'), done],
      [returned(`${'x'.repeat(100)} took 14 ms`), committed('t'), done],
    );
    assert.equal(sameResult, true);
    assert.deepEqual(differences, [
      {
        where: 'docs, attempt 1, bash',
        what: 'tool',
        before: `…${'x'.repeat(33)} took 12 ms`,
        now: `…${'x'.repeat(33)} took 14 ms`,
      },
    ]);
  });

  it('have another result where a tree differs, a task ends otherwise, or something is missing or new', () => {
    const changed = compared([committed('t'), done], [committed('u'), done]);
    assert.deepEqual([changed.sameResult, changed.differences[0]?.what], [false, 'tree']);
    assert.equal(compared([committed('t'), done], [committed('t')]).sameResult, false);
    assert.equal(compared([done], [committed('t'), done]).sameResult, false);
  });
});
