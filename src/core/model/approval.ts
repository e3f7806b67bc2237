import * as z from 'zod';

/** A question to a person, bound by `digest` to exactly the bytes in `detail` (law L8). */
export const approvalSchema = z.object({
  id: z.string(),
  kind: z.enum(['plan', 'tool', 'delivery', 'question']),
  taskId: z.string().optional(),
  /** One line. */
  title: z.string(),
  /** Exactly what will happen: the plan as text, the command line, the list of files. */
  detail: z.string(),
  /** What the answers `run` and `always` allow besides this once; absent where only this once can be allowed. */
  rule: z.string().optional(),
  /** SHA-256 of kind, title, detail and rule, in hex. */
  digest: z.string(),
});
export type Approval = z.infer<typeof approvalSchema>;

export const approvalAnswerSchema = z.object({
  id: z.string(),
  digest: z.string(),
  decision: z.enum(['allow', 'deny']),
  /** How long an `allow` holds. Default: this once. */
  scope: z.enum(['once', 'run', 'always']).optional(),
  /** Who decided: `person`, `rule:<rule>`, `option:--yes`, `nobody`, `expired`. */
  by: z.string(),
  /** What the person wrote: the answer to a question, or why not. */
  text: z.string().optional(),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswerSchema>;

/** True when the answer is not a person's: nobody was there, or nobody answered in time. What was asked may be asked again. */
export function isUnanswered({ by }: Pick<ApprovalAnswer, 'by'>): boolean {
  return by === 'nobody' || by === 'expired';
}
