import * as z from 'zod';
import type { Finding, GateResult } from '../../core/model/gate';
import { defineTool, done, refused, word } from './tool';

const maxFindings = 100;
const maxTailChars = 2000;

export const diagnostics = defineTool({
  name: 'diagnostics',
  description:
    'Runs the gates of your task (types, lint, tests ...) over the worktree as it is and lists what they find; with paths, only findings in these files or folders.',
  schema: z.object({ paths: z.array(z.string().min(1)).optional() }),
  summary: ({ paths }) =>
    `diagnostics ${
      Array.isArray(paths)
        ? paths
            .slice(0, 3)
            .map((path) => word(path))
            .join(', ')
        : ''
    }`,
  run: async ({ paths = [] }, { attempt }) => {
    const { gates } = attempt.task;
    if (gates.length === 0)
      return refused('No gate checks this task. Run the checks of the repository with bash.');
    const results = await attempt.diagnose(gates);
    const prefixes = paths.map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
    return done(results.map((result) => gateText(result, prefixes)).join('\n\n') || 'No gate could run.');
  },
});

function gateText(result: GateResult, prefixes: readonly string[]): string {
  const wanted = result.findings.filter((finding) => isUnder(finding.file, prefixes));
  const lines = wanted.slice(0, maxFindings).map(findingText);
  const hidden = wanted.length - lines.length + result.truncated;
  const tail =
    result.verdict !== 'passed' && lines.length === 0 && prefixes.length === 0
      ? [result.outputTail.slice(-maxTailChars)]
      : [];
  return [
    `${result.gate}: ${result.verdict} (${result.reason})`,
    ...lines,
    ...tail,
    ...(hidden > 0 ? [`[${hidden} more]`] : []),
  ].join('\n');
}

function isUnder(file: string | undefined, prefixes: readonly string[]): boolean {
  if (prefixes.length === 0 || prefixes.includes('.')) return true;
  return file !== undefined && prefixes.some((prefix) => file === prefix || file.startsWith(`${prefix}/`));
}

function findingText({ file, range, severity, rule, message }: Finding): string {
  const place =
    file === undefined ? '' : `${file}${range ? `:${range.startLine}:${range.startColumn}` : ''} `;
  return `${place}${severity}${rule ? ` ${rule}` : ''}: ${message}`;
}
