import type * as z from 'zod';
import { refusalOf } from '../../core/coordination/permission';
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
  /** Where the whole output of this session's commands lies. */
  readonly logFolder: string;
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

/**
 * Undefined when the policy, or the person it refers to, lets it happen; else what to tell the model. What is denied or
 * asked is in the journal, with its rule, before anything comes of it.
 * @param question exactly what will happen, in bytes: the person's answer holds for nothing else
 */
export async function authorise(
  scene: Pick<ToolScene, 'attempt' | 'policy'>,
  request: PolicyRequest,
  question: { readonly title: string; readonly detail: string },
): Promise<ToolOutcome | undefined> {
  const { attempt, policy } = scene;
  const refusal = await refusalOf(
    await policy.decide(request),
    { ...question, subject: subjectOf(request, question.title) },
    {
      policy,
      caller: { taskId: attempt.task.id, attempt: attempt.attempt },
      ask: (asked) => attempt.ask(asked),
      emit: (event) => attempt.emit(event),
    },
  );
  if (!refusal) return undefined;
  const { rule, reason, said, isRule } = refusal;
  return refused(
    isRule
      ? `Denied by the rule "${rule}": ${reason} Find another way.`
      : `Not allowed: it needs a person's permission (${reason}), and ${said}. Do without it, or finish and say what is missing.`,
  );
}

function subjectOf(request: PolicyRequest, title: string): string {
  switch (request.kind) {
    case 'command':
      return request.command;
    case 'read':
    case 'write':
      return `${request.kind} ${request.path}`;
    default:
      return title;
  }
}

/** A word of arguments that may be anything, short enough for a line of the activity log. */
export function word(value: unknown, maxChars = 80): string {
  const text = (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)).trim();
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > maxChars || line.length < text.length ? `${line.slice(0, maxChars)}…` : line;
}
