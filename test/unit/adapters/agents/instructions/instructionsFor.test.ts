import assert from 'node:assert/strict';
import { instructionsFor } from '../../../../../src/adapters/agents/instructions/instructionsFor';
import { task } from '../../../core/planning/sampleTasks';

describe('instructionsFor', () => {
  async function found(
    tree: Readonly<Record<string, string>>,
    fields: { scope?: string[]; prompt?: string } = {},
  ) {
    const { scope = [], prompt = 'Do it.' } = fields;
    const files = { paths: Object.keys(tree), read: (path: string) => Promise.resolve(tree[path]) };
    return instructionsFor(task('x', { scope, work: { kind: 'agent', prompt } }), files);
  }

  async function paths(
    tree: Readonly<Record<string, string>>,
    fields: { scope?: string[]; prompt?: string } = {},
  ) {
    return (await found(tree, fields)).map(({ path, text }) =>
      path === 'the rest of the repository' ? text.split('\n').slice(1).join(' ') : path,
    );
  }

  const monorepo = {
    'AGENTS.md': 'Root.',
    'packages/AGENTS.md': 'All packages.',
    'packages/api/AGENTS.md': 'The API.',
    'packages/api/src/db/CLAUDE.md': 'The database.',
    'packages/web/AGENTS.md': 'The web.',
    'packages/api/src/index.ts': '',
  };

  it('goes from the root to the folder nearest to the files of the task', async () => {
    assert.deepEqual(await paths(monorepo, { scope: ['packages/api/src/db/**'] }), [
      'AGENTS.md',
      'packages/AGENTS.md',
      'packages/api/AGENTS.md',
      'packages/api/src/db/CLAUDE.md',
    ]);
  });

  it('leaves out what is about other folders', async () => {
    assert.deepEqual(await paths(monorepo, { scope: ['packages/web/page.ts'] }), [
      'AGENTS.md',
      'packages/AGENTS.md',
      'packages/web/AGENTS.md',
    ]);
  });

  it('takes what is about a part of the scope, after what is about all of it', async () => {
    assert.deepEqual(await paths(monorepo, { scope: ['packages/api/**/*.ts'] }), [
      'AGENTS.md',
      'packages/AGENTS.md',
      'packages/api/AGENTS.md',
      'packages/api/src/db/CLAUDE.md',
    ]);
  });

  it('names the others to a task that may change anything, and takes those of folders it speaks of', async () => {
    assert.deepEqual(await paths(monorepo, { prompt: 'Mend `packages/web/login.ts`.' }), [
      'AGENTS.md',
      'packages/AGENTS.md',
      'packages/web/AGENTS.md',
      '- packages/api/AGENTS.md - packages/api/src/db/CLAUDE.md',
    ]);
  });

  it('gives the files of several tools in one folder, and the same text once', async () => {
    const tree = {
      'AGENTS.md': 'Same.',
      'CLAUDE.md': 'Same.',
      'GEMINI.md': 'Other.',
      '.github/copilot-instructions.md': 'More.',
    };
    assert.deepEqual(await paths(tree), ['.github/copilot-instructions.md', 'AGENTS.md']);
  });

  it('takes the instructions of GitHub by the files they apply to', async () => {
    const rule = (applyTo: string, text: string) => `---\napplyTo: '${applyTo}'\n---\n${text}`;
    const tree = {
      '.github/instructions/all.instructions.md': rule('**', 'All.'),
      '.github/instructions/ts.instructions.md': rule('**/*.ts,**/*.tsx', 'TypeScript.'),
      '.github/instructions/py.instructions.md': rule('py/**', 'Python.'),
      '.github/instructions/broken.instructions.md': '---\napplyTo: [\n---\nBroken.',
      'AGENTS.md': 'Root.',
    };
    assert.deepEqual(await paths(tree, { scope: ['src/**'] }), [
      'AGENTS.md',
      '.github/instructions/all.instructions.md',
      '.github/instructions/ts.instructions.md',
    ]);
    assert.deepEqual((await paths(tree)).slice(0, 2), [
      'AGENTS.md',
      '.github/instructions/all.instructions.md',
    ]);
    assert.match((await paths(tree)).at(-1) ?? '', /ts\.instructions\.md/);
  });

  it('takes GEMINI.md where there is nothing else', async () =>
    assert.deepEqual(await paths({ 'GEMINI.md': 'Alone.' }), ['GEMINI.md']));

  it('follows a link inside the repository, and none out of it', async () => {
    assert.deepEqual(
      await paths({ 'CLAUDE.md': 'docs/agents.md', 'docs/agents.md': 'Rules of the house.' }),
      ['docs/agents.md'],
    );
    const [out] = await found({ 'CLAUDE.md': '../../etc/passwd' });
    assert.equal(out?.text, '../../etc/passwd');
  });

  it('brings in what CLAUDE.md imports, and what that imports, each once', async () => {
    const tree = {
      'CLAUDE.md': 'See @docs/style.md and @AGENTS.md.',
      'AGENTS.md': 'Rules.',
      'docs/style.md': 'Style. @more.md @../CLAUDE.md',
      'docs/more.md': 'More.',
    };
    assert.deepEqual(await paths(tree), ['AGENTS.md', 'CLAUDE.md', 'docs/style.md', 'docs/more.md']);
  });

  const notImported: [string, string][] = [
    ['inside a code block', '```\n@docs/a.md\n```'],
    ['inside a code span', 'Write `@docs/a.md` to import.'],
    ['from the home folder', '@~/docs/a.md'],
    ['by an absolute path', '@/docs/a.md'],
    ['outside the repository', '@../docs/a.md'],
    ['an address', 'me@docs/a.md'],
    ['a file that is not for readers', '@.env @config/secrets.json'],
    ['a file that is not there', '@docs/none.md'],
  ];
  for (const [fact, text] of notImported) {
    it(`imports nothing ${fact}`, async () => {
      const tree = { 'CLAUDE.md': text, 'docs/a.md': 'A.', '.env': 'KEY=1', 'config/secrets.json': '{}' };
      assert.deepEqual(await paths(tree), ['CLAUDE.md']);
    });
  }

  it('follows imports five deep', async () => {
    const tree = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`d${index}.md`, `Level ${index} @d${index + 1}.md`]),
    );
    assert.deepEqual(await paths({ 'CLAUDE.md': '@d0.md', ...tree }), [
      'CLAUDE.md',
      'd0.md',
      'd1.md',
      'd2.md',
      'd3.md',
      'd4.md',
    ]);
  });

  it('gives what people are told where agents are told nothing', async () => {
    const tree = { 'README.md': 'r'.repeat(5_000), 'CONTRIBUTING.md': 'How to contribute.' };
    const [readme, contributing] = await found(tree);
    assert.equal(readme?.path, 'README.md');
    assert.match(readme.text, /^r{1200}\n\[3800 more characters stand in README\.md\]$/);
    assert.equal(contributing?.path, 'CONTRIBUTING.md');
    assert.deepEqual(await paths({ ...tree, 'AGENTS.md': 'Rules.' }), ['CONTRIBUTING.md', 'AGENTS.md']);
  });

  it('gives what is nearest to the files first where there is too much, and names what is left out', async () => {
    const long = 'x'.repeat(20_000);
    const tree = {
      'AGENTS.md': `a${long}`,
      'a/AGENTS.md': `b${long}`,
      'a/b/AGENTS.md': `c${long}`,
      'a/b/c/AGENTS.md': `d${long}`,
    };
    const all = await found(tree, { scope: ['a/b/c/**'] });
    assert.deepEqual(
      all.map(({ path }) => path),
      ['a/AGENTS.md', 'a/b/AGENTS.md', 'a/b/c/AGENTS.md', 'the rest of the repository'],
    );
    assert.match(all.at(-1)?.text ?? '', /- AGENTS\.md/);
    assert.ok(all.reduce((sum, { text }) => sum + text.length, 0) < 25_000);
  });

  it('is quick with fifty thousand files', async () => {
    const tree = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [`src/m${index % 500}/f${index}.ts`, '']),
    );
    const start = performance.now();
    await paths({ ...tree, 'src/m7/AGENTS.md': 'Here.' }, { scope: ['src/m7/**'] });
    assert.ok(performance.now() - start < 1_000);
  });

  it('gives nothing where there is nothing', async () => assert.deepEqual(await found({ 'a.ts': '' }), []));
});
