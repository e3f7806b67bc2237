import assert from 'node:assert/strict';
import picomatch from 'picomatch/posix';
import type { CompletionItem, Hover, TextDocument } from 'vscode';
import type { LoadedAgents } from '../../../src/core/model/agent';
import { agentFields } from '../../../src/core/model/agentFile';
import { definitionPatterns } from '../../../src/editor/agentFiles/languageFeatures';
import { openWindow } from '../../support/editorWindow';
import { FakeVsCode } from '../../support/fakeVscode';
import { agent } from '../core/planning/sampleTasks';

const agents: LoadedAgents = {
  agents: [agent('reviewer', ['review'], { description: 'Reviews.' })],
  problems: [],
  skills: [
    {
      name: 'pdf',
      description: 'Fills forms.',
      source: { kind: 'project', path: '/repo/shop/.claude/skills/pdf/SKILL.md' },
    },
  ],
  models: { reviewer: { id: 'anthropic/claude-opus-5-5', reason: 'x' } },
};

/** The window of a person who writes; `|` is where the cursor stands. */
function writing(text: string, kind: 'agent' | 'skill' = 'agent', isTrusted = true) {
  const vscode = new FakeVsCode('/repo/shop');
  vscode.isTrusted = isTrusted;
  const window = openWindow(vscode, { agents });
  const before = text.slice(0, text.indexOf('|')).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const lines = text.replace('|', '').split('\n');
  const document = {
    lineCount: lines.length,
    lineAt: (line: number) => ({ text: lines[line] }),
  } as unknown as TextDocument;
  const path = kind === 'agent' ? '/repo/.claude/agents/a.md' : '/repo/.agents/skills/pdf/SKILL.md';
  const of = <T extends { selector: readonly { pattern: string }[] }>(all: readonly T[]) =>
    all.find(({ selector }) =>
      selector.some(({ pattern }) => picomatch.isMatch(path, pattern, { dot: true })),
    );
  return {
    window,
    completions: async () =>
      (await of(window.vscode.completions)?.provider.provideCompletionItems(
        document,
        position as never,
        undefined as never,
        undefined as never,
      )) as CompletionItem[],
    hover: async () =>
      (await of(window.vscode.hovers)?.provider.provideHover(
        document,
        position as never,
        undefined as never,
      )) as Hover | undefined,
  };
}

async function offered(text: string, kind?: 'agent' | 'skill'): Promise<string[]> {
  return (await writing(text, kind).completions()).map(({ label }) => label as string);
}

async function explained(text: string, kind?: 'agent' | 'skill'): Promise<string | undefined> {
  const hover = await writing(text, kind).hover();
  return (hover?.contents as unknown as { value: string } | undefined)?.value;
}

