import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { loadAgents } from '../../../../../src/adapters/agents/definitions/loadAgents';
import { loadSkills } from '../../../../../src/adapters/agents/skills/loadSkills';

describe('loadSkills', () => {
  let root: string;
  let workspace: string;
  let home: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'skills-')));
    workspace = join(root, 'project');
    home = join(root, 'home');
    await Promise.all([mkdir(workspace), mkdir(home)]);
  });
  afterEach(() => rm(root, { recursive: true }));

  async function put(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }

  const skill = (name: string, description = `Helps with ${name}.`) =>
    `---\nname: ${name}\ndescription: ${description}\n---\nSteps.\n`;

  async function picture(): Promise<{ skills: string[]; problems: string[] }> {
    const { skills, problems } = await loadSkills({ workspace, home });
    return {
      skills: skills.map((one) => `${one.name} ${one.source.kind}: ${one.description}`),
      problems: problems.map(({ path, line, message }) => `${relative(root, path)}:${line} ${message}`),
    };
  }

  it('reads the folders of all tools, of the project and of the person', async () => {
    await put('project/.claude/skills/a/SKILL.md', skill('a'));
    await put('project/.github/skills/b/SKILL.md', skill('b'));
    await put('project/.agents/skills/group/c/SKILL.md', skill('c'));
    await put('home/.claude/skills/d/SKILL.md', skill('d'));
    await put('home/.agents/skills/e/SKILL.md', skill('e'));
    await put('home/.copilot/skills/f/SKILL.md', skill('f'));
    assert.deepEqual(await picture(), {
      skills: ['a project', 'b project', 'c project', 'd home', 'e home', 'f home'].map(
        (line) => `${line}: Helps with ${line.charAt(0)}.`,
      ),
      problems: [],
    });
  });

  it('looks into no folder of a skill, and takes no other file for one', async () => {
    await put('project/.claude/skills/a/SKILL.md', skill('a'));
    await put('project/.claude/skills/a/examples/inner/SKILL.md', skill('inner'));
    await put('project/.claude/skills/SKILL.md', skill('lost'));
    await put('project/.claude/skills/README.md', '# Skills');
    await put('project/.claude/skills/node_modules/x/SKILL.md', skill('x'));
    assert.deepEqual((await picture()).skills, ['a project: Helps with a.']);
  });

  it('takes the project’s skill before the person’s, and says so', async () => {
    await put('project/.agents/skills/pdf/SKILL.md', skill('pdf', 'Ours.'));
    await put('home/.claude/skills/pdf/SKILL.md', skill('PDF', 'Mine.'));
    const { skills, problems } = await picture();
    assert.deepEqual(skills, ['pdf project: Ours.']);
    assert.match(problems.join('\n'), /is already defined in .*project\/\.agents\/skills\/pdf\/SKILL\.md/);
  });

  it('counts one folder that two tools share once', async () => {
    await put('project/.agents/skills/a/SKILL.md', skill('a'));
    await mkdir(join(workspace, '.claude'));
    await symlink(join(workspace, '.agents/skills'), join(workspace, '.claude/skills'));
    assert.deepEqual(await picture(), { skills: ['a project: Helps with a.'], problems: [] });
  });

  it('takes no folder of a project for a skill that a link leads to and that holds more than skills', async () => {
    await put('project/SKILL.md', skill('all'));
    await put('project/.env', 'KEY=never committed');
    await put('project/src/SKILL.md', skill('source'));
    await mkdir(join(workspace, '.claude/skills'), { recursive: true });
    await symlink('../..', join(workspace, '.claude/skills/all'));
    await symlink('../../src', join(workspace, '.claude/skills/source'));
    const { skills, problems } = await picture();
    assert.deepEqual(skills, []);
    assert.equal(problems.filter((problem) => /not one of skills/.test(problem)).length, 2);
  });

  it('does not follow a project’s link out of the project', async () => {
    await put('secret/s/SKILL.md', skill('stolen'));
    await mkdir(join(workspace, '.claude/skills'), { recursive: true });
    await symlink(join(root, 'secret/s'), join(workspace, '.claude/skills/s'));
    const { skills, problems } = await picture();
    assert.deepEqual(skills, []);
    assert.match(problems.join(), /link to a place outside the project/);
  });

  const cases: [string, string | Uint8Array, string | undefined, RegExp | undefined][] = [
    [
      'one without a description is not loaded',
      '---\nname: s\n---\nSteps.',
      undefined,
      /error .*no description/,
    ],
    ['one without front matter is not loaded', '# Steps', undefined, /error .*no description/],
    ['an empty one is not loaded', '', undefined, /error .*no description/],
    ['a binary one is not loaded', Uint8Array.from([1, 0, 2]), undefined, /it is a binary file/],
    ['a huge one is not loaded', skill('s') + 'x'.repeat(300_000), undefined, /too large/],
    [
      'one whose front matter stays open is not loaded',
      '---\nname: s\ndescription: d\n',
      undefined,
      /never closed/,
    ],
    [
      'a byte order mark and carriage returns do no harm',
      `\ufeff${skill('s').replaceAll('\n', '\r\n')}`,
      's',
      undefined,
    ],
    ['an unquoted colon is mended', skill('s', 'Use when: asked.'), 's', /not valid YAML/],
    ['a name unlike its folder is warned of', skill('other'), 'other', /but its folder "s"/],
    [
      'a missing name is that of the folder',
      '---\ndescription: d\n---\nSteps.',
      's',
      /called "s" like its folder/,
    ],
    [
      'a name of a hundred characters is cut',
      skill('n'.repeat(100)),
      `${'n'.repeat(63)}…`,
      /the first 64 were taken/,
    ],
    ['a description of a book is cut', skill('s', 'd'.repeat(2_000)), 's', /the first 1024 were taken/],
    [
      'tools it allows itself count for nothing',
      '---\nname: s\ndescription: d\nallowed-tools: Bash(*)\n---\nSteps.',
      's',
      undefined,
    ],
    [
      'one without instructions is warned of',
      '---\nname: s\ndescription: d\n---\n',
      's',
      /has no instructions/,
    ],
    [
      'aliases that multiply are no description',
      `---\nname: s\nx: &x [${'y,'.repeat(90)}]\ndescription: [${'*x,'.repeat(200)}]\n---\nSteps.`,
      's',
      /not valid YAML/,
    ],
  ];
  for (const [fact, text, name, problem] of cases) {
    it(fact, async () => {
      await put('project/.claude/skills/s/SKILL.md', text);
      const { skills, problems } = await loadSkills({ workspace, home });
      assert.deepEqual(
        skills.map((one) => one.name),
        name === undefined ? [] : [name],
      );
      const shown = problems
        .map((one) => `${one.line}:${one.column} ${one.severity} ${one.message}`)
        .join('\n');
      if (problem) assert.match(shown, problem);
      else assert.equal(shown, '');
    });
  }

  it('names in an agent’s file the skills that are not there', async () => {
    await put('project/.claude/skills/pdf/SKILL.md', skill('pdf'));
    await put(
      'project/.claude/agents/a.md',
      '---\nname: a\ndescription: b\nskills: [pdf, ledger]\n---\nWork.',
    );
    const { problems, skills } = await loadAgents({ workspace, home });
    assert.equal(skills?.length, 1);
    assert.deepEqual(
      problems.map((one) => `${one.line}:${one.column} ${one.message}`),
      ['4:1 There is no skill called "ledger"; the agent works without.'],
    );
  });
});
