import { revisionContext } from '../../core/coordination/changePlan';
import type { Engine } from '../../core/coordination/engine';
import type { RunView } from '../../core/model/run';
import type { CheckedPlanText } from '../../core/planning/checkPlanText';

/** Checks what a person wrote as the plan of a run, against the agents and gates there are. */
export async function checkedPlan(text: string, view: RunView, engine: Engine): Promise<CheckedPlanText> {
  // Loaded with the first plan that is edited, so that activation does not pay for it.
  const { checkPlanText } = await import('../../core/planning/checkPlanText');
  const { agents } = await engine.agents();
  return checkPlanText(text, { ...revisionContext(view, agents), origin: view.plan?.origin ?? 'file' });
}
