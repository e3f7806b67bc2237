import assert from 'node:assert/strict';
import { toolsOf } from '../../../../../src/adapters/agents/definitions/toolsOf';

const always = ['todo', 'diagnostics', 'message', 'ask_user', 'finish'];

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
      ['read', 'glob', 'grep', 'edit', 'apply_patch', ...always],
      [],
    ],
  ];
  for (const [fact, allowed, disallowed, tools, unknown] of cases) {
    it(fact, () => assert.deepEqual(toolsOf(allowed, disallowed), { tools, unknown }));
  }
});
