import { isFunction, visit, type Node } from './syntaxTree';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** `static`: runs when the module loads. `lazy`: `import()`, or `require` inside a function. `type`: erased. */
  readonly kind: 'static' | 'lazy' | 'type';
}

export interface FunctionSize {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** What one source file says about itself. */
export interface ModuleFacts {
  readonly imports: readonly Import[];
  /** Beginnings of paths that are completed while the program runs: `./locales/${name}`, `require.context('./x')`. */
  readonly dynamicPrefixes: readonly string[];
  readonly functions: readonly FunctionSize[];
  /** Text constants that could name a file or a package. */
  readonly strings: readonly string[];
}

export function moduleFacts(root: Node): ModuleFacts {
  const imports: Import[] = [];
  const dynamicPrefixes: string[] = [];
  const functions: FunctionSize[] = [];
  const strings = new Set<string>();
  const names = new Map<Node, string>();
  visit(root, (node, { functions: depth }) => {
    nameChildren(node, names);
    imports.push(...importsOf(node, depth, dynamicPrefixes));
    const text =
      node.type === 'StringLiteral'
        ? node.value
        : node.type === 'TemplateElement'
          ? node.value.raw
          : undefined;
    if (text !== undefined && text.length < 200 && /^[\w@./#~*{},:-]+$/.test(text)) strings.add(text);
    if (isFunction(node)) functions.push(sizeOf(node, names.get(node)));
  });
  return { imports, dynamicPrefixes, functions, strings: [...strings] };
}

function importsOf(node: Node, depth: number, prefixes: string[]): Import[] {
  const line = node.loc?.start.line ?? 1;
  switch (node.type) {
    case 'ImportDeclaration': {
      const isType = node.importKind === 'type' || node.importKind === 'typeof' || onlyTypes(node.specifiers);
      return [{ specifier: node.source.value, line, kind: isType ? 'type' : 'static' }];
    }
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source
        ? [{ specifier: node.source.value, line, kind: node.exportKind === 'type' ? 'type' : 'static' }]
        : [];
    case 'TSImportEqualsDeclaration':
      return requiredModule(node.moduleReference, line);
    case 'TSImportType':
      return named(node.argument, line, 'type');
    case 'CallExpression':
      return callImports(node, line, depth, prefixes);
    default:
      return [];
  }
}

function requiredModule(reference: Node, line: number): Import[] {
  return reference.type === 'TSExternalModuleReference' ? named(reference.expression, line, 'static') : [];
}

/** Anything can stand in place of a module's name in a file with errors. */
function named(name: Node, line: number, kind: Import['kind']): Import[] {
  return name.type === 'StringLiteral' ? [{ specifier: name.value, line, kind }] : [];
}

function onlyTypes(specifiers: readonly Node[]): boolean {
  return (
    specifiers.length > 0 &&
    specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type')
  );
}

function callImports(
  node: Extract<Node, { type: 'CallExpression' }>,
  line: number,
  depth: number,
  prefixes: string[],
): Import[] {
  const how = loaderOf(node.callee);
  const [argument] = node.arguments;
  if (how === undefined || argument === undefined) return [];
  if (argument.type === 'StringLiteral' && how !== 'folder') {
    const kind = how === 'import' || depth > 0 ? 'lazy' : 'static';
    return [{ specifier: argument.value, line, kind }];
  }
  const prefix = prefixOf(argument);
  if (prefix !== undefined) prefixes.push(prefix);
  return [];
}

function loaderOf(callee: Node): 'require' | 'import' | 'folder' | undefined {
  if (callee.type === 'Import') return 'import';
  if (callee.type === 'Identifier') return callee.name === 'require' ? 'require' : undefined;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  const { name } = callee.property;
  if (callee.object.type === 'MetaProperty')
    return name === 'glob' || name === 'globEager' ? 'folder' : undefined;
  if (callee.object.type !== 'Identifier') return undefined;
  const { name: object } = callee.object;
  if (object === 'require') return name === 'context' ? 'folder' : name === 'resolve' ? 'import' : undefined;
  return /^(jest|vi)$/.test(object) &&
    /^(mock|requireActual|importActual|doMock|unstable_mockModule)$/.test(name)
    ? 'import'
    : undefined;
}

function prefixOf(argument: Node): string | undefined {
  if (argument.type === 'StringLiteral') return argument.value.split('*')[0];
  if (argument.type === 'TemplateLiteral') return argument.quasis[0]?.value.raw;
  if (argument.type === 'BinaryExpression' && argument.left.type === 'StringLiteral')
    return argument.left.value;
  return undefined;
}

function nameChildren(node: Node, names: Map<Node, string>): void {
  if (node.type === 'VariableDeclarator' && node.init && node.id.type === 'Identifier')
    names.set(node.init, node.id.name);
  else if (node.type === 'ObjectProperty' || node.type === 'ClassProperty') {
    const name = keyName(node.key);
    if (node.value && name !== undefined) names.set(node.value, name);
  } else if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
    const name = keyName(node.left.property);
    if (name !== undefined) names.set(node.right, name);
  }
}

function sizeOf(node: Node, given: string | undefined): FunctionSize {
  const own =
    'id' in node && node.id && 'name' in node.id && typeof node.id.name === 'string'
      ? node.id.name
      : undefined;
  const key = 'key' in node ? keyName(node.key) : undefined;
  const line = node.loc?.start.line ?? 1;
  return { name: own ?? key ?? given ?? 'anonymous', line, lines: (node.loc?.end.line ?? line) - line + 1 };
}

function keyName(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name;
  if (key.type === 'StringLiteral') return key.value;
  return key.type === 'PrivateName' ? `#${key.id.name}` : undefined;
}
