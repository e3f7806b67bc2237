import { posix } from 'node:path';
import type { ModuleGraph, PackageUse } from './moduleGraph';
import { nearest } from './moduleResolution';
import { isSupport, isTest, type Manifest } from './repositoryFiles';
import type { Scan } from './scan';

export interface DeclaredDependency {
  readonly manifest: string;
  readonly name: string;
  readonly section: string;
  readonly range: string;
  /** Files of this package that import it. */
  readonly importedBy: number;
  /** Not imported, and its name stands in no code, script or configuration. */
  readonly hasNoUse: boolean;
}

export interface UndeclaredDependency {
  readonly name: string;
  readonly manifest: string;
  readonly files: number;
  /** Where it is imported first. */
  readonly file: string;
  readonly line: number;
}

export interface Dependencies {
  readonly declared: readonly DeclaredDependency[];
  readonly undeclared: readonly UndeclaredDependency[];
}

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;
/** Programs whose name is not the package's. */
const programs: Readonly<Record<string, readonly string[]>> = {
  '@arethetypeswrong/cli': ['attw'],
  '@angular/cli': ['ng'],
  '@babel/cli': ['babel'],
  '@babel/core': ['babel'],
  'npm-run-all': ['run-s', 'run-p'],
  'npm-run-all2': ['run-s', 'run-p'],
};

export function analyseDependencies(scan: Scan, graph: ModuleGraph): Dependencies {
  const manifests = scan.manifests.filter(({ folder }) => !isTest(`${folder}/`) && !isSupport(`${folder}/`));
  return {
    declared: manifests.flatMap((manifest) => declaredIn(manifest, scan, graph)),
    undeclared: [...graph.packages]
      .flatMap(([name, uses]) => undeclared(name, uses, scan.manifests))
      .sort((a, b) => b.files - a.files || (a.name < b.name ? -1 : 1)),
  };
}

function declaredIn(manifest: Manifest, scan: Scan, graph: ModuleGraph): DeclaredDependency[] {
  const own = new Set(scan.manifests.map(({ name }) => name));
  return sections.flatMap((section) =>
    Object.entries(tableOf(manifest, section)).map(([name, range]) => {
      const uses = (graph.packages.get(name) ?? []).filter(
        ({ file }) => manifest.folder === '' || file.startsWith(`${manifest.folder}/`),
      );
      const importedBy = new Set(uses.map(({ file }) => file)).size;
      const isLocal = own.has(name) || /^(workspace|link|file|portal):/.test(range);
      const isJudged = section !== 'peerDependencies' && !isLocal && !isAddition(name, manifest);
      return {
        manifest: pathOf(manifest),
        name,
        section,
        range,
        importedBy,
        hasNoUse: isJudged && importedBy === 0 && !isNamed(name, scan, graph),
      };
    }),
  );
}

/** Types serve the package they describe, plugins are named by a short form: in doubt a dependency is in use. */
function isNamed(name: string, scan: Scan, graph: ModuleGraph): boolean {
  if (name === '@types/node' || name === 'typescript' || name === 'tslib') return true;
  const described = /^@types\/(.+)$/.exec(name)?.[1]?.replace(/^(.+)__(.+)$/, '@$1/$2');
  if (described !== undefined)
    return (
      graph.packages.has(described) || scan.mentions.has(described) || isDeclaredAnywhere(described, scan)
    );
  const short = name.split('/').at(-1) ?? name;
  const plugin =
    /^(?:@[\w-]+\/)?(?:eslint|babel|prettier|stylelint|postcss|remark|rehype|rollup|vite|webpack|gulp|grunt|jest|karma|commitlint|semantic-release)-(?:plugin|config|preset|parser|environment|transform)?-?(.+)$/.exec(
      name,
    )?.[1];
  // `@vitest/coverage-v8` serves whoever runs `vitest`.
  const [, scope] = /^@([^/]+)\//.exec(name) ?? [];
  const words = [
    name,
    short,
    ...(scope === undefined ? [] : [scope]),
    ...(plugin === undefined ? [] : [plugin]),
    ...(programs[name] ?? []),
  ];
  if (words.some((word) => scan.mentions.has(word))) return true;
  for (const mention of scan.mentions)
    if (mention.startsWith(`${name}/`) || mention.includes(`/${name}/`)) return true;
  return /^@[\w-]+\/(eslint|prettier|tsconfig|typescript|babel|stylelint)[\w-]*$/.test(name);
}

/** `oxlint-tsgolint` is loaded by `oxlint`, which the same manifest declares. */
function isAddition(name: string, manifest: Manifest): boolean {
  const declared = new Set(sections.flatMap((section) => Object.keys(tableOf(manifest, section))));
  const parts = name.split('-');
  return parts.some((_, index) => index > 0 && declared.has(parts.slice(0, index).join('-')));
}

function isDeclaredAnywhere(name: string, scan: Scan): boolean {
  return scan.manifests.some((manifest) => sections.some((section) => name in tableOf(manifest, section)));
}

/** Code that is delivered or run, and no manifest that applies to it declares what it imports. */
function undeclared(
  name: string,
  uses: readonly PackageUse[],
  manifests: readonly Manifest[],
): UndeclaredDependency[] {
  const missing = uses.filter(({ file, isType }) => {
    if (isTest(file) || isSupport(file)) return false;
    const owner = nearest(file, manifests);
    if (!owner || owner.name === name) return false;
    const applying = manifests.filter(({ folder }) => folder === '' || file.startsWith(`${folder}/`));
    return !applying.some((manifest) =>
      sections.some((section) => declares(tableOf(manifest, section), name, isType)),
    );
  });
  const [first] = missing;
  const owner = first && nearest(first.file, manifests);
  if (!first || !owner) return [];
  return [
    {
      name,
      manifest: pathOf(owner),
      files: new Set(missing.map(({ file }) => file)).size,
      file: first.file,
      line: first.line,
    },
  ];
}

function declares(table: Readonly<Record<string, string>>, name: string, isType: boolean): boolean {
  const types = `@types/${name.replace(/^@(.+)\/(.+)$/, '$1__$2')}`;
  return Object.hasOwn(table, name) || (isType && Object.hasOwn(table, types));
}

function tableOf(manifest: Manifest, section: (typeof sections)[number]): Readonly<Record<string, string>> {
  const table = manifest.content[section];
  if (typeof table !== 'object' || table === null) return {};
  return Object.fromEntries(
    Object.entries(table).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function pathOf({ folder }: Manifest): string {
  return posix.join(folder, 'package.json');
}