describe('writing an agent file', () => {
  it('is offered the fields that have an effect here and are not there yet', async () => {
    const names = await offered('---\nname: a\n|\ntools: Read\n---\n');
    const used = agentFields.filter(
      ({ name, unused }) => unused === undefined && name !== 'name' && name !== 'tools',
    );
    assert.deepEqual(
      names,
      used.map(({ name }) => name),
    );
    assert.ok(!names.includes('hooks'));
  });

  it('replaces what was typed by the field, and goes on to its values', async () => {
    const [item] = await writing('---\nmo|\n---\n').completions();
    assert.ok(item);
    assert.deepEqual(JSON.parse(JSON.stringify(item.range)), {
      start: { line: 1, character: 0 },
      end: { line: 1, character: 2 },
    });
    assert.equal(item.command?.command, 'editor.action.triggerSuggest');
  });

  const values: [string, string, string[]][] = [
    [
      'tools in a line',
      '---\ntools: Read, |\n---',
      ['read', 'glob', 'grep', 'edit', 'write', 'apply_patch', 'bash', 'bash_output', 'bash_kill', 'skill'],
    ],
    ['a value of permissionMode', '---\npermissionMode: |\n---', ['plan', 'default']],
    ['models', '---\nmodel: |\n---', ['inherit', 'opus', 'sonnet', 'haiku', 'anthropic/claude-opus-5-5']],
    ['an effort', '---\neffort: h|\n---', ['low', 'medium', 'high', 'xhigh', 'max']],
    ['skills of a list', '---\nskills:\n  - |\n---', ['pdf']],
    ['skills in brackets', '---\nskills: [|]\n---', ['pdf']],
    ['agents to go on with', '---\nhandoffs:\n  - label: x\n    agent: |\n---', ['reviewer']],
  ];
  for (const [fact, text, expected] of values)
    it(`is offered ${fact}`, async () => assert.deepEqual(await offered(text), expected));

  const nothing: [string, string][] = [
    ['outside the front matter', '---\nname: a\n---\n|'],
    ['in a file without front matter', 'tools: |'],
    ['before the front matter', '|---\nname: a\n---'],
    ['in a description', '---\ndescription: Use |\n---'],
  ];
  for (const [fact, text] of nothing)
    it(`is offered nothing ${fact}`, async () => assert.deepEqual(await offered(text), []));

  it('reads no agents until their names are asked for', async () => {
    const { window, completions } = writing('---\nskills: |\n---');
    assert.equal(window.opened.length, 0);
    await completions();
    assert.equal(window.opened.length, 1);
  });

  it('opens no engine for names where the workspace is not trusted', async () => {
    const { window, completions } = writing('---\nskills: |\n---', 'agent', false);
    assert.deepEqual(await completions(), []);
    assert.equal(window.opened.length, 0);
  });
});

describe('hovering in an agent file', () => {
  const cases: [string, string, RegExp | undefined][] = [
    ['a field says what it does', '---\nmax|Turns: 3\n---', /^\*\*maxTurns\*\*: The most steps/],
    [
      'a field without effect says why',
      '---\nho|oks: {}\n---',
      /^\*\*hooks\*\*: Has no effect here: programs/,
    ],
    ['an unknown field says so', '---\nfoo|: 1\n---', /^`foo` is not known here/],
    ['a tool says what it lets an agent do', '---\ntools: [read, ba|sh]\n---', /^`bash`: Run commands\.$/],
    ['the text of the agent says nothing', '---\nname: a\n---\nto|ols', undefined],
  ];
  for (const [fact, text, expected] of cases)
    it(fact, async () => {
      const shown = await explained(text);
      if (expected) assert.match(shown ?? '', expected);
      else assert.equal(shown, undefined);
    });
});

describe('writing a skill', () => {
  it('is offered the fields of a skill', async () =>
    assert.deepEqual(await offered('---\n|\n---', 'skill'), [
      'name',
      'description',
      'compatibility',
      'disable-model-invocation',
    ]));
  it('is told that it cannot allow itself tools', async () =>
    assert.match(
      (await explained('---\nallowed|-tools: Bash\n---', 'skill')) ?? '',
      /Has no effect here: what an agent may do/,
    ));
});

describe('the patterns of definitions', () => {
  const files: [string, 'agent' | 'skill' | undefined][] = [
    ['/repo/.claude/agents/deep/a.md', 'agent'],
    ['/repo/.github/agents/a.agent.md', 'agent'],
    ['/home/me/.copilot/agents/a.agent.md', 'agent'],
    ['/repo/.agents/skills/pdf/SKILL.md', 'skill'],
    ['/repo/.github/skills/group/pdf/SKILL.md', 'skill'],
    ['/repo/.claude/skills/pdf/reference.md', undefined],
    ['/repo/README.md', undefined],
  ];
  for (const [path, kind] of files)
    it(`${path} is ${kind === undefined ? 'neither' : `a file of ${kind}s`}`, () => {
      const found = Object.entries(definitionPatterns).find(([, patterns]) =>
        picomatch.isMatch(path, [...patterns], { dot: true }),
      );
      assert.equal(found?.[0], kind);
    });
});
