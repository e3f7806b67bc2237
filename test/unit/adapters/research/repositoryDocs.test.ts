import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dependencyNames } from '../../../../src/adapters/research/dependencyNames';
import { createRepositoryDocs } from '../../../../src/adapters/research/repositoryDocs';

describe('the documents of a repository', () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'docs-')));
  });
  afterEach(() => rm(root, { recursive: true }));

  async function put(files: Record<string, string>): Promise<string[]> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return Object.keys(files);
  }

  const signal = new AbortController().signal;
  async function answers(paths: readonly string[], text: string) {
    const docs = createRepositoryDocs({ root, paths: () => Promise.resolve(paths) });
    assert.deepEqual(await docs.prepare([{ text }], signal), []);
    const answer = await docs.answer({ text }, signal);
    return answer.ok ? answer.value : assert.fail('no answer');
  }

  const handbook = {
    'README.md': '# Shop\n\nA shop for tea.\n\n## Running\n\nnpm start\n',
    'docs/adr/0004-upload-limits.md':
      '# Upload limits\n\nUploads are limited to 5 MB at the reverse proxy, because the parser holds them in memory.\n',
    'docs/caching.md':
      '# Caching\n\nPrices are cached for a minute.\n\n## Invalidation\n\nA changed price clears the cache.\n',
    'src/index.ts': '// upload limits are not here\n',
  };

  it('answer with the section that fits, and where it stands', async () => {
    const found = await answers(await put(handbook), 'Raise the limit of uploaded files to 20 MB');
    assert.deepEqual(found, [
      {
        question: 'Raise the limit of uploaded files to 20 MB',
        answer:
          'Upload limits\nUploads are limited to 5 MB at the reverse proxy, because the parser holds them in memory.',
        source: 'docs/adr/0004-upload-limits.md:1',
      },
    ]);
  });

  it('find a section inside a document', async () => {
    const [first] = await answers(await put(handbook), 'When is the price cache cleared (invalidation)?');
    assert.equal(first?.source, 'docs/caching.md:5');
  });

  it('do not answer what they say nothing about', async () => {
    assert.deepEqual(await answers(await put(handbook), 'Translate the user interface into Portuguese'), []);
    assert.deepEqual(await answers([], 'Anything'), []);
  });

  it('are read only where they are files of the repository: no link leads out of it', async () => {
    const secret = join(await realpath(await mkdtemp(join(tmpdir(), 'docs-'))), 'secret.md');
    await writeFile(secret, '# Upload limits\n\nThe password of the upload limits is swordfish.\n');
    await symlink(secret, join(root, 'NOTES.md'));
    assert.deepEqual(await answers(['NOTES.md'], 'upload limits password'), []);
    await rm(dirname(secret), { recursive: true });
  });

  it('pass over what is binary, huge or gone', async () => {
    const paths = await put({ 'a.md': 'upload\0limits', 'b.md': 'upload limits '.repeat(30_000) });
    assert.deepEqual(await answers([...paths, 'gone.md'], 'upload limits'), []);
  });
});

describe('the libraries a repository declares', () => {
  it('are read out of its manifests', async () => {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'docs-')));
    const files = {
      'package.json': '{"dependencies": {"fastify": "5"}, "devDependencies": {"@types/node": "24"}}',
      'requirements.txt': '# web\nDjango>=5\n  requests[socks]==2\n-r other.txt\n',
      'pyproject.toml':
        '[project]\ndependencies = [\n  "httpx>=0.27",\n  \'rich\'\n]\n[tool.poetry.dependencies]\npython = "^3.12"\n[tool.x]\nnot-this = 1\n',
      'Cargo.toml':
        '[package]\nname = "x"\n[dependencies]\nserde = "1"\ntokio.workspace = true\n[dev-dependencies]\nmocks = "1"\n',
      'go.mod': 'module example.com/x\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.10.0\n)\n',
      Gemfile: "source 'https://rubygems.org'\ngem 'rails', '~> 8'\n",
    };
    for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
    assert.deepEqual(await dependencyNames(root), [
      ...['fastify', '@types/node', 'Django', 'requests', 'httpx', 'rich', 'python', 'serde', 'tokio'],
      ...['github.com/gin-gonic/gin', 'rails'],
    ]);
    await rm(root, { recursive: true });
  });

  it('are none where there is no manifest, or a broken one', async () => {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'docs-')));
    assert.deepEqual(await dependencyNames(root), []);
    await writeFile(join(root, 'package.json'), '{"dependencies": [');
    assert.deepEqual(await dependencyNames(root), []);
    await rm(root, { recursive: true });
  });
});
