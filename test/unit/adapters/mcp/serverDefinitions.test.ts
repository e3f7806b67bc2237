import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { loadServers } from '../../../../src/adapters/mcp/serverDefinitions';

describe('definitions of MCP servers', () => {
  let workspace: string;
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'mcp-'));
  });
  afterEach(() => rm(workspace, { recursive: true }));

  async function put(path: string, content: unknown): Promise<void> {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(
      join(workspace, path),
      typeof content === 'string' ? content : JSON.stringify(content, undefined, 2),
    );
  }
  async function load(own: Record<string, unknown> = {}, disabled: string[] = []) {
    const { servers, problems } = await loadServers({
      workspace,
      machine: [{ path: 'config.json', servers: own }],
      disabled,
    });
    return {
      servers: servers.map(
        ({ name, source, entry }) => `${name} (${source.kind}): ${entry.command ?? entry.url ?? 'nothing'}`,
      ),
      problems: problems.map(
        ({ path, line, column, severity, message }) =>
          `${basename(path)}:${line}:${column} ${severity} ${message.replaceAll(workspace, '')}`,
      ),
    };
  }

  it('are none where there is no file', async () => {
    assert.deepEqual(await load(), { servers: [], problems: [] });
  });

  it('come from the machine, `.mcp.json` and `.vscode/mcp.json`', async () => {
    await put('.mcp.json', { mcpServers: { two: { command: 'two', args: ['x'] } } });
    await put('.vscode/mcp.json', {
      inputs: [],
      servers: { three: { type: 'http', url: 'https://three.test' } },
    });
    assert.deepEqual(await load({ one: { command: 'one' } }), {
      servers: ['one (machine): one', 'two (project): two', 'three (project): https://three.test'],
      problems: [],
    });
  });

  it('of one name: the machine’s is used, and the other one is said not to be', async () => {
    await put('.mcp.json', { mcpServers: { one: { command: 'evil' } } });
    assert.deepEqual(await load({ one: { command: 'one' } }), {
      servers: ['one (machine): one'],
      problems: [
        '.mcp.json:1:1 warning The MCP server "one" is not used: config.json defines one of that name.',
      ],
    });
  });

  it('of the settings are checked like those of a file', async () => {
    assert.deepEqual(await load({ one: { command: 'one' }, two: 'npx two' }), {
      servers: ['one (machine): one'],
      problems: [
        'config.json:1:1 error The MCP server "two" cannot be used: Invalid input: expected object, received string.',
      ],
    });
  });

  it('may be turned off, by name or in their own entry', async () => {
    await put('.mcp.json', {
      mcpServers: { one: { command: 'one' }, two: { command: 'two', disabled: true } },
    });
    assert.deepEqual((await load({}, ['one'])).servers, []);
  });

  it('may have comments and commas at the end, as editors write them', async () => {
    await put('.vscode/mcp.json', '{\n  // mine\n  "servers": { "a": { "command": "a", }, /* old */ },\n}\n');
    assert.deepEqual(await load(), { servers: ['a (project): a'], problems: [] });
  });

  it('that are wrong are named with their place, and the others are used', async () => {
    await put('.mcp.json', {
      mcpServers: {
        good: { command: 'good' },
        both: { command: 'a', url: 'b' },
        neither: {},
        args: { command: 'x', args: 'y' },
      },
    });
    const { servers, problems } = await load();
    assert.deepEqual(servers, ['good (project): good']);
    assert.deepEqual(problems, [
      '.mcp.json:6:5 error The MCP server "both" cannot be used: a server has either a command or a url.',
      '.mcp.json:10:5 error The MCP server "neither" cannot be used: a server has either a command or a url.',
      '.mcp.json:11:5 error The MCP server "args" cannot be used: `args`: Invalid input: expected array, received string.',
    ]);
  });

  it('in a file that is no JSON are a problem at its place', async () => {
    await put('.mcp.json', '{\n  "mcpServers": {\n    oops\n  }\n}');
    const { problems } = await load();
    assert.match(problems[0] ?? '', /^\.mcp\.json:3:5 error This is not valid JSON/);
  });

  it('in a file that is no text, or has another form, are a problem', async () => {
    await put('.mcp.json', '\0\0');
    await put('.vscode/mcp.json', { servers: ['a'] });
    const { problems } = await load();
    assert.match(problems[0] ?? '', /This file cannot be used: it is a binary file/);
    assert.match(problems[1] ?? '', /mcp\.json:2:\d+ error `servers`/);
  });
});
