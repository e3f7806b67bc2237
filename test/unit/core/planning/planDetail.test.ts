import assert from 'node:assert/strict';
import type { Plan, Task } from '../../../../src/core/model/plan';
import { planDetail } from '../../../../src/core/planning/planDetail';
import { task } from './sampleTasks';

const full = task('a', {
  title: 'Port the parser',
  work: { kind: 'command', run: 'npm run port', accepts: [3] },
  agent: 'command-runner',
  needs: ['b'],
  scope: ['src/**'],
  freezes: ['src/api.ts'],
  acceptance: ['the tests pass'],
  gates: ['tests'],
  priority: 'high',
  limits: { minutes: 5 },
});

function detail(one: Task): string {
  const plan: Plan = {
    tasks: [one],
    rationale: 'Why.',
    risks: [],
    contingencies: [],
    gates: [],
    origin: 'file',
  };
  const analysis = {
    complexity: 'simple' as const,
    priority: 'normal' as const,
    domains: [],
    estimateMinutes: { low: 1, high: 2 },
    basis: '1 task',
    risks: [],
    research: [],
    by: 'rules',
  };
  const findings = [{ question: 'Which parser?', answer: 'That one.', source: 'docs/parser.md' }];
  return planDetail({ plan, gateSpecs: [], analysis, research: { findings, problems: [] } });
}

describe('A plan as it is approved', () => {
  it('holds the forecast, every command word for word, and what was looked up', () => {
    assert.equal(
      detail(full),
      `Why.

A simple request, about 1 to 2 minutes (1 task).

Tasks:
- a: Port the parser (command-runner after b)
    $ npm run port
    exit code 3 is no failure
    may change: src/**
    settles for the others: src/api.ts
    accepted when: the tests pass
    checked by: tests
    priority: high
    limits: minutes 5

Gates:
- none applies

Looked up before planning:
- docs/parser.md`,
    );
  });

  const edits: [string, Partial<Task>][] = [
    ['agent', { agent: 'tester' }],
    ['command', { work: { kind: 'command', run: 'npm run port -- --force', accepts: [3] } }],
    ['order', { needs: [] }],
    ['scope', { scope: [] }],
    ['settled paths', { freezes: [] }],
    ['criteria', { acceptance: [] }],
    ['gates', { gates: [] }],
    ['priority', { priority: 'critical' }],
    ['limits', { limits: {} }],
  ];
  for (const [what, fields] of edits)
    it(`reads otherwise after an edit of the ${what} of a task, and so does its digest`, () => {
      assert.notEqual(detail({ ...full, ...fields }), detail(full));
    });
});
