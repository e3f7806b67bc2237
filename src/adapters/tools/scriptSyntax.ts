import { parse, type ParserOptions, type ParserPlugin } from '@babel/parser';

/** Why no parser of JavaScript or TypeScript can read the text, with line and column; undefined when one can. */
export function scriptProblem(path: string, text: string): string | undefined {
  let problem: string | undefined;
  for (const plugins of dialects(path)) {
    try {
      const { errors } = parse(text, { ...tolerant, plugins });
      const fatal = errors?.find((error) => /^MissingClosingTag/.test(error.reasonCode));
      if (!fatal) return undefined;
      problem ??= (fatal as unknown as Error).message;
    } catch (error) {
      problem ??= (error as Error).message.split('\n')[0];
    }
  }
  return problem;
}

/** What can be recovered from is for the compiler to judge; only a text without a tree is broken. */
const tolerant: ParserOptions = {
  sourceType: 'unambiguous',
  errorRecovery: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
  allowSuperOutsideMethod: true,
  allowUndeclaredExports: true,
  allowNewTargetOutsideFunction: true,
};

function dialects(path: string): ParserPlugin[][] {
  const common: ParserPlugin[] = ['decorators-legacy', 'explicitResourceManagement'];
  if (/\.[cm]?ts$/.test(path)) return [[...common, 'typescript']];
  if (path.endsWith('.tsx')) return [[...common, 'typescript', 'jsx']];
  return [
    [...common, 'jsx'],
    [...common, 'jsx', ['flow', { all: true }]],
    [...common, 'jsx', 'typescript'],
  ];
}
