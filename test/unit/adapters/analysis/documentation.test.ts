import assert from 'node:assert/strict';
import {
  analyseDocumentation,
  type DocumentationAnalysis,
} from '../../../../src/adapters/analysis/documentationAnalysis';
import { documentationReport } from '../../../../src/adapters/analysis/documentationReport';
import { readMarkdown } from '../../../../src/adapters/analysis/markdown';
import { temporaryTree, type TemporaryTree } from '../../../support/temporaryTree';

describe('documentation analysis', () => {
  let tree: TemporaryTree;
  afterEach(() => tree.dispose());

  async function analyse(files: Record<string, string>): Promise<DocumentationAnalysis> {
    tree = temporaryTree(files);
    tree.commit();
    const result = await analyseDocumentation(tree.path, () => undefined);
    assert.ok(result.ok);
    return result.value;
  }

  it('counts doc comments of exported functions, classes and types', async () => {
    const found = await analyse({
      'README.md': '# x',
      'src/a.ts':
        '/** Adds. */\nexport function add() {}\n// not one\nexport class Plain {}\nfunction late() {}\nexport { late };\nexport const value = 1;\n/** Types. */\nexport type T = 1;\n/** Arrow. */\nexport const arrow = () => 1;',
      'lib/b.js':
        '/** Documented. */\nfunction good() {}\nfunction bare() {}\nmodule.exports = { good, bare };',
      'a.test.ts': 'export function helper() {}',
    });
    assert.deepEqual(found.exports, { total: 7, documented: 4 });
    assert.deepEqual(
      found.files.map(({ file, undocumented }) => [
        file,
        undocumented.map(({ name, line }) => `${name}:${line}`),
      ]),
      [
        ['src/a.ts', ['Plain:4', 'late:5']],
        ['lib/b.js', ['bare:3']],
      ],
    );
    assert.match(documentationReport(found), /57 %\) exported/);
  });

  it('speaks of nothing that the repository does not have', async () => {
    const report = documentationReport(await analyse({ 'README.md': '# x', 'a.py': 'x = 1' }));
    assert.match(report, /no relative links; no code samples in JavaScript, TypeScript or JSON\./);
    assert.match(report, /No document has a relative link\./);
    assert.doesNotMatch(report, /All of them|No exported name lacks one| of 0/);
  });

  it('finds relative links and anchors that lead nowhere, with their line', async () => {
    const found = await analyse({
      'README.md': [
        '# Title',
        '[a](docs/guide.md) [b](docs/guide.md#the-_second_-part) [c](missing.md)',
        '[d](#title) [e](#nowhere) [f](https://x.example/404) `[g](no)`',
        '```',
        '[h](no)',
        '```',
        '[i]: docs',
        '[j](docs/guide.md#the-second-part)',
        '<img src="logo.png">',
        '[k](../../issues)',
      ].join('\n'),
      'docs/guide.md': '# Guide\n## The _second_ part\n[up](../README.md?plain=1#title)',
    });
    assert.deepEqual(
      found.links.broken.map(({ file, line, target, why }) => `${file}:${line} ${target}: ${why}`),
      [
        'README.md:2 docs/guide.md#the-_second_-part: no such heading',
        'README.md:2 missing.md: no such file',
        'README.md:3 #nowhere: no such heading',
        'README.md:9 logo.png: no such file',
      ],
    );
  });

  it('finds samples that do not parse, and lets sketches and parts be', async () => {
    const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n`;
    const found = await analyse({
      'README.md':
        fence('js', 'const a = ;') +
        fence('ts', 'interface A { b: string }') +
        fence('json', '{"a": }') +
        fence('js', 'call(...);\n...') +
        fence('js', '{ a: 1, b: 2 }') +
        fence('ts', 'private x = 1;') +
        fence('js', 'const x = 1;\nconst x = 2;') +
        fence('python', 'def'),
    });
    assert.deepEqual(
      found.samples.broken.map(({ line, language }) => `${line} ${language}`),
      ['1 js', '7 json'],
    );
  });

  it('says that there is no README', async () => {
    const found = await analyse({ 'a.js': '' });
    assert.match(documentationReport(found), /There is no README at the root/);
  });
});

describe('Markdown', () => {
  it('has anchors as GitHub makes them', () => {
    const { anchors } = readMarkdown(
      "# A `code_x` & more\n## Same\n## Same\nSetext\n---\n# [Link](x) :rocket:\n<a id='own'></a>\n# Über *alles*!",
    );
    assert.deepEqual(
      [...anchors],
      ['a-code_x--more', 'same', 'same-1', 'setext', 'link', 'own', 'über-alles'],
    );
  });
});
