import type { Workflow } from '../coordination/engine';
import { compare } from './closestNames';
import { normalised, wordsIn } from './vocabulary';

export interface WorkflowMatch {
  readonly workflow: Workflow;
  readonly reasons: readonly string[];
  /** For the plan: says plainly that no model read the request. */
  readonly rationale: string;
}

/** The built-in workflow that a text without a match gets. */
export const defaultWorkflowName = 'check-and-tidy';

/**
 * Chooses a workflow by the words of a task's text, for when no model is configured. The most keywords named in the
 * text win, a workflow whose name stands in the text counting double; ties go to the project's own, then to the default,
 * then by name. Undefined only when there are no workflows.
 */
export function matchWorkflow(request: string, workflows: readonly Workflow[]): WorkflowMatch | undefined {
  const [best] = workflows
    .map((workflow) => ({ workflow, ...scoreOf(request, workflow) }))
    .sort(
      (a, b) =>
        b.score - a.score || rank(a.workflow) - rank(b.workflow) || compare(a.workflow.name, b.workflow.name),
    );
  if (!best) return undefined;
  if (best.score > 0) return matched(best.workflow, best.words);
  const fallback = workflows.find((workflow) => workflow.name === defaultWorkflowName) ?? best.workflow;
  const reason = 'no workflow has a keyword that is in the text';
  return {
    workflow: fallback,
    reasons: [reason],
    rationale: rationaleOf(fallback, `${reason}, so this is the default`),
  };
}

function matched(workflow: Workflow, words: readonly string[]): WorkflowMatch {
  const reason = `the text contains ${words.map((word) => `"${word}"`).join(', ')}`;
  return { workflow, reasons: [reason], rationale: rationaleOf(workflow, reason) };
}

function rationaleOf(workflow: Workflow, why: string): string {
  return (
    `No model is configured, so nobody read the request: the workflow \`${workflow.name}\` was chosen because ${why}. ` +
    'It runs programs and checks only. What the text asks for beyond that was not acted on.'
  );
}

function scoreOf(request: string, workflow: Workflow): { score: number; words: string[] } {
  const words = wordsIn(request, workflow.keywords);
  const isNamed = normalised(request).includes(normalised(workflow.name));
  const named = isNamed && !words.includes(workflow.name) ? [workflow.name] : [];
  return { score: words.length + (isNamed ? 2 : 0), words: [...named, ...words] };
}

function rank(workflow: Workflow): number {
  if (workflow.source === 'project') return 0;
  return workflow.name === defaultWorkflowName ? 1 : 2;
}
