import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadWorkflows } from '../../../../src/adapters/workflows/loadWorkflows';
import { readPlanFile } from '../../../../src/adapters/workflows/readPlanFile';

const example = `name: release-check
description: what it is for
tasks:
  - id: lint
    title: Fix what the linter can fix
    run: npx eslint . --fix
  - id: docs
    title: Document the public API
    agent: documenter
    prompt: |
      Document every exported function of src/.
    needs: [lint]
    scope: ["docs/**"]
    acceptance: ["every exported function is documented"]
    gates: [types, lint]
    priority: normal
`;

describe('workflow and plan files', () => {
  let workspace: string;
  let folder: string;

  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'workflows-'));
    folder = join(workspace, '.enterprise', 'workflows');
    await mkdir(folder, { recursive: true });
  });
  afterEach(() => rm(workspace, { recursive: true }));

  const put = (name: string, text: string | Uint8Array) => writeFile(join(folder, name), text);

  async function problems(): Promise<string[]> {
    const loaded = await loadWorkflows({ workspace });
    return loaded.problems.map(
      ({ path, line, column, severity, message }) =>
        `${basename(path)}:${line}:${column} ${severity} ${message}`,
    );
  }

  it('loads the file of the design with its words as keywords', async () => {
    await put('release.yaml', example);
    const { workflows, problems: none } = await loadWorkflows({ workspace });
    assert.deepEqual(none, []);
    assert.deepEqual(
      workflows.map(({ name, source, keywords, file }) => ({
        name,
        source,
        keywords,
        tasks: file.tasks.length,
      })),
      [{ name: 'release-check', source: 'project', keywords: ['release', 'check'], tasks: 2 }],
    );
    assert.equal(workflows[0]?.file.tasks[1]?.prompt, 'Document every exported function of src/.\n');
  });

  it('loads .yml and .json, takes the name from the file and keywords as given, and ignores the rest', async () => {
    await put('nightly.yml', 'keywords: [night]\ntasks: [{id: a, run: "true"}]\n');
    await put('other.json', JSON.stringify({ tasks: [{ id: 'a', analysis: 'code' }] }));
    await put('notes.md', 'nothing');
    const { workflows } = await loadWorkflows({ workspace });
    assert.deepEqual(
      workflows.map(({ name, keywords }) => [name, keywords]),
      [
        ['nightly', ['night']],
        ['other', ['other']],
      ],
    );
  });

  it('has none where there is no folder', async () => {
    await rm(folder, { recursive: true });
    assert.deepEqual(await loadWorkflows({ workspace }), { workflows: [], problems: [] });
  });

  it('shows every problem at its place and loads the others', async () => {
    await put('a-syntax.yaml', 'name: "a\n');
    await put('b-schema.yaml', 'tasks:\n  - id: Lint It\n    rnu: x\n  - id: b\n    priority: soon\n');
    await put('c-binary.yaml', Uint8Array.from([0, 1, 2]));
    await put('d-json.json', '{"tasks": [{"id": "a", "run": "x",}]}');
    await put('e-good.yaml', example);
    await put('f-again.yaml', example);
    assert.deepEqual(await problems(), [
      'a-syntax.yaml:2:1 error Missing closing "quote',
      'b-schema.yaml:2:9 error `tasks[0].id`: a slug of 1 to 40 characters: a-z, 0-9 and - inside',
      'b-schema.yaml:3:5 error `tasks[0]`: unknown key `rnu`',
      'b-schema.yaml:5:15 error `tasks[1].priority`: Invalid option: expected one of "low"|"normal"|"high"|"critical"',
      'c-binary.yaml:1:1 error The file cannot be used: it is a binary file.',
      'd-json.json:1:35 error This is not valid JSON: Expected double-quoted property name',
      'f-again.yaml:1:1 warning The workflow "release-check" is already defined in e-good.yaml; this file is not used.',
    ]);
    assert.equal((await loadWorkflows({ workspace })).workflows.length, 1);
  });

  describe('readPlanFile', () => {
    it('reads YAML and JSON, with carriage returns and a byte order mark', async () => {
      await put('plan.yaml', `\uFEFF${example.replaceAll('\n', '\r\n')}`);
      await put('plan.json', JSON.stringify({ tasks: [{ id: 'a', run: 'true' }] }));
      const yaml = await readPlanFile(join(folder, 'plan.yaml'));
      const json = await readPlanFile(join(folder, 'plan.json'));
      assert.ok(yaml.ok && json.ok);
      assert.equal(yaml.value.tasks[1]?.prompt, 'Document every exported function of src/.\n');
      assert.equal(json.value.tasks[0]?.run, 'true');
    });

    it('fails with line and column of every problem', async () => {
      await put('plan.yaml', 'tasks:\n  - id: a\n    run: 5\n    need: [b]\n');
      const read = await readPlanFile(join(folder, 'plan.yaml'));
      assert.ok(!read.ok && read.failure.kind === 'plan-invalid');
      assert.deepEqual(read.failure.problems, [
        '3:10 `tasks[0].run`: Invalid input: expected string, received number',
        '4:5 `tasks[0]`: unknown key `need`',
      ]);
    });

    it('fails by name for a file that is not there', async () => {
      const read = await readPlanFile(join(folder, 'none.yaml'));
      assert.ok(!read.ok);
      assert.match(read.failure.message, /^There is no plan .*none\.yaml\.$/);
    });
  });
});
