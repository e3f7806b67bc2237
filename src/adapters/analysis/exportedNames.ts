import type { Node } from './syntaxTree';

export interface ExportedNode {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'type' | 'value';
  readonly node: Node;
  /** The statement that declares it, where its comment stands. */
  readonly statement: Node;
}

/** What a module declares and exports, by ES exports or by assignments to `exports`; re-exports belong to their own module. */
export function visitExports(program: Node): ExportedNode[] {
  if (program.type !== 'Program') return [];
  const declared = new Map(program.body.flatMap(declarationsIn).map((one) => [one.name, one]));
  const found = new Map<string, ExportedNode>();
  for (const statement of program.body) {
    for (const one of exportsOf(statement, declared)) if (!found.has(one.name)) found.set(one.name, one);
  }
  return [...found.values()];
}

function exportsOf(statement: Node, declared: ReadonlyMap<string, ExportedNode>): ExportedNode[] {
  if (statement.type === 'ExportNamedDeclaration') {
    if (statement.declaration)
      return declarationsIn(statement.declaration).map((one) => ({ ...one, statement }));
    if (statement.source) return [];
    return statement.specifiers.flatMap((one) =>
      one.type === 'ExportSpecifier' ? (declared.get(one.local.name) ?? []) : [],
    );
  }
  if (statement.type === 'ExportDefaultDeclaration') {
    const { declaration } = statement;
    if (declaration.type === 'Identifier') return asList(declared.get(declaration.name));
    const kind = /Function/.test(declaration.type)
      ? 'function'
      : /Class/.test(declaration.type)
        ? 'class'
        : 'value';
    return [{ name: 'default', kind, node: declaration, statement }];
  }
  return statement.type === 'ExpressionStatement' ? commonJs(statement, declared) : [];
}

/** `module.exports = f`, `module.exports = { a, b }`, `exports.a = …`. */
function commonJs(
  statement: Extract<Node, { type: 'ExpressionStatement' }>,
  declared: ReadonlyMap<string, ExportedNode>,
): ExportedNode[] {
  const { expression } = statement;
  if (expression.type !== 'AssignmentExpression' || expression.left.type !== 'MemberExpression') return [];
  const path = memberPath(expression.left);
  const { right } = expression;
  if (path === 'module.exports' || path === 'exports') {
    if (right.type === 'Identifier') return asList(declared.get(right.name));
    if (right.type === 'ObjectExpression') {
      return right.properties.flatMap((one) =>
        one.type === 'ObjectProperty' && one.value.type === 'Identifier'
          ? asList(declared.get(one.value.name))
          : [],
      );
    }
    return kindOf(right) === 'value'
      ? []
      : [{ name: 'module.exports', kind: kindOf(right), node: right, statement }];
  }
  const [, name] = /^(?:module\.)?exports\.(\w+)$/.exec(path) ?? [];
  if (name === undefined) return [];
  if (right.type === 'Identifier') return asList(declared.get(right.name));
  return [{ name, kind: kindOf(right), node: right, statement }];
}

function memberPath(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return '?';
  return `${memberPath(node.object)}.${node.property.name}`;
}

function declarationsIn(statement: Node): ExportedNode[] {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
      return statement.declaration ? declarationsIn(statement.declaration) : [];
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
      return named(statement, statement.id, 'function', statement);
    case 'ClassDeclaration':
      return named(statement, statement.id, 'class', statement);
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
    case 'InterfaceDeclaration':
    case 'TypeAlias':
      return named(statement, statement.id, 'type', statement);
    case 'VariableDeclaration':
      return statement.declarations.flatMap((one) =>
        named(one, one.id, one.init ? kindOf(one.init) : 'value', statement),
      );
    default:
      return [];
  }
}

function named(
  node: Node,
  id: Node | null | undefined,
  kind: ExportedNode['kind'],
  statement: Node,
): ExportedNode[] {
  return id?.type === 'Identifier' ? [{ name: id.name, kind, node, statement }] : [];
}

function kindOf(node: Node): ExportedNode['kind'] {
  if (/^(FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return 'function';
  return node.type === 'ClassExpression' ? 'class' : 'value';
}

function asList(one: ExportedNode | undefined): ExportedNode[] {
  return one ? [one] : [];
}
