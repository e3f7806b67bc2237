import * as z from 'zod';
import { at, between, type Problem } from '../findings';
import type { TreePath } from '../treePaths';
import { jsonOf } from './eslintJson';

const position = z.object({ line: z.number(), column: z.number() }).nullish();
const message = z.union([z.string(), z.array(z.object({ content: z.string() }))]);
const reportSchema = z.object({
  summary: z.object({ diagnosticsNotPrinted: z.number().optional() }),
  diagnostics: z.array(
    z.object({
      severity: z.string(),
      message: message.optional(),
      description: z.string().optional(),
      category: z.string().nullish(),
      location: z
        .object({
          path: z.union([z.string(), z.object({ file: z.string() })]).nullish(),
          start: position,
          end: position,
        })
        .nullish(),
    }),
  ),
});

export interface BiomeReport {
  readonly problems: Problem[];
  readonly notPrinted: number;
}

/** Reads `biome --reporter=json` of Biome 1 (paths as objects, no lines) and 2; undefined when it is not that. */
export function parseBiomeJson(text: string, toTreePath: TreePath): BiomeReport | undefined {
  const start = text.indexOf('{');
  const report = reportSchema.safeParse(jsonOf(start < 0 ? '' : text.slice(start)));
  if (!report.success) return undefined;
  const problems = report.data.diagnostics.map((found): Problem => {
    const path = found.location?.path;
    const file = path ? toTreePath(typeof path === 'string' ? path : path.file) : undefined;
    const begin = found.location?.start;
    const end = found.location?.end;
    return {
      ...(file && { file }),
      range: begin ? between(begin.line, begin.column, end?.line, end?.column) : at(1),
      severity: severity(found.severity),
      rule: found.category ?? 'biome',
      message: words(found.message) || (found.description ?? 'Biome found a problem here.'),
    };
  });
  return { problems, notPrinted: report.data.summary.diagnosticsNotPrinted ?? 0 };
}

function severity(name: string): Problem['severity'] {
  if (name === 'error' || name === 'fatal') return 'error';
  return name === 'warning' ? 'warning' : 'info';
}

function words(text: z.infer<typeof message> | undefined): string {
  if (text === undefined) return '';
  return typeof text === 'string' ? text : text.map((part) => part.content).join('');
}
