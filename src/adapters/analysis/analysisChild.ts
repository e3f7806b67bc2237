import { resolve } from 'node:path';
import { analyseCode } from './codeAnalysis';
import { codeReport, codeSummary } from './codeReport';
import { analyseDocumentation } from './documentationAnalysis';
import { documentationReport, documentationSummary } from './documentationReport';
import { progressLines, type Progress } from './progress';
import { fail, ok, type Result } from '../../base/result';

/**
 * The analyses of the embedded default, as a program: `node analysisChild.js code|documentation <folder>`. Prints one
 * JSON object `{summary, documents: [{name, text}]}` on standard output, lines `{"percent", "activity"}` on standard
 * error, and ends with 0; on a failure a line `{"error"}` on standard error and 1, on wrong usage 2. Changes nothing.
 */
interface Report {
  readonly summary: string;
  readonly documents: readonly { readonly name: string; readonly text: string }[];
}

const analyses: Readonly<
  Record<string, (root: string, progress: Progress) => Promise<Result<Report, string>>>
> = {
  code: async (root, progress) => {
    const analysis = await analyseCode(root, progress);
    return analysis.ok
      ? report('code-analysis', codeSummary(analysis.value), codeReport(analysis.value), analysis.value)
      : fail(analysis.failure);
  },
  documentation: async (root, progress) => {
    const analysis = await analyseDocumentation(root, progress);
    return analysis.ok
      ? report(
          'documentation',
          documentationSummary(analysis.value),
          documentationReport(analysis.value),
          analysis.value,
        )
      : fail(analysis.failure);
  },
};

function report(name: string, summary: string, markdown: string, data: unknown): Result<Report, string> {
  const documents = [
    { name: `${name}.md`, text: markdown },
    { name: `${name}.json`, text: `${JSON.stringify(data, undefined, 2)}\n` },
  ];
  return ok({ summary, documents });
}

async function main([kind = '', folder]: readonly string[]): Promise<number> {
  const analyse = Object.hasOwn(analyses, kind) ? analyses[kind] : undefined;
  if (!analyse || folder === undefined) {
    process.stderr.write('Usage: analysisChild code|documentation <folder>\n');
    return 2;
  }
  const progress = progressLines((line) => process.stderr.write(line));
  const result = await analyse(resolve(folder), progress);
  if (!result.ok) {
    process.stderr.write(`${JSON.stringify({ error: result.failure })}\n`);
    return 1;
  }
  progress(100, 'done');
  process.stdout.write(`${JSON.stringify(result.value)}\n`);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(
      `${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`,
    );
    process.exitCode = 1;
  },
);
