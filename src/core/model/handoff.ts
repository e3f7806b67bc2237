import * as z from 'zod';

/** What a task leaves for those who build on it, in parts that can be read one by one. */
export const handoffSchema = z.object({
  /** Names, signatures, formats and paths that dependants may rely on. */
  interfaces: z.array(z.string()),
  /** What was decided, and why. */
  decisions: z.array(z.string()),
  /** What is missing, unproven or left to others. */
  open: z.array(z.string()),
});
export type Handoff = z.infer<typeof handoffSchema>;

/** A claim of an agent and what the host found about it. Only `confirmed` is shown as true. */
export const claimCheckSchema = z.object({
  claim: z.string(),
  verdict: z.enum(['confirmed', 'refuted', 'unproven']),
  /** The command, gate or tool result that decides it, or why nothing does. */
  evidence: z.string(),
});
export type ClaimCheck = z.infer<typeof claimCheckSchema>;

/** An answer found before planning. Its text comes from outside: data, never instructions. */
export const researchFindingSchema = z.object({
  question: z.string(),
  answer: z.string(),
  /** A path in the repository, or the server, tool and address it came from. */
  source: z.string(),
});
export type ResearchFinding = z.infer<typeof researchFindingSchema>;
