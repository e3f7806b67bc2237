import { parse, type ParseResult, type ParserOptions, type ParserPlugin } from '@babel/parser';
import type { Comment, Node } from '@babel/types';
import { fail, ok, type Result } from '../../base/result';

export type { Comment, Node };

export const scriptPattern = /\.(?:[cm]?[jt]s|[jt]sx)$/i;

/** Larger files are generated or data; parsing them costs more than they tell. */
export const maxScriptBytes = 1024 * 1024;

/**
 * Parses a JavaScript or TypeScript file as tolerantly as the parser can. What remains unreadable is a message with its line.
 * @param options `comments`: attach comments to nodes (slower).
 */
export function parseScript(
  path: string,
  text: string,
  options: { comments: boolean },
): Result<ParseResult, string> {
  let message = '';
  let recovered: ParseResult | undefined;
  for (const plugins of dialects(path, text)) {
    try {
      const file = parse(text, { ...tolerant, attachComment: options.comments, plugins });
      if ((file.errors?.length ?? 0) === 0) return ok(file);
      // A tree with recovered errors is usable, unless another dialect reads the text without any.
      recovered ??= file;
    } catch (error) {
      message ||= describe(error);
    }
  }
  return recovered ? ok(recovered) : fail(message);
}

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

function dialects(path: string, text: string): ParserPlugin[][] {
  const common: ParserPlugin[] = ['decorators-legacy', 'explicitResourceManagement'];
  if (/\.[cm]?ts$/i.test(path)) return [[...common, 'typescript']];
  if (/\.tsx$/i.test(path)) return [[...common, 'typescript', 'jsx']];
  const flow: ParserPlugin[] = [...common, 'jsx', ['flow', { all: true }]];
  const plain: ParserPlugin[] = [...common, 'jsx'];
  return /@flow\b/.test(text.slice(0, 2000)) ? [flow, plain] : [plain, flow];
}

function describe(error: unknown): string {
  return error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
    ? String(error.message)
    : String(error);
}

/** Visits every node, parents first, with the functions around it. Iterative: sources nest deeper than the call stack. */
export function visit(root: Node, enter: (node: Node, depth: { readonly functions: number }) => void): void {
  const stack: { node: Node; functions: number }[] = [{ node: root, functions: 0 }];
  for (let item = stack.pop(); item; item = stack.pop()) {
    const { node, functions } = item;
    enter(node, { functions });
    const inner = isFunction(node) ? functions + 1 : functions;
    for (const child of childrenOf(node)) stack.push({ node: child, functions: inner });
  }
}

export function isFunction(node: Node): boolean {
  return /^(Function(Declaration|Expression)|ArrowFunctionExpression|ObjectMethod|Class(Private)?Method)$/.test(
    node.type,
  );
}

const metadata = new Set([
  'loc',
  'start',
  'end',
  'range',
  'extra',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'errors',
  'tokens',
  'comments',
]);

/** Children in reverse order of their place, so that a stack gives them back in order. */
function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (metadata.has(key) || typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const one of value as unknown[]) if (isNode(one)) children.push(one);
    } else if (isNode(value)) {
      children.push(value);
    }
  }
  return children.reverse();
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
