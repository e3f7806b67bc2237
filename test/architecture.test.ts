import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  honestFiles,
  noAny,
  noEmptyCatch,
  shortFiles,
  shortFunctions,
} from './support/architecture/codeRules';
import {
  closureWithout,
  cycles,
  directions,
  editorApi,
  noNodeInCore,
  programsAreBuilt,
  toolkitOnce,
} from './support/architecture/importRules';
import { parseSource, projectRoot, readSources, type Source } from './support/architecture/sources';
import { foldersOnMap, noMachine, publicRegistry, type TextFile } from './support/architecture/textRules';

/** `path#function` of functions that are longer than the limit, with the reason. */
const longFunctions: ReadonlyMap<string, string> = new Map();

describe('the architecture', () => {
  const sources = readSources(['src', 'webview', 'test', 'scripts']);
  const files = textFiles();

  const rules: [string, () => string[]][] = [
    ['imports go in the allowed directions', () => directions(sources)],
    ['no files import each other in a circle', () => cycles(sources)],
    ['vscode is named in one folder', () => editorApi(sources)],
    ['base and core need no Node', () => noNodeInCore(sources)],
    [
      'the terminal works without the editor',
      () => closureWithout(sources, 'src/cli.ts', /^src\/(editor\/|extension)/),
    ],
    ['one file registers the webview toolkit', () => toolkitOnce(sources)],
    ['workers and children are built', () => programsAreBuilt(sources, read('esbuild.mjs'))],
    ['files are short', () => shortFiles(sources)],
    ['functions are short', () => shortFunctions(sources, longFunctions)],
    ['no error is ignored without a trace', () => noEmptyCatch(sources)],
    ['nothing is any', () => noAny(sources)],
    ['files say what they are', () => honestFiles(sources)],
    ['nothing names the machine it was written on', () => noMachine(files)],
    ['lockfiles name no private registry', () => publicRegistry(files)],
    ['every folder of src is on the map', () => foldersOnMap(folders(), read('src/README.md'))],
  ];
  for (const [fact, violations] of rules) {
    it(fact, () => assert.equal(violations().join('\n'), ''));
  }
});

describe('each rule of the architecture notices a breach', () => {
  const source = (path: string, text: string) => [parseSource(path, text)];
  const body = (lines: number) => 'run();\n'.repeat(lines);

  const breaches: [string, string[]][] = [
    ['base imports core', directions(source('src/base/a.ts', "import '../core/b';"))],
    [
      'core imports an adapter',
      directions(source('src/core/planning/a.ts', "import type { B } from '../../adapters/git/b';")),
    ],
    [
      'an adapter imports another',
      directions(source('src/adapters/git/a.ts', "await import('../gates/b');")),
    ],
    [
      'an adapter imports the protocol',
      directions(source('src/adapters/git/a.ts', "import '../../protocol/b';")),
    ],
    ['the composition imports the editor', directions(source('src/compose.ts', "import './editor/b';"))],
    [
      'the command line imports an adapter',
      directions(source('src/commandline/a.ts', "import '../adapters/git/b';")),
    ],
    [
      'the webview imports core',
      directions(source('webview/state/a.ts', "import '../../src/core/model/run';")),
    ],
    ['two files import each other', cycles(circle())],
    [
      'the command line names vscode',
      editorApi(source('src/commandline/a.ts', "type A = typeof import('vscode');")),
    ],
    [
      'a unit test needs vscode',
      editorApi(source('test/unit/a.test.ts', "import * as vscode from 'vscode';")),
    ],
    [
      'core reads a file',
      noNodeInCore(source('src/core/a.ts', "import { readFile } from 'node:fs/promises';")),
    ],
    ['core reads the environment', noNodeInCore(source('src/core/a.ts', 'export const home = process.env;'))],
    [
      'core uses a package that does I/O',
      noNodeInCore(source('src/core/a.ts', "import { simpleGit } from 'simple-git';")),
    ],
    ['the terminal needs the editor', closureWithout(terminalWithEditor(), 'src/cli.ts', /^src\/editor\//)],
    ['there is no terminal', closureWithout([], 'src/cli.ts', /^src\/editor\//)],
    [
      'a component names the toolkit',
      toolkitOnce(source('webview/a.tsx', "import '@vscode/webview-ui-toolkit';")),
    ],
    ['a worker is not built', programsAreBuilt(source('src/adapters/git/aWorker.ts', ''), '')],
    ['a file has 401 lines', shortFiles(source('src/core/a.ts', body(401)))],
    [
      'a function has 61 lines',
      shortFunctions(source('src/core/a.ts', `function a() {\n${body(59)}}`), new Map()),
    ],
    [
      'an exception is no longer needed',
      shortFunctions(source('src/a.ts', ''), new Map([['src/a.ts#a', 'long']])),
    ],
    [
      'a catch does nothing',
      noEmptyCatch(source('src/core/a.ts', 'try { run(); } catch { /* never mind */ }')),
    ],
    ['a rejection is dropped', noEmptyCatch(source('src/core/a.ts', 'run().catch(() => {});'))],
    ['a value is any', noAny(source('src/core/a.ts', 'export function a(value: any) {}'))],
    ['a file is called utils', honestFiles(source('src/core/utils.ts', ''))],
    ['a file re-exports', honestFiles(source('src/core/a.ts', "export { b } from './b';"))],
    ['a path of a machine', noMachine([{ path: 'a.md', text: ['see ', 'root', 'notes'].join('/') }])],
    ['a home folder', noMachine([{ path: 'a.md', text: ['see ', 'home', 'alice', 'notes'].join('/') }])],
    ['a private host', noMachine([{ path: 'a.md', text: ['https:/', 'npm.example.corp', 'x'].join('/') }])],
    [
      'a lockfile names a mirror',
      publicRegistry([{ path: 'package-lock.json', text: '"resolved": "https://npm.example.org/a.tgz"' }]),
    ],
    ['a folder is not on the map', foldersOnMap(['src/adapters/git'], '`gates/`')],
  ];
  for (const [breach, violations] of breaches) {
    it(breach, () => assert.equal(violations.length > 0, true));
  }

  it('and says file and line', () => {
    assert.deepEqual(directions(source('src/base/a.ts', "\nimport '../core/b';")), [
      'src/base/a.ts:2 base must not import src/core/b',
    ]);
  });
});

function circle(): Source[] {
  return [
    parseSource('src/base/a.ts', "import type { B } from './b';"),
    parseSource('src/base/b.ts', "import './a';"),
  ];
}

function terminalWithEditor(): Source[] {
  return [
    parseSource('src/cli.ts', "import './compose';"),
    parseSource('src/compose.ts', "import './editor/views/a';"),
    parseSource('src/editor/views/a.ts', ''),
  ];
}

/** The text files git knows or would add. */
function textFiles(): TextFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectRoot,
  });
  return [...new Set(listed.toString().split('\0'))]
    .filter((path) => path !== '' && !/\.(png|vsix)$/.test(path) && isFile(join(projectRoot, path)))
    .map((path) => ({ path, text: read(path) }));
}

/** Deleted files and links to folders are listed too. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function folders(): string[] {
  return readdirSync(join(projectRoot, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1));
}

function read(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}
