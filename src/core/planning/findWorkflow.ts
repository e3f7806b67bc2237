import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Workflow } from '../coordination/engine';
import type { Failure } from '../model/failure';
import { closestNames } from './closestNames';

/** The workflow a person named; the failure names the closest ones, or all there are. */
export function findWorkflow(name: string, workflows: readonly Workflow[]): Result<Workflow, Failure> {
  const found = workflows.find((workflow) => workflow.name === name);
  if (found) return ok(found);
  const known = workflows.map((workflow) => workflow.name);
  const close = closestNames(name, known);
  const remedy = close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `There are: ${known.join(', ')}.`;
  return fail({ kind: 'usage', message: `There is no workflow named ${name}.`, remedy });
}
