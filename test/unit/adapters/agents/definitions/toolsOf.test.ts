import assert from 'node:assert/strict';
import { toolsOf } from '../../../../../src/adapters/agents/definitions/toolsOf';

const always = ['skill', 'todo', 'diagnostics', 'message', 'ask_user', 'finish'];
const shell = ['bash', 'bash_output', 'bash_kill'];

describe('toolsOf', () => {
  const cases: [string, unknown, unknown, string[] | undefined, string[]][] = [
    ['nothing said means all', undefined, undefined, undefined, []],
    ['a star means all', '*', undefined, undefined, []],
    ['an empty list means none but those everybody has', [], undefined, always, []],
    ['a comma string', 'Read, Grep', undefined, ['read', 'grep', ...always], []],
    ['a list', ['Read', 'Grep'], undefined, ['read', 'grep', ...always], []],
    ['a list written into a string', '["Read", "Grep"]', undefined, ['read', 'grep', ...always], []],
    [
      'commas of a tool’s own pattern',
      'Bash(git add:*, git commit:*), Read',
      undefined,
      ['read', 'bash', 'bash_output', 'bash_kill', ...always],
      [],
    ],
    [
      'editing includes reading',
      ['Edit'],
      undefined,
      ['read', 'edit', 'write', 'apply_patch', ...always],
      [],
    ],
    [
      'groups of the editor',
      ['search/codebase', 'execute/runInTerminal', 'vscode/extensions'],
      undefined,
      ['read', 'glob', 'grep', 'bash', 'bash_output', 'bash_kill', ...always],
      [],
    ],
    [
      'servers',
      ['mcp__db__query', 'context7/*'],
      undefined,
      [...always, 'mcp__db__query', 'mcp__context7__*'],
      [],
    ],
    ['tools of others are left out quietly', ['WebFetch', 'Task', 'Skill'], undefined, always, []],
    ['names nobody knows are named', ['Read', 'Telepathy'], undefined, ['read', ...always], ['Telepathy']],
    [
      'what is disallowed is gone',
      undefined,
      'Bash, Write',
      ['read', 'glob', 'grep', 'edit', 'apply_patch', ...always, 'mcp__*'],
      [],
    ],
    ['a disallowed star leaves what everybody has', undefined, '*', always.slice(1), []],
    ['skills can be taken away', 'Read', 'Skill', ['read', ...always.slice(1)], []],
    ['a disallowed name nobody knows is named too', ['Read'], 'Bsh', ['read', ...always], ['Bsh']],
    ['a server by itself means its tools', 'mcp__my_db', undefined, [...always, 'mcp__my_db__*'], []],
    ['a disallowed server takes its tools away', 'mcp__db__query, Read', 'mcp__db', ['read', ...always], []],
    [
      'names of every object’s parts are unknown like others',
      ['constructor', '__proto__', 'toString'],
      undefined,
      always,
      ['constructor', '__proto__', 'toString'],
    ],
    ['the same tool twice is one', ['Bash', 'execute', 'shell'], undefined, [...shell, ...always], []],
  ];
  for (const [fact, allowed, disallowed, tools, unknown] of cases) {
    it(fact, () => {
      const mapped = toolsOf(allowed, disallowed);
      assert.deepEqual({ tools: mapped.tools, unknown: mapped.unknown }, { tools, unknown });
    });
  }

  it('takes single tools of servers away from all of them', () => {
    const { tools, without } = toolsOf(undefined, 'mcp__db__drop, mcp__mail');
    assert.ok(tools?.includes('mcp__*'));
    assert.deepEqual(without, ['mcp__db__drop', 'mcp__mail__*']);
  });

  it('names the patterns of which only the tool is taken', () => {
    assert.deepEqual(toolsOf('Bash(git log:*), Read, Task(reviewer)').patterns, ['Bash(git log:*)']);
  });
});
