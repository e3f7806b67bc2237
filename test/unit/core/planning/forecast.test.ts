import assert from 'node:assert/strict';
import type { Analysis } from '../../../../src/core/model/plan';
import type { RunView, TaskView } from '../../../../src/core/model/run';
import { corrected, estimateCorrection } from '../../../../src/core/planning/estimateCorrection';
import { forecastOf } from '../../../../src/core/planning/forecast';
import { pastLessons } from '../../../../src/core/planning/pastLessons';
import { planEstimate } from '../../../../src/core/planning/planEstimate';
import { task } from './sampleTasks';

const analysis: Analysis = {
  complexity: 'moderate',
  priority: 'normal',
  domains: [],
  estimateMinutes: { low: 1, high: 2 },
  risks: [],
  research: [],
  by: 'rules',
};

const minutes = (low: number, high = low) => ({ estimateMinutes: { low, high } });

/** A task that was estimated and took something. */
function finished(estimated: number, took: number, state: TaskView['state']['name'] = 'done'): TaskView {
  const start = Date.UTC(2026, 0, 1);
  const at = (minute: number) => new Date(start + minute * 60_000).toISOString();
  const attempt = {
    attempt: 1,
    agent: 'implementer',
    backend: 'model' as const,
    startedAt: at(0),
    finishedAt: at(took),
    documents: [],
    claims: [],
    steps: 0,
  };
  const failure = {
    kind: 'agent-stuck' as const,
    agent: 'implementer',
    message: 'It repeats itself.\nAgain.',
  };
  return {
    task: task(`t${estimated}-${took}`, { title: 'Port it', ...minutes(estimated) }),
    state:
      state === 'failed'
        ? { name: 'failed', at: at(took), failure }
        : { name: 'done', at: at(took), summary: '' },
    attempts: [attempt],
  };
}

const past = (...tasks: TaskView[]): Pick<RunView, 'tasks' | 'gates'>[] => [{ tasks, gates: [] }];

describe('The forecast of a plan', () => {
  it('is the longest chain, or the whole work where places are few', () => {
    const chain = [task('a', minutes(10, 20)), task('b', { needs: ['a'], ...minutes(5, 10) })];
    assert.deepEqual(planEstimate(chain, 4), { low: 15, high: 30 });
    const wide = ['a', 'b', 'c', 'd'].map((id) => task(id, minutes(10)));
    assert.deepEqual(planEstimate(wide, 4), { low: 10, high: 18 });
    assert.deepEqual(planEstimate(wide, 1), { low: 40, high: 40 });
  });

  it('is corrected by what past tasks took, a little by few and more by many', () => {
    const factor = (count: number, took: number) =>
      estimateCorrection(past(...Array.from({ length: count }, () => finished(10, took)))).factor;
    assert.equal(factor(0, 0), 1);
    assert.equal(factor(5, 10), 1);
    assert.deepEqual([factor(1, 20), factor(5, 20), factor(50, 20)], [1.12, 1.41, 1.88]);
    assert.ok(factor(5, 5) < 1);
  });

  it('is not led astray: one task counts at most eightfold, all together at most fourfold', () => {
    assert.equal(estimateCorrection(past(finished(1, 10_000))).factor, 1.41);
    assert.equal(
      estimateCorrection(past(...Array.from({ length: 500 }, () => finished(1, 10_000)))).factor,
      4,
    );
    assert.equal(
      estimateCorrection(past(...Array.from({ length: 500 }, () => finished(1000, 1)))).factor,
      0.25,
    );
  });

  it('learns nothing from tasks that failed, or that took no time', () => {
    assert.deepEqual(estimateCorrection(past(finished(10, 50, 'failed'), finished(10, 0))), {
      factor: 1,
      samples: 0,
    });
  });

  it('says what it rests on', () => {
    const tasks = [task('a', minutes(10, 20))];
    const runs = past(...Array.from({ length: 5 }, () => finished(10, 20)));
    const { analysis: told } = forecastOf({ tasks }, analysis, { maxParallel: 2 }, runs);
    assert.deepEqual(told.estimateMinutes, corrected({ low: 10, high: 20 }, { factor: 1.41, samples: 5 }));
    assert.equal(
      told.basis,
      '1 task, 2 at a time; 5 finished tasks here took about 1.41 times what was estimated',
    );
  });

  it('warns of a limit of time that the plan cannot keep', () => {
    const tasks = [task('a', minutes(30, 60))];
    const { warnings } = forecastOf({ tasks }, analysis, { maxParallel: 2, maxMinutes: 10 }, []);
    assert.deepEqual(warnings, [
      'The plan takes about 30–60 min, and the run ends after 10 min: raise the limit or make the plan smaller.',
    ]);
  });
});

describe('Lessons of past runs', () => {
  it('are how tasks failed, once each and in one line', () => {
    assert.deepEqual(pastLessons(past(finished(1, 2, 'failed'), finished(1, 2, 'failed'), finished(1, 2))), [
      'A task "Port it" (implementer) failed: It repeats itself.',
    ]);
  });
});
