import assert from 'node:assert/strict';
import { judge, type Finding, type GateResult } from '../../../../src/core/model/gate';

function finding(fingerprint: string, severity: Finding['severity'] = 'error'): Finding {
  return { gate: 'types', severity, message: fingerprint, fingerprint };
}

function result(
  verdict: GateResult['verdict'],
  findings: Finding[] = [],
  more: Partial<GateResult> = {},
): GateResult {
  const exitCode = verdict === 'passed' ? 0 : 1;
  const facts = {
    gate: 'types',
    command: 'tsc',
    reason: `${verdict} as such`,
    durationMs: 1,
    exitCode,
    truncated: 0,
  };
  return { ...facts, verdict, findings, comparable: true, outputTail: '', ...more };
}

describe('judge', () => {
  const cases: [string, GateResult, GateResult | undefined, GateResult['verdict'], number, number][] = [
    ['green stays green', result('passed'), result('passed'), 'passed', 0, 0],
    ['a new error fails', result('failed', [finding('new')]), result('passed'), 'failed', 1, 0],
    [
      'an old error does not block',
      result('failed', [finding('old')]),
      result('failed', [finding('old')]),
      'passed',
      0,
      1,
    ],
    [
      'a new error beside an old one fails',
      result('failed', [finding('old'), finding('new')]),
      result('failed', [finding('old')]),
      'failed',
      1,
      1,
    ],
    ['without a baseline every error is new', result('failed', [finding('a')]), undefined, 'failed', 1, 0],
    ['a tool that broke is never passed', result('inconclusive'), result('passed'), 'inconclusive', 0, 0],
    [
      'no baseline to compare with is inconclusive',
      result('failed', [finding('a')]),
      result('inconclusive'),
      'inconclusive',
      1,
      0,
    ],
    [
      'red before and after without comparable findings is inconclusive',
      result('failed', [], { comparable: false }),
      result('failed', [], { comparable: false }),
      'inconclusive',
      0,
      0,
    ],
    [
      'red only now without comparable findings fails',
      result('failed', [], { comparable: false }),
      result('passed'),
      'failed',
      0,
      0,
    ],
    [
      'cut lists of findings cannot prove that nothing is new',
      result('failed', [finding('old')], { truncated: 3 }),
      result('failed', [finding('old')], { truncated: 3 }),
      'inconclusive',
      0,
      1,
    ],
    [
      'a red exit with only known warnings fails when the base was green',
      result('failed', [finding('w', 'warning')]),
      result('passed', [finding('w', 'warning')]),
      'failed',
      0,
      1,
    ],
    ['skipped stays skipped', result('skipped'), result('failed', [finding('old')]), 'skipped', 0, 0],
  ];
  it('says so where fewer tests pass than before', () => {
    const ran = (passed: number) => result('passed', [], { tests: { passed, failed: 0, skipped: 0 } });
    assert.equal(judge(ran(9), ran(12)).reason, 'passed as such (3 fewer tests pass than before the run)');
    assert.equal(judge(ran(12), ran(9)).reason, 'passed as such');
    assert.equal(judge(result('passed'), ran(9)).reason, 'passed as such');
  });

  for (const [fact, now, base, verdict, fresh, known] of cases) {
    it(fact, () => {
      const judged = judge(now, base);
      assert.deepEqual(
        [judged.verdict, judged.newFindings.length, judged.baselineFindings],
        [verdict, fresh, known],
      );
    });
  }
});
