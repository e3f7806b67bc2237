import { at, type Problem } from '../findings';
import type { TreePath } from '../treePaths';
import { withoutAnsi } from './ansi';

export interface PrettierReport {
  readonly problems: Problem[];
  /** What went wrong with prettier itself, not with a file. */
  readonly broken: string[];
  /** True when prettier said that it looked at files and how they are. */
  readonly concluded: boolean;
}

const summary = /^(Code style issues|Forgot to run|Error occurred|\d+ files? )/;

/** Reads `prettier --check`: `[warn] path` for a file to format, `[error] path: SyntaxError: …` for one that does not parse. */
export function parsePrettierCheck(output: string, toTreePath: TreePath): PrettierReport {
  const problems: Problem[] = [];
  const broken: string[] = [];
  let concluded = false;
  for (const line of withoutAnsi(output).split(/\r?\n/)) {
    if (/^(All matched files use|Error occurred when checking|.*Code style issues found)/.test(line))
      concluded = true;
    const [, level, text = ''] = /^\[(warn|error)\] (.*)$/.exec(line) ?? [];
    if (level === undefined || summary.test(text)) continue;
    const syntax = /^(.+?): (SyntaxError: .*)$/.exec(text);
    if (level === 'error' && syntax) problems.push(unparsable(syntax, toTreePath));
    else if (level === 'warn' && isPath(text)) problems.push(unformatted(text, toTreePath));
    else if (level === 'error' && !/^(>?\s*\d*\s*\||\s)/.test(text)) broken.push(text);
  }
  return { problems, broken, concluded };
}

function isPath(text: string): boolean {
  return !/^(Ignored unknown option|.*\bdeprecated\b|jsxBracketSameLine)/.test(text);
}

function unformatted(path: string, toTreePath: TreePath): Problem {
  const file = toTreePath(path);
  return {
    ...(file && { file }),
    range: at(1),
    severity: 'error',
    rule: 'format',
    message: 'The file is not formatted as the repository asks for.',
  };
}

function unparsable([, path = '', error = '']: RegExpExecArray, toTreePath: TreePath): Problem {
  const file = toTreePath(path);
  const [, line, column] = /\((\d+):(\d+)\)\s*$/.exec(error) ?? [];
  return {
    ...(file && { file }),
    range: at(Number(line ?? 1), Number(column ?? 1)),
    severity: 'error',
    rule: 'parse',
    message: error.replace(/\s*\(\d+:\d+\)\s*$/, ''),
  };
}
