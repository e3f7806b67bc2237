import * as z from 'zod';
import { defineTool, word } from './tool';

const lines = z.array(z.string().trim().min(1)).default([]);
const claims = z.union([z.string(), z.array(z.string())]);

export const finish = defineTool({
  name: 'finish',
  description:
    'Ends your work. summary: what you changed, what others need to know, what is missing. verified: what you checked and how (only what you really ran). files: the files you changed. handoff: for those who build on it: interfaces (names, signatures, formats they may rely on), decisions, open (what is missing).',
  schema: z.object({
    summary: z.string().trim().min(1),
    verified: claims.optional(),
    files: z.array(z.string()).optional(),
    handoff: z.object({ interfaces: lines, decisions: lines, open: lines }).optional(),
  }),
  summary: ({ summary }) => `finish: ${word(summary)}`,
  run: ({ summary, verified = [], handoff }) => {
    const said = [verified].flat().filter((claim) => claim.trim() !== '');
    return Promise.resolve({
      ok: true,
      output: 'Finished.',
      finish: { summary, ...(said.length > 0 ? { claims: said } : {}), ...(handoff ? { handoff } : {}) },
    });
  },
});
