import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { LoadedAgents } from '../../../../../src/core/model/agent';
import { agentSchema } from '../../../../../src/core/model/agent';
import { loadAgents } from '../../../../../src/adapters/agents/definitions/loadAgents';

describe('loadAgents', () => {
  let root: string;
  let workspace: string;
  let home: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'agents-')));
    workspace = join(root, 'project');
    home = join(root, 'home');
    await Promise.all([mkdir(workspace), mkdir(home)]);
  });
  afterEach(() => rm(root, { recursive: true }));

  async function put(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }

  async function load(): Promise<LoadedAgents> {
    const loaded = await loadAgents({ workspace, home });
    for (const agent of loaded.agents) agentSchema.parse(agent);
    return loaded;
  }

  /** Names of the agents from files, and problems as `path:line:column severity message`. */
  async function picture(): Promise<{ names: string[]; problems: string[] }> {
    const { agents, problems } = await load();
    return {
      names: agents.filter((agent) => agent.source.kind !== 'built-in').map((agent) => agent.name),
      problems: problems.map(
        ({ path, line, column, severity, message }) =>
          `${relative(root, path)}:${line}:${column} ${severity} ${message.replaceAll(`${root}/`, '')}`,
      ),
    };
  }

  const file = (name: string) => `---\nname: ${name}\ndescription: Does ${name}.\n---\nWork.\n`;

  it('has the built-in agents where there are no files, and no problem', async () => {
    const { agents, problems } = await load();
    assert.deepEqual(problems, []);
    assert.deepEqual(
      agents.map((agent) => `${agent.name} ${agent.backend}`),
      [
        'architect model',
        'auditor command',
        'builder command',
        'code-analyst command',
        'command-runner command',
        'documentation-analyst command',
        'documenter model',
        'formatter command',
        'implementer model',
        'linter command',
        'performance-engineer model',
        'release-engineer model',
        'reviewer model',
        'secret-scanner command',
        'security-engineer model',
        'test-engineer model',
        'tester command',
        'type-checker command',
      ],
    );
  });

  it('reads every folder of the design, the first one deeply', async () => {
    await put('project/.claude/agents/a.md', file('a'));
    await put('project/.claude/agents/deep/er/b.md', file('b'));
    await put('project/.github/agents/c.agent.md', file('c'));
    await put('project/.github/agents/deep/ignored.md', file('ignored'));
    await put('home/.claude/agents/d.md', file('d'));
    await put('home/.github/agents/e.md', file('e'));
    await put('home/.copilot/agents/f.agent.md', file('f'));
    await put('project/.claude/agents/notes.txt', 'no agent');
    assert.deepEqual(await picture(), { names: ['a', 'b', 'c', 'd', 'e', 'f'], problems: [] });
  });

  it('takes the project’s agent before the home folder’s before the built-in one, and says so', async () => {
    await put('project/.claude/agents/reviewer.md', file('Reviewer'));
    await put('home/.claude/agents/reviewer.md', file('reviewer'));
    const { names, problems } = await picture();
    assert.deepEqual(names, ['Reviewer']);
    const { shadowed } = await load();
    assert.deepEqual(
      shadowed?.map(({ name, path, by }) => [name, path, by].map((one) => one?.replace(`${root}/`, ''))),
      [
        ['reviewer', 'home/.claude/agents/reviewer.md', 'project/.claude/agents/reviewer.md'],
        ['reviewer', undefined, 'project/.claude/agents/reviewer.md'],
      ],
    );
    assert.deepEqual(problems, [
      'home/.claude/agents/reviewer.md:2:1 warning The agent "reviewer" is already defined in project/.claude/agents/reviewer.md; this definition is not used.',
      'project/.claude/agents/reviewer.md:2:1 warning The agent "Reviewer" takes the place of the built-in one of that name.',
    ]);
  });

  it('reads nothing of a workspace it is not given', async () => {
    await put('project/.claude/agents/a.md', file('a'));
    const { agents } = await loadAgents({ home });
    assert.ok(!agents.some((agent) => agent.name === 'a'));
  });

  it('names every file it cannot use and loads the others', async () => {
    await put('project/.claude/agents/binary.md', Uint8Array.from([45, 45, 45, 0, 1]));
    await put('project/.claude/agents/good.md', file('good'));
    await put('project/.claude/agents/huge.md', `${file('huge')}${'x'.repeat(256 * 1024)}`);
    await put('project/.claude/agents/latin.md', Uint8Array.from([0x41, 0xe9, 0x42]));
    await put('project/.claude/agents/open.md', '---\nname: open\n');
    await symlink(join(root, 'nowhere.md'), join(workspace, '.claude/agents/dangling.md'));
    const { names, problems } = await picture();
    assert.deepEqual(names, ['good']);
    assert.deepEqual(
      problems.map((problem) => problem.replace('project/.claude/agents/', '')),
      [
        'dangling.md:1:1 error Cannot be read: no such file or directory.',
        'binary.md:1:1 error binary.md is not loaded: it is a binary file.',
        'huge.md:1:1 error huge.md is not loaded: 257 KB is too large for a definition (limit 256 KB).',
        'latin.md:1:1 error latin.md is not loaded: it is not UTF-8 text.',
        'open.md:1:1 error The front matter that begins here is never closed by a line of `---`.',
      ],
    );
  });

  it('goes through links that lead in a circle once', async () => {
    await put('project/.claude/agents/deep/a.md', file('a'));
    await symlink(join(workspace, '.claude/agents'), join(workspace, '.claude/agents/deep/again'));
    assert.deepEqual(await picture(), { names: ['a'], problems: [] });
  });

  it('does not follow a project’s link out of the project, and follows one of the home folder', async () => {
    await put('secret/key.md', file('stolen'));
    await mkdir(join(workspace, '.claude/agents'), { recursive: true });
    await symlink(join(root, 'secret/key.md'), join(workspace, '.claude/agents/key.md'));
    await symlink(join(root, 'secret'), join(workspace, '.claude/agents/folder'));
    await put('shared/mine.md', file('mine'));
    await mkdir(join(home, '.claude/agents'), { recursive: true });
    await symlink(join(root, 'shared/mine.md'), join(home, '.claude/agents/mine.md'));
    assert.deepEqual(await picture(), {
      names: ['mine'],
      problems: [
        'project/.claude/agents/folder:1:1 error Not loaded: it is a link to a place outside the project.',
        'project/.claude/agents/key.md:1:1 error Not loaded: it is a link to a place outside the project.',
      ],
    });
  });

  it('does not follow a folder of agents that is itself a link out of the project', async () => {
    await put('secret/key.md', file('stolen'));
    await mkdir(join(workspace, '.claude'));
    await symlink(join(root, 'secret'), join(workspace, '.claude/agents'));
    assert.deepEqual((await picture()).names, []);
  });

  it('counts a file once when the workspace is the home folder', async () => {
    await put('home/.claude/agents/a.md', file('a'));
    const { agents, problems } = await loadAgents({ workspace: home, home });
    assert.equal(agents.filter((agent) => agent.name === 'a').length, 1);
    assert.deepEqual(problems, []);
  });
});
