import { at, type Problem } from '../findings';
import type { TreePath } from '../treePaths';
import { withoutAnsi } from './ansi';

const paren =
  /^\s*(.+?)[([](\d+)(?:,(\d+))?[)\]]\s*:\s*(?:(fatal error|error|warning|info|note)\b\s*)?(\w*\d+)?\s*:?\s*(.+)$/i;
const colon =
  /^\s*(?:(?:ERROR|\[\w+\])\s+in\s+)?(\S.*?):(\d+):(\d+)(?:\s*[:-]\s*|\s+)(?:(fatal error|error|warning|info|note)\b:?\s*)?(.+)$/i;
const row = /^\s+(\d+):(\d+)\s+(error|warning)\s+(.+?)(?:\s{2,}(\S+))?\s*$/;

/**
 * Reads places out of the output of any compiler or linter: `path(line,col): error CODE: …`, `path:line:col: error: …`,
 * and the block form of ESLint (a path on its own line, then `line:col  error  message  rule`). A line whose path is no
 * file of the tree is not a problem of the tree.
 * @param isFile Whether a path relative to the tree is one of its files; guards against timestamps and prose.
 */
export function matchProblems(
  output: string,
  toTreePath: TreePath,
  isFile: (path: string) => boolean,
): Problem[] {
  const problems: Problem[] = [];
  let heading: string | undefined;
  for (const line of withoutAnsi(output).split(/\r?\n/)) {
    if (line.length > 2000 || /^\s+at\s/.test(line)) continue;
    const inBlock = row.exec(line);
    if (inBlock && heading !== undefined) {
      problems.push(blockProblem(heading, inBlock));
      continue;
    }
    const found = parenProblem(line) ?? colonProblem(line);
    const file = found && toTreePath(found.path);
    if (found && file !== undefined && isFile(file)) {
      problems.push({ file, ...found.problem });
    } else if (line.trim() === '') {
      heading = undefined;
    } else if (/^\S/.test(line)) {
      const path = toTreePath(line);
      heading = path !== undefined && isFile(path) ? path : undefined;
    }
  }
  return problems;
}

interface Placed {
  readonly path: string;
  readonly problem: Omit<Problem, 'file'>;
}

function parenProblem(line: string): Placed | undefined {
  const [, path, startLine, column, level, code, message] = paren.exec(line) ?? [];
  if (path === undefined || message === undefined || (level === undefined && code === undefined))
    return undefined;
  return placed(path, startLine, column, level, message, code);
}

function colonProblem(line: string): Placed | undefined {
  const [, path, startLine, column, level, message] = colon.exec(line) ?? [];
  if (path === undefined || message === undefined) return undefined;
  const [, rule] = /\(([@\w/-]+)\)(?: \(warning\))?$|\[([@\w/-]+)\]$/.exec(message) ?? [];
  const isWarning = / \(warning\)$/.test(message);
  return placed(path, startLine, column, isWarning ? 'warning' : level, message, rule);
}

function placed(
  path: string,
  line: string | undefined,
  column: string | undefined,
  level: string | undefined,
  message: string,
  rule: string | undefined,
): Placed {
  const range = at(Number(line), Number(column ?? 1));
  return {
    path,
    problem: { range, severity: severity(level), ...(rule && { rule }), message: message.trim() },
  };
}

function blockProblem(file: string, [, line, column, level, message = '', rule]: RegExpExecArray): Problem {
  const range = at(Number(line), Number(column));
  return { file, range, severity: severity(level), ...(rule && { rule }), message };
}

function severity(level: string | undefined): Problem['severity'] {
  const word = level?.toLowerCase();
  if (word === 'warning') return 'warning';
  return word === 'info' || word === 'note' ? 'info' : 'error';
}
