import * as z from 'zod';
import { defineTool, word } from './tool';

const claims = z.union([z.string(), z.array(z.string())]);

export const finish = defineTool({
  name: 'finish',
  description:
    'Ends your work. summary: what you changed, what others need to know, what is missing. verified: what you checked and how (only what you really ran). files: the files you changed.',
  schema: z.object({
    summary: z.string().trim().min(1),
    verified: claims.optional(),
    files: z.array(z.string()).optional(),
  }),
  summary: ({ summary }) => `finish: ${word(summary)}`,
  run: ({ summary, verified = [] }) => {
    const said = [verified].flat().filter((claim) => claim.trim() !== '');
    return Promise.resolve({
      ok: true,
      output: 'Finished.',
      finish: { summary, ...(said.length > 0 ? { claims: said } : {}) },
    });
  },
});
