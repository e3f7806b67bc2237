import type * as z from 'zod';
import type { AttemptContext, Policy, PolicyRequest, ToolOutcome } from '../../core/ports';
import type { ReadRecord } from './readRecord';
import type { Sandbox } from '../process/sandbox';
import type { Shells } from './shells';

/** What a tool has to act with: the attempt it serves and what its session holds. */
export interface ToolScene {
  readonly attempt: AttemptContext;
  readonly policy: Policy;
  /** The worktree's real path. */
  readonly root: string;
  readonly record: ReadRecord;
  readonly shells: Shells;
  /** What commands run in; undefined: nothing confines them. */
  readonly sandbox?: Sandbox | undefined;
  /** Absolute; undefined where none was found. */
  readonly ripgrepPath: string | undefined;
}

/** A tool: what the model is told about it, and what it does with arguments that fit its schema. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodType;
  /** Of arguments that may be anything. */
  summary(input: Readonly<Record<string, unknown>>): string;
  run(input: unknown, scene: ToolScene, signal: AbortSignal): Promise<ToolOutcome>;
}

/** Ties the type of a tool's arguments to its schema. */
export function defineTool<S extends z.ZodType>(tool: {
  readonly name: string;
  readonly description: string;
  readonly schema: S;
  readonly summary: (input: Readonly<Record<string, unknown>>) => string;
  readonly run: (input: z.infer<S>, scene: ToolScene, signal: AbortSignal) => Promise<ToolOutcome>;
}): Tool {
  return { ...tool, run: (input, scene, signal) => tool.run(input as z.infer<S>, scene, signal) };
}

export function done(output: string): ToolOutcome {
  return { ok: true, output };
}

export function refused(output: string): ToolOutcome {
  return { ok: false, output };
}

/** Undefined when the policy, or the person it refers to, lets it happen; else what to tell the model. */
export async function authorise(
  scene: Pick<ToolScene, 'attempt' | 'policy'>,
  request: PolicyRequest,
  question: { readonly title: string; readonly detail: string },
): Promise<ToolOutcome | undefined> {
  const decision = await scene.policy.decide(request);
  if (decision.decision === 'allow') return undefined;
  if (decision.decision === 'deny')
    return refused(`Denied by the rule "${decision.rule}": ${decision.reason} Find another way.`);
  const answer = await scene.attempt.ask({ kind: 'tool', taskId: scene.attempt.task.id, ...question });
  if (answer.decision === 'allow') return undefined;
  const who = answer.by === 'nobody' ? 'nobody is there to allow it' : `${answer.by} said no`;
  const why = answer.text ? `: ${answer.text}` : '';
  return refused(
    `Not allowed: it needs a person's permission (${decision.reason}), and ${who}${why}. Do without it, or finish and say what is missing.`,
  );
}

/** A word of arguments that may be anything, short enough for a line of the activity log. */
export function word(value: unknown, maxChars = 80): string {
  const text = (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)).trim();
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > maxChars || line.length < text.length ? `${line.slice(0, maxChars)}…` : line;
}
