import { visitExports } from './exportedNames';
import type { Comment, Node } from './syntaxTree';

export interface ExportedName {
  readonly name: string;
  readonly line: number;
  readonly kind: 'function' | 'class' | 'type' | 'value';
  readonly isDocumented: boolean;
}

/** Exported functions, classes, types and constants of a module, and whether a `/** … *\/` stands before each. */
export function exportedNames(program: Node): ExportedName[] {
  return visitExports(program).map(({ name, node, statement, kind }) => ({
    name,
    kind,
    line: node.loc?.start.line ?? 1,
    isDocumented: [statement, node].some((one) => one.leadingComments?.some(isDocComment) ?? false),
  }));
}

/** A block comment that begins with two stars and says something other than a licence. */
function isDocComment(comment: Comment): boolean {
  return (
    comment.type === 'CommentBlock' &&
    comment.value.startsWith('*') &&
    /[a-z]{2}/i.test(comment.value) &&
    !/@(license|preserve|copyright)\b/i.test(comment.value)
  );
}
