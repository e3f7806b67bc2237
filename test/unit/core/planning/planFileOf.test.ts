import assert from 'node:assert/strict';
import { builtInAgents } from '../../../../src/adapters/agents/definitions/builtInAgents';
import { commandAgents } from '../../../../src/adapters/agents/definitions/commandAgents';
import { planFileSchema, type PlanFile } from '../../../../src/core/model/plan';
import { completePlan } from '../../../../src/core/planning/completePlan';
import { planFileOf } from '../../../../src/core/planning/planFileOf';

const context = {
  agents: [...builtInAgents, ...commandAgents],
  gates: ['types', 'lint', 'tests'],
  origin: 'file',
} as const;

function planOf(file: PlanFile) {
  const completed = completePlan(file, context);
  assert.ok(completed.ok, completed.ok ? '' : completed.failure.message);
  return completed.value.plan;
}

describe('The plan file of a plan', () => {
  it('gives the same tasks again when it is run as it is', () => {
    const plan = planOf({
      rationale: 'Because.',
      risks: [{ risk: 'late', mitigation: 'early' }],
      tasks: [
        { id: 'fix', run: 'eslint . --fix', accepts: [1], gates: ['lint'], priority: 'high' },
        {
          id: 'docs',
          prompt: 'Document src/.\n',
          needs: ['fix'],
          scope: ['docs/**'],
          acceptance: ['it is there'],
        },
        { id: 'check', check: ['types'] },
        { id: 'look', analysis: 'code', limits: { minutes: 5 } },
      ],
    });
    const file = planFileSchema.parse(JSON.parse(JSON.stringify(planFileOf(plan))));
    const withoutReasons = (tasks: typeof plan.tasks) => tasks.map((task) => ({ ...task, agentReasons: [] }));
    const again = planOf(file);
    assert.deepEqual(withoutReasons(again.tasks), withoutReasons(plan.tasks));
    assert.deepEqual([again.rationale, again.risks, again.gates], [plan.rationale, plan.risks, plan.gates]);
  });
});
