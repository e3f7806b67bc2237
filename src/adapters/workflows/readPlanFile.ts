import { existsSync } from 'node:fs';
import { fail, ok, type Result } from '../../base/result';
import { sentence, type Failure } from '../../core/model/failure';
import { planFileSchema, type PlanFile } from '../../core/model/plan';
import { readStructuredFile } from './readStructuredFile';

/** Reads a plan file given by a person (`run --plan FILE`), YAML or JSON. Problems read `line:column message`. */
export async function readPlanFile(path: string): Promise<Result<PlanFile, Failure>> {
  if (!existsSync(path)) {
    return fail({
      kind: 'usage',
      message: `There is no plan ${path}.`,
      remedy: 'Name a YAML or JSON file that exists.',
    });
  }
  const read = await readStructuredFile(path, planFileSchema);
  if (read.ok) return ok(read.value);
  const problems = read.failure.map(({ line, column, message }) => `${line}:${column} ${message}`);
  return fail({
    kind: 'plan-invalid',
    message: `The plan ${path} cannot be used. ${sentence(problems.join('; '))}`,
    problems,
    remedy: 'Correct the file; its format is described under "Workflow and plan files".',
  });
}
