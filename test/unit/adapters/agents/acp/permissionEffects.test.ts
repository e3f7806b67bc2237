import assert from 'node:assert/strict';
import { effectsOf } from '../../../../../src/adapters/agents/acp/permissionEffects';
import type { PolicyRequest } from '../../../../../src/core/ports';

describe('effectsOf', () => {
  const cases: [string, Record<string, unknown>, string[], boolean][] = [
    ['a command', { kind: 'execute', rawInput: { command: 'npm test' } }, ['command npm test'], true],
    [
      'a command as words',
      { kind: 'execute', rawInput: { command: ['bash', '-lc', "echo 'x y'"] } },
      ["command bash -lc 'echo '\\''x y'\\'''"],
      true,
    ],
    [
      'a command elsewhere',
      { kind: 'execute', rawInput: { command: 'ls', cwd: '/etc' } },
      ['command ls', 'read /etc'],
      true,
    ],
    ['a command that is not told', { kind: 'execute', title: 'ls' }, [], false],
    [
      'a command under another kind',
      { kind: 'read', rawInput: { path: 'a', command: 'rm -rf /' } },
      ['command rm -rf /', 'read a'],
      true,
    ],
    [
      'an edit by location, argument and change',
      {
        kind: 'edit',
        locations: [{ path: 'a' }],
        rawInput: { file_path: 'b' },
        content: [{ type: 'diff', path: 'c', newText: '' }],
      },
      ['write a', 'write c', 'write b'],
      true,
    ],
    [
      'an edit of a set of files',
      { kind: 'edit', rawInput: { changes: { 'a.ts': {}, '../b.ts': {} } } },
      ['write a.ts', 'write ../b.ts'],
      true,
    ],
    ['a move', { kind: 'move', rawInput: { source: 'a', destination: 'b' } }, ['write a', 'write b'], true],
    ['an edit of nothing that is named', { kind: 'edit', rawInput: { text: 'x' } }, [], false],
    ['a search', { kind: 'search', rawInput: { pattern: 'x' } }, ['read .'], true],
    [
      'a fetch',
      { kind: 'fetch', rawInput: { url: 'https://example.org:8443/x' } },
      ['host example.org:8443'],
      true,
    ],
    ['a fetch of something else', { kind: 'fetch', rawInput: { url: 'not an address' } }, [], false],
    ['a tool of an MCP server', { kind: 'other', name: 'mcp__docs__search' }, ['mcp docs search'], true],
    ['a change of mode', { kind: 'switch_mode', rawInput: { mode: 'auto' } }, [], false],
    ['nothing at all', {}, [], false],
  ];
  for (const [what, call, expected, isUnderstood] of cases) {
    it(`of ${what}`, () => {
      const effects = effectsOf({ toolCallId: 't', ...call }, '/w');
      assert.deepEqual(effects.requests.map(line), expected);
      assert.equal(effects.isUnderstood, isUnderstood);
    });
  }
});

function line(request: PolicyRequest): string {
  switch (request.kind) {
    case 'command':
      return `command ${request.command}`;
    case 'read':
    case 'write':
      return `${request.kind} ${request.path}`;
    case 'host':
      return `host ${request.host}${request.port === undefined ? '' : `:${request.port}`}`;
    case 'mcp':
      return `mcp ${request.server} ${request.tool}`;
    default:
      return request.kind;
  }
}
