import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Skill } from '../../../../src/core/model/skill';
import type { ToolSession } from '../../../../src/core/ports';
import { createToolbox } from '../../../../src/adapters/tools/toolbox';
import { testAttempt } from '../../../support/attempt';
import { scriptedPolicy } from '../../../support/scriptedPolicy';

describe('the skill tool', () => {
  let root: string;
  let session: ToolSession;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'skill-tool-')));
    await mkdir(join(root, 'tree'));
    await put('secret.txt', 'outside');
    await put(
      'skills/pdf/SKILL.md',
      '---\nname: pdf\ndescription: Fills forms.\n---\n\nRun `scripts/fill.py`.\n',
    );
    await put('skills/pdf/scripts/fill.py', 'print(1)\n');
    await put('skills/pdf/long.md', 'x'.repeat(60_000));
    await writeFile(join(root, 'skills/pdf/logo.png'), Uint8Array.from([0, 1, 2]));
    await symlink(join(root, 'secret.txt'), join(root, 'skills/pdf/link.txt'));
  });
  afterEach(async () => {
    await session.close();
    await rm(root, { recursive: true });
  });

  async function put(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }

  const skill = (name: string, fields: Partial<Skill> = {}): Skill => ({
    name,
    description: `About ${name}.`,
    source: {
      kind: 'project',
      path: join(root, `skills/${name}/SKILL.md`),
      folder: `.claude/skills/${name}`,
    },
    ...fields,
  });

  function open(skills: readonly Skill[], agent: { tools?: string[]; skills?: string[] } = {}): ToolSession {
    const attempt = testAttempt({ worktree: join(root, 'tree') });
    session = createToolbox({
      policy: scriptedPolicy(() => 'allow'),
      ripgrepPath: undefined,
      logFolder: join(root, 'logs'),
      skills: () => skills,
    }).open({ ...attempt, agent: { ...attempt.agent, ...agent } });
    return session;
  }

  async function call(input: unknown, skills = [skill('pdf')]): Promise<string> {
    const outcome = await open(skills).call({ id: 'c', name: 'skill', input }, new AbortController().signal);
    return `${outcome.ok ? 'ok' : 'refused'}: ${outcome.output}`;
  }

  const described = () => session.specs.find(({ name }) => name === 'skill')?.description;

  it('is offered with names and descriptions, and not with the texts', () => {
    open([skill('pdf'), skill('ledger')]);
    assert.match(described() ?? '', /There are:\n- pdf: About pdf\.\n- ledger: About ledger\.$/);
  });

  it('is not offered where there is no skill, or the agent’s definition takes it away', () => {
    open([]);
    assert.equal(described(), undefined);
    open([skill('pdf')], { tools: ['read'] });
    assert.equal(described(), undefined);
  });

  it('shows those the agent’s definition names first, and a hidden one only there', () => {
    const skills = [skill('a'), skill('b'), skill('hidden', { onlyByName: true })];
    open(skills);
    assert.match(described() ?? '', /- a: .*\n- b: [^\n]*$/);
    open(skills, { skills: ['hidden', 'B'] });
    assert.match(described() ?? '', /- hidden: .*\n- b: .*\n- a: [^\n]*$/);
  });

  it('is bounded, whatever the number and length of the descriptions', () => {
    open(Array.from({ length: 500 }, (_, at) => skill(`s${at}`, { description: 'd'.repeat(1_000) })));
    assert.ok((described() ?? '').length < 10_000);
    assert.match(described() ?? '', /- without description here: s\d+, .* and \d+ more$/);
  });

  it('gives the instructions, the files beside them and where they stand in the worktree', async () => {
    assert.equal(
      await call({ name: 'PDF' }, [skill('pdf', { compatibility: 'Needs Python.' })]),
      [
        'ok: # Skill pdf',
        '',
        'Run `scripts/fill.py`.',
        '',
        '---',
        'It says it needs: Needs Python.',
        'Files beside it: logo.png, long.md, scripts/fill.py',
        'In your worktree it stands in `.claude/skills/pdf`, if it is committed.',
      ].join('\n'),
    );
  });

  it('reads a file of the skill, and runs none', async () =>
    assert.equal(await call({ name: 'pdf', file: 'scripts/fill.py' }), 'ok: print(1)\n'));

  it('cuts what is too long and says how much is missing', async () =>
    assert.match(
      await call({ name: 'pdf', file: 'long.md' }),
      /x\n\[12000 more characters are not shown\]$/,
    ));

  const refusals: [string, unknown, RegExp][] = [
    ['a skill that is not there', { name: 'pfd' }, /There is no skill "pfd". Did you mean pdf\?/],
    [
      'a file that is not there',
      { name: 'pdf', file: 'none.md' },
      /has no file none\.md\. There are: logo\.png/,
    ],
    ['a way out of its folder', { name: 'pdf', file: '../../secret.txt' }, /without ".."/],
    ['an absolute way out', { name: 'pdf', file: '/etc/passwd' }, /outside the folder of the skill/],
    ['a link out of its folder', { name: 'pdf', file: 'link.txt' }, /outside the folder of the skill/],
    ['a binary file', { name: 'pdf', file: 'logo.png' }, /is binary/],
    ['a folder', { name: 'pdf', file: 'scripts' }, /is a folder/],
    ['a name that is a path', { name: '../pdf' }, /There is no skill "\.\.\/pdf"/],
  ];
  for (const [fact, input, expected] of refusals) {
    it(`refuses ${fact}`, async () => {
      const shown = await call(input);
      assert.match(shown, /^refused: /);
      assert.match(shown, expected);
      assert.doesNotMatch(shown, /outside$/);
    });
  }
});
