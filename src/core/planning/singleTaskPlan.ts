import type { PlanFile } from '../model/plan';

/**
 * The plan for when a model is there but gave no plan that can be run: the whole request, word for word, to one agent.
 * `because` are the problems of what it gave.
 */
export function singleTaskPlan(request: string, because: readonly string[], agent = 'implementer'): PlanFile {
  const why = because.length > 0 ? ` (${because.slice(0, 3).join(' ')})` : '';
  return {
    rationale: `The model gave no plan that can be run${why}, so the whole request goes to one agent as a single task.`,
    risks: [
      {
        risk: 'One task does everything, so nothing runs in parallel and a failure costs the whole of it.',
        mitigation: 'Split the request yourself in a plan file, or plan again with another model.',
      },
    ],
    contingencies: ['If the task fails, ask again for a smaller part of the request.'],
    tasks: [{ id: 'request', title: titleOf(request), agent, prompt: request }],
  };
}

function titleOf(request: string): string {
  const line = request.trim().split('\n')[0]?.trim() ?? '';
  if (line === '') return 'Do what was asked';
  return line.length <= 80 ? line : `${line.slice(0, 79).trimEnd()}…`;
}
