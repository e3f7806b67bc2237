import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAgentText } from '../../../../../src/adapters/agents/definitions/parseAgentText';
import type { Agent } from '../../../../../src/core/model/agent';

const fixtures = join(__dirname, '../../../../fixtures/agents');

function parse(text: string, name = 'from-file.md'): { agent: Agent | undefined; problems: string[] } {
  const { agent, problems } = parseAgentText(text, `/p/${name}`, 'project');
  return {
    agent: agent?.agent,
    problems: problems.map(
      ({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`,
    ),
  };
}

function agentOf(text: string, name?: string): Agent {
  const { agent, problems } = parse(text, name);
  assert.ok(agent, problems.join('\n'));
  return agent;
}

describe('parseAgentText', () => {
  it('reads a sub-agent as its tool writes it', () => {
    assert.deepEqual(parse(readFileSync(join(fixtures, 'sub-agent.md'), 'utf8')), {
      agent: {
        name: 'migration-writer',
        description: 'Writes database migrations. Use it for changes of the schema.',
        source: { kind: 'project', path: '/p/from-file.md' },
        backend: 'model',
        capabilities: ['database', 'implementation'],
        tools: [
          'read',
          'glob',
          'grep',
          'edit',
          'write',
          'apply_patch',
          'bash',
          'bash_output',
          'bash_kill',
          'skill',
          'todo',
          'diagnostics',
          'message',
          'ask_user',
          'finish',
          'mcp__db__query',
        ],
        model: 'sonnet',
        unused: [
          { field: 'color', reason: 'agents are told apart by their names' },
          {
            field: 'the patterns of Bash(npm run migrate:*, npm test)',
            reason: 'the tool counts as a whole, and the policy of this machine decides about each command',
          },
          {
            field: 'permissionMode',
            reason: 'what an agent may do is decided by the policy of this machine, never by a file',
          },
        ],
        instructions: 'You write migrations.\n\n---\n\nA rule above is no fence.',
      },
      problems: [],
    });
  });

  it('reads an .agent.md with lists, handoffs and servers', () => {
    const { agent, problems } = parse(
      readFileSync(join(fixtures, 'planner.agent.md'), 'utf8'),
      'planner.agent.md',
    );
    assert.deepEqual(problems, [
      '10:1 warning The servers under `mcp-servers` are not started: define them in `.mcp.json`, where a person agrees to each.',
    ]);
    assert.equal(agent?.name, 'planner');
    assert.equal(agent.model, 'GPT-5 (copilot)');
    assert.deepEqual(agent.fallbackModels, ['Claude Sonnet 4.5 (copilot)']);
    assert.equal(agent.argumentHint, 'what to compare');
    assert.deepEqual(agent.handoffs, [
      { label: 'Build it', agent: 'implementer', prompt: 'Build what was chosen.' },
    ]);
    assert.deepEqual(
      agent.unused?.map(({ field }) => field),
      ['mcp-servers'],
    );
    assert.deepEqual(agent.tools, [
      'read',
      'glob',
      'grep',
      'skill',
      'todo',
      'diagnostics',
      'message',
      'ask_user',
      'finish',
      'mcp__github__*',
    ]);
    assert.ok(agent.capabilities.includes('read-only'));
  });

  it('reads a description with a colon that is not quoted, and warns where it stands', () => {
    const { agent, problems } = parse(
      '---\nname: a\ndescription: Use when: the schema changes # really\nmodel: opus\n---\nWork.',
    );
    assert.equal(agent?.description, 'Use when: the schema changes # really');
    assert.equal(agent.model, 'opus');
    assert.deepEqual(problems, [
      '3:1 warning The value of `description` is not valid YAML (Nested mappings are not allowed in compact mappings); it was read as plain text. Put it in quotes.',
    ]);
  });

  it('keeps every line of a broken description up to the next key', () => {
    const text =
      '---\nname: a\ndescription: Use this: now.\n\n<example>\nContext: x\nuser: "y"\n</example>\ntools: Read\n---\nWork.';
    const { agent } = parse(text);
    assert.equal(agent?.description, 'Use this: now.\n\n<example>\nContext: x\nuser: "y"\n</example>');
    assert.ok(agent.tools?.includes('read'));
  });

  const descriptions: [string, string][] = [
    ['description: @mention first', '@mention first'],
    ['description: `code` first', '`code` first'],
    ['description: "open quote', '"open quote'],
    ["description: 'It''s fine'", "It's fine"],
    ['description: >-\n  two\n  lines', 'two lines'],
    ['description: [a, b]', 'a, b'],
    ['description: 42', '42'],
    ['description: 100% sure: yes', '100% sure: yes'],
    ['description:', 'Work.'],
  ];
  for (const [line, expected] of descriptions) {
    it(`reads ${JSON.stringify(line)}`, () =>
      assert.equal(agentOf(`---\nname: a\n${line}\n---\nWork.`).description, expected));
  }

  it('survives byte order marks, carriage returns, blank lines and code fences in front', () => {
    assert.equal(agentOf('\n\n---\nname: a\n---\nWork.').name, 'a');
    assert.equal(agentOf('```chatagent\n---\nname: a\n---\nWork.\n```').name, 'a');
  });

  it('takes the name from the file where there is none, and says so where there is no front matter', () => {
    assert.equal(agentOf('---\ndescription: x\n---\nWork.', 'go-expert.agent.md').name, 'go-expert');
    assert.deepEqual(parse('# Go expert\n\nWork.', 'go.md').problems, [
      '1:1 warning There is no front matter: the name is taken from the file and the description from its first line.',
    ]);
    assert.equal(agentOf('# Go expert\n\nWork.', 'go.md').description, 'Go expert');
  });

  it('takes a README for what it is', () =>
    assert.deepEqual(parse('# Our agents', 'README.md'), { agent: undefined, problems: [] }));

  it('takes a rule at the start for a rule', () =>
    assert.equal(agentOf('---\n\nSome text.\n', 'a.md').name, 'a'));

  it('says that an agent has no instructions', () => {
    assert.deepEqual(parse('---\nname: a\ndescription: b\n---\n').problems, [
      '2:1 warning The agent "a" has no instructions: the text after the front matter is empty.',
    ]);
  });

  it('leaves out a broken key that is not a text, and keeps the rest', () => {
    const { agent, problems } = parse(
      '---\nname: a\ndescription: b\nhandoffs: [{a: b\ntools: Read\n---\nWork.',
    );
    assert.equal(agent?.name, 'a');
    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? '',
      /^\d+:\d+ warning `handoffs` is not valid YAML \(.*\) and was left out\.$/,
    );
  });

  it('refuses a front matter in which nothing can be found', () => {
    assert.deepEqual(parse('---\n- a\n- b\n---\nWork.').problems, [
      '2:1 error The front matter is not a list of `key: value` lines.',
    ]);
    assert.match(
      parse('---\n: [\n---\nWork.').problems[0] ?? '',
      /^\d+:\d+ error The front matter is not valid YAML: /,
    );
  });

  it('never runs a front matter in another language', () => {
    const { agent } = parse('---js\nmodule.exports = { name: process.exit(1) }\n---\nWork.', 'a.md');
    assert.equal(agent?.name, 'a');
  });

  it('puts declared capabilities first and refuses a wrong form', () => {
    assert.deepEqual(
      agentOf('---\nname: a\ndescription: Tests.\nenterprise: {capabilities: [Billing, SAP]}\n---\nWork.')
        .capabilities,
      ['billing', 'sap', 'testing'],
    );
    assert.deepEqual(parse('---\nname: a\ndescription: Tests.\nenterprise: yes\n---\nWork.').problems, [
      '4:1 warning `enterprise` should be `{capabilities: [word, …]}`; it was left out.',
    ]);
  });

  it('gives the same agent for the same text', () => {
    for (const name of readdirSync(fixtures)) {
      const text = readFileSync(join(fixtures, name), 'utf8');
      assert.deepEqual(parse(text), parse(text));
    }
  });
});
