import * as z from 'zod';
import { complexitySchema, estimateSchema, prioritySchema, riskSchema, slugSchema } from '../model/plan';

/**
 * What a model may answer with. Narrower than a plan file: no `run`, because a command line chosen by a model needs a
 * person's decision of its own, which an agent's shell tool asks for.
 */
export const planAnswerSchema = z.strictObject({
  analysis: z
    .strictObject({
      complexity: complexitySchema,
      priority: prioritySchema,
      domains: z.array(z.string()).describe('One to five words such as testing, api, frontend.'),
      estimateMinutes: estimateSchema.describe(
        'Wall time of the whole plan, an interval you are fairly sure of.',
      ),
      risks: z.array(riskSchema),
      research: z
        .array(z.string())
        .describe('Questions worth answering from documents before the work; often none.'),
    })
    .optional(),
  rationale: z
    .string()
    .min(1)
    .describe('Two to five sentences: how the request was understood and why it is split this way.'),
  contingencies: z.array(z.string()).optional().describe('If this goes wrong, do that.'),
  tasks: z
    .array(
      z.strictObject({
        id: slugSchema.describe('Unique slug: a-z, 0-9 and -, at most 40 characters.'),
        title: z.string().min(1).describe('At most 80 characters, beginning with a verb.'),
        prompt: z
          .string()
          .min(1)
          .optional()
          .describe(
            'What the agent is told. Holds the words of the request that concern it, unchanged. Not for a check.',
          ),
        check: z
          .array(z.string())
          .min(1)
          .optional()
          .describe('Instead of a prompt: gates to run over the tree as it is now.'),
        agent: z
          .string()
          .min(1)
          .optional()
          .describe('Name of an agent of the list; leave out to have one chosen.'),
        needs: z.array(slugSchema).optional().describe('Ids of the tasks whose results it builds on.'),
        scope: z
          .array(z.string())
          .optional()
          .describe('Globs of the paths it may change, relative to the root, for example src/api/**.'),
        freezes: z
          .array(z.string())
          .optional()
          .describe(
            'Interfaces it settles for others: paths no task may change that does not come before it.',
          ),
        acceptance: z
          .array(z.string())
          .optional()
          .describe('Criteria that a gate or a quick look can decide.'),
        gates: z
          .array(z.string())
          .optional()
          .describe('Gates its tree must pass; leave out for all of them.'),
        priority: prioritySchema.optional(),
        estimateMinutes: estimateSchema.optional(),
      }),
    )
    .min(1),
});
export type PlanAnswer = z.infer<typeof planAnswerSchema>;
