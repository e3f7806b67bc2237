import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import type { LoadedWorkflows, Workflow } from '../../core/coordination/engine';
import type { FileProblem } from '../../core/model/agent';
import { planFileSchema, type PlanFile } from '../../core/model/plan';
import { compare } from '../../core/planning/closestNames';
import { normalised } from '../../core/planning/vocabulary';
import { readStructuredFile } from './readStructuredFile';

/** A plan file that can also say by which words of a task's text it is found. */
const workflowFileSchema = planFileSchema.extend({ keywords: z.array(z.string().min(1)).optional() });

/** The workflows of a repository: `.enterprise/workflows/*.yaml|yml|json`. Problems stand at their line and column. */
export async function loadWorkflows({ workspace }: { workspace: string }): Promise<LoadedWorkflows> {
  const folder = join(workspace, '.enterprise', 'workflows');
  const workflows = new Map<string, Workflow>();
  const problems: FileProblem[] = [];
  for (const path of await filesIn(folder, problems)) {
    const read = await readStructuredFile(path, workflowFileSchema);
    if (!read.ok) {
      problems.push(...read.failure.map((problem): FileProblem => ({ path, severity: 'error', ...problem })));
      continue;
    }
    const workflow = workflowOf(path, read.value);
    const first = workflows.get(workflow.name);
    if (first) problems.push(duplicate(path, first));
    else workflows.set(workflow.name, workflow);
  }
  return { workflows: [...workflows.values()].sort((a, b) => compare(a.name, b.name)), problems };
}

async function filesIn(folder: string, problems: FileProblem[]): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /\.(?:ya?ml|json)$/i.test(name))
      .sort(compare)
      .map((name) => join(folder, name));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT')
      problems.push({
        path: folder,
        line: 1,
        column: 1,
        severity: 'error',
        message: `The workflows cannot be read: ${message}`,
      });
    return [];
  }
}

function workflowOf(path: string, { keywords, ...file }: z.infer<typeof workflowFileSchema>): Workflow {
  const name = file.name ?? basename(path).replace(/\.\w+$/, '');
  return {
    name,
    description: file.description ?? '',
    source: 'project',
    path,
    keywords: keywords ?? keywordsOf(name, file),
    file,
  };
}

const tooCommon = new Set(
  'about after all and are before does each for from have into its not only that the then this what when which will with'.split(
    ' ',
  ),
);

/** Without keywords of its own a workflow is found by the words of its name and description. */
function keywordsOf(name: string, file: PlanFile): string[] {
  const words = normalised(`${name} ${file.description ?? ''}`)
    .trim()
    .split(' ');
  return [...new Set(words)].filter((word) => word.length > 2 && !tooCommon.has(word));
}

function duplicate(path: string, first: Workflow): FileProblem {
  const message = `The workflow "${first.name}" is already defined in ${basename(first.path ?? '')}; this file is not used.`;
  return { path, line: 1, column: 1, severity: 'warning', message };
}
