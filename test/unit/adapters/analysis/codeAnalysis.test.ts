import assert from 'node:assert/strict';
import { analyseCode, type CodeAnalysis } from '../../../../src/adapters/analysis/codeAnalysis';
import { codeReport } from '../../../../src/adapters/analysis/codeReport';
import { temporaryTree, type TemporaryTree } from '../../../support/temporaryTree';

describe('code analysis', function () {
  this.timeout(30_000);
  let tree: TemporaryTree;
  afterEach(() => tree.dispose());

  async function analyse(files: Record<string, string | Uint8Array>): Promise<CodeAnalysis> {
    tree = temporaryTree(files);
    tree.commit();
    const result = await analyseCode(tree.path, () => undefined);
    assert.ok(result.ok);
    return result.value;
  }

  it('finds cycles of what is loaded, not of types, import() and require inside functions', async () => {
    const found = await analyse({
      'src/a.ts': "import { b } from './b';\nexport const a = b;",
      'src/b.ts': "import { a } from './a.js';\nexport const b = () => a;",
      'src/type1.ts': "import type { T } from './type2';\nexport type U = T;",
      'src/type2.ts': "import { type U } from './type1';\nexport type T = U;",
      'src/lazy1.js': "module.exports = () => require('./lazy2');",
      'src/lazy2.js': "require('./lazy1'); import('./lazy1');",
    });
    assert.deepEqual(
      found.cycles.map(({ shortest }) => shortest),
      [['src/a.ts', 'src/b.ts']],
    );
  });

  it('resolves index files, tsconfig paths, manifests of folders, imports maps and packages of the workspace', async () => {
    const found = await analyse({
      'package.json': '{"name":"root","main":"./main.js","imports":{"#inner/*":"./inner/*.js"}}',
      'main.js': '',
      'tsconfig.json': '{"compilerOptions":{"paths":{"@app/*":["./src/*"]}}}',
      'src/deep/index.ts': '',
      'src/alias.ts': '',
      'inner/x.js': '',
      'packages/one/package.json': '{"name":"@w/one","main":"dist/index.js"}',
      'packages/one/src/index.ts': '',
      'packages/one/src/extra.ts': '',
      'src/all.ts':
        "import './deep';\nimport '@app/alias';\nimport '..';\nimport '#inner/x';\nimport '@w/one';\nimport '@w/one/extra';\nimport 'node:fs';\nimport './missing';",
    });
    const imported = new Map(found.mostImported.map(({ file, importers }) => [file, importers]));
    assert.deepEqual([...imported.keys()].sort(), [
      'inner/x.js',
      'main.js',
      'packages/one/src/extra.ts',
      'packages/one/src/index.ts',
      'src/alias.ts',
      'src/deep/index.ts',
    ]);
    assert.deepEqual(found.unresolvedImports, [{ file: 'src/all.ts', line: 8, specifier: './missing' }]);
    assert.deepEqual(found.dependencies.undeclared, []);
  });

  it('names a file as unused only when nothing imports or mentions it', async () => {
    const found = await analyse({
      'package.json': '{"name":"x","scripts":{"job":"node src/job.js"}}',
      'src/index.ts':
        "import './used';\nconst worker = new URL('./thread.js', import.meta.url);\nimport(`./locales/${name}`);",
      'src/used.ts': '',
      'src/job.js': '',
      'src/thread.ts': '',
      'src/locales/de.ts': '',
      'src/forgotten.ts': '',
      'src/types.d.ts': '',
      'src/page.vue': "<script>import x from './fromVue'</script>",
      'src/fromVue.ts': '',
      'test/used.test.ts': "import '../src/used';",
      'vite.config.ts': '',
    });
    assert.deepEqual(found.orphans, { files: ['src/forgotten.ts'], folders: [] });
    assert.ok(
      found.tests.notReached.includes('src/forgotten.ts') && !found.tests.notReached.includes('src/used.ts'),
    );
  });

  it('names the manifest of a dependency where there are several', async () => {
    const found = await analyse({
      'package.json': '{"name":"root","workspaces":["packages/*"],"devDependencies":{"lib":"1"}}',
      'packages/one/package.json': '{"name":"one","dependencies":{"lib":"2"}}',
      'packages/one/a.js': "require('lib')",
    });
    assert.match(
      codeReport(found),
      /\| `lib` \| 2 \| dependencies \| `packages\/one\/package\.json` \| 1 \|/,
    );
  });

  it('tells declared dependencies without a use from those a script, a plugin list or a type needs', async () => {
    const dependencies = {
      used: '1',
      unused: '1',
      '@types/used': '1',
      'eslint-plugin-nice': '1',
      runner: '1',
    };
    const found = await analyse({
      'package.json': JSON.stringify({ name: 'x', scripts: { start: 'runner go' }, dependencies }),
      '.eslintrc.json': '{"plugins":["nice"]}',
      'src/a.js': "import 'used';\nimport 'missing/deep';\nrequire('fs');",
      'test/a.test.js': "import 'only-in-tests';",
    });
    assert.deepEqual(
      found.dependencies.declared.filter((one) => one.hasNoUse).map(({ name }) => name),
      ['unused'],
    );
    assert.deepEqual(found.dependencies.undeclared, [
      { name: 'missing', manifest: 'package.json', files: 1, file: 'src/a.js', line: 2 },
    ]);
  });

  it('counts changes, hotspots and large functions', async () => {
    tree = temporaryTree({ 'a.js': `export function big() {\n${'x();\n'.repeat(40)}}\n`, 'b.js': '' });
    tree.commit();
    tree.write('a.js', `export function big() {\n${'y();\n'.repeat(40)}}\n`);
    tree.commit();
    const result = await analyseCode(tree.path, () => undefined);
    assert.ok(result.ok);
    assert.deepEqual(result.value.history, { commits: 2 });
    assert.deepEqual(result.value.hotspots[0], {
      file: 'a.js',
      commits: 2,
      changedLines: 42 + 80,
      lines: 42,
      score: 84,
    });
    assert.deepEqual(result.value.largestFunctions, [{ file: 'a.js', name: 'big', line: 1, lines: 42 }]);
  });

  it('survives odd files and names what it could not read', async () => {
    const found = await analyse({
      'broken.js': 'const = ;',
      'binary.ts': new Uint8Array([0, 159, 146, 150]),
      'huge.js': `x = "${'a'.repeat(1_100_000)}"`,
      'odd name\n.js': "import './b'",
      'deep.js': `${'['.repeat(3000)}${']'.repeat(3000)}`,
      'package.json': '{not json',
      'tsconfig.json': '{"extends":"no-such-package"}',
    });
    assert.deepEqual(
      found.unparsed.map(({ path }) => path).filter((path) => path !== 'deep.js'),
      ['broken.js'],
    );
    assert.deepEqual(
      found.skipped.map(({ path, reason }) => `${path}: ${reason}`),
      ['binary.ts: binary', 'huge.js: larger than 1 MB'],
    );
    assert.ok(codeReport(found).includes('broken.js'));
  });

  it('says what a repository of another language consists of', async () => {
    const found = await analyse({ 'a.py': 'x = 1\ny = 2\n', 'b.go': 'package main', Makefile: 'all:\n' });
    assert.deepEqual(found.languages, [
      { language: 'Python', files: 1, lines: 2 },
      { language: 'Go', files: 1, lines: 1 },
      { language: 'Makefile', files: 1, lines: 1 },
    ]);
    assert.match(codeReport(found), /no JavaScript or TypeScript to look into/);
  });

  it('fails with a reason in a folder without git', async () => {
    tree = temporaryTree({ 'a.js': '' });
    const result = await analyseCode(tree.path, () => undefined);
    assert.ok(!result.ok && /not a git repository/.test(result.failure));
  });
});
