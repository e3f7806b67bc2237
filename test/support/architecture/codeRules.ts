import * as ts from 'typescript';
import { lineOf, visit, type Source } from './sources';

/** Rules on the code of single files. Each returns its violations as sentences that name file and line. */

const maxFileLines = 400;
const maxFunctionLines = 60;

export function shortFiles(sources: readonly Source[]): string[] {
  return sources
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > maxFileLines)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${maxFileLines}`);
}

/** `exceptions` are `path#function`; one that is not needed any more is a violation, so that the list shrinks. */
export function shortFunctions(
  sources: readonly Source[],
  exceptions: ReadonlyMap<string, string>,
): string[] {
  const long = sources.filter(({ path }) => /^(src|webview)\//.test(path)).flatMap(longFunctions);
  const unneeded = [...exceptions.keys()].filter((key) => !long.some((found) => found.key === key));
  return [
    ...long
      .filter(({ key }) => !exceptions.has(key))
      .map(
        ({ key, line, lines }) => `${key} (line ${line}) has ${lines} lines, more than ${maxFunctionLines}`,
      ),
    ...unneeded.map((key) => `${key} is short now: remove it from the exceptions`),
  ];
}

function longFunctions({ path, tree }: Source): { key: string; line: number; lines: number }[] {
  const found: { key: string; line: number; lines: number }[] = [];
  visit(tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    const line = lineOf(tree, node);
    const lines = tree.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - line;
    if (lines > maxFunctionLines) found.push({ key: `${path}#${nameOf(node)}`, line, lines });
  });
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return named?.getText() ?? 'anonymous';
}

/** An ignored error says why, in code that runs: a comment alone leaves no trace when it matters. */
export function noEmptyCatch(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, tree }) => {
    const found: string[] = [];
    visit(tree, (node) => {
      const isEmpty = ts.isCatchClause(node) ? node.block.statements.length === 0 : isEmptyCatchCall(node);
      if (isEmpty) found.push(`${path}:${lineOf(tree, node)} ignores an error`);
    });
    return found;
  });
}

function isEmptyCatchCall(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const [handler] = node.arguments;
  if (node.expression.name.text !== 'catch' || handler === undefined) return false;
  const isFunction = ts.isArrowFunction(handler) || ts.isFunctionExpression(handler);
  return isFunction && ts.isBlock(handler.body) && handler.body.statements.length === 0;
}

export function noAny(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, tree, text }) => {
    const found: string[] = [];
    visit(tree, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(`${path}:${lineOf(tree, node)} says any`);
    });
    // Spelled in two parts, or this file would break its own rule.
    const escape = new RegExp('@ts-' + '(ignore|nocheck)').exec(text);
    return escape === null ? found : [...found, `${path} says ${escape[0]}`];
  });
}

/** A file says what it is; code that only passes others' names on hides where they come from. */
export function honestFiles(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => /^(src|webview)\//.test(path))
    .flatMap(({ path, tree }) => {
      const isVague = /(^|\/)(utils?|helpers?|misc|common|index)(\.|\/)/i.test(path);
      const reexports = tree.statements.filter(
        (statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined,
      );
      return [
        ...(isVague ? [`${path} has a name that says nothing`] : []),
        ...reexports.map((statement) => `${path}:${lineOf(tree, statement)} re-exports`),
      ];
    });
}
