import { parseAllDocuments } from 'yaml';

/**
 * A cheap look at whether a change broke the syntax of a file, so that an agent hears of it at once and not from a gate.
 * Only what is certain is said: nothing about kinds of files without a parser here, about what was broken before, about
 * templates, and about large files.
 */
export async function brokenSyntax(
  path: string,
  before: string | undefined,
  after: string,
): Promise<string | undefined> {
  if (after.length > maxChars || (before?.length ?? 0) > maxChars) return undefined;
  const check = checkerOf(path, after);
  const problem = await check?.(path, after);
  if (problem === undefined) return undefined;
  if (before === undefined) return `[${path} does not parse: ${problem}]`;
  const wasBroken = (await check?.(path, before)) !== undefined;
  return wasBroken ? undefined : `[${path} parsed before this change and does not any more: ${problem}]`;
}

/** Parsing more would hold up everything else for too long. */
const maxChars = 200_000;

/** The problem with its line, or undefined. */
type Checker = (path: string, text: string) => string | undefined | Promise<string | undefined>;

function checkerOf(path: string, text: string): Checker | undefined {
  const name = path.split('/').at(-1) ?? path;
  if (/\{\{|<%|\$\{\{/.test(text) && !/\.[cm]?[jt]sx?$/.test(name)) return undefined;
  if (name.endsWith('.json')) return isLenient(path, name, text) ? undefined : jsonProblem;
  if (/\.ya?ml$/.test(name)) return yamlProblem;
  if (/\.([cm]?[jt]s|[jt]sx)$/.test(name))
    return async (...file) => (await import('./scriptSyntax')).scriptProblem(...file);
  return undefined;
}

/** JSON files that their readers let hold comments and trailing commas. */
function isLenient(path: string, name: string, text: string): boolean {
  return (
    /^(tsconfig|jsconfig|devcontainer|api-extractor|\.eslintrc|\.babelrc|\.swcrc|turbo|renovate|deno)\b/.test(
      name,
    ) ||
    /(^|\/)(\.vscode|\.devcontainer|\.zed)\//.test(path) ||
    /^\s*(\/\/|\/\*)/m.test(text)
  );
}

function jsonProblem(_path: string, text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function yamlProblem(_path: string, text: string): string | undefined {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  const errors = Array.isArray(documents) ? documents.flatMap((document) => document.errors) : [];
  return errors[0]?.message.split('\n')[0];
}
