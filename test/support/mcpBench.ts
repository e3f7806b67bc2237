import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createMcpToolbox } from '../../src/adapters/mcp/mcpToolbox';
import { ServerBook } from '../../src/adapters/mcp/serverBook';
import type { ServerDefinition } from '../../src/adapters/mcp/serverDefinitions';
import type { McpServerEntry } from '../../src/core/model/mcpServer';
import type { OutsideTools, Permit, Policy, PolicyRequest, ToolOutcome } from '../../src/core/ports';
import { testAttempt, type TestAttempt } from './attempt';
import { scriptedPolicy } from './scriptedPolicy';

const script = resolve(__dirname, '../fixtures/mcp/scriptedServer.mjs');

/** A run with MCP servers, without an engine: what is asked for permission is kept, and answered by `answer`. */
export class McpBench {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-bench-')));
  readonly workspace = join(this.folder, 'checkout');
  readonly log = join(this.folder, 'log');
  readonly scratch = join(this.folder, 'scratch');
  readonly asked: { request: PolicyRequest; title: string; detail: string }[] = [];
  answer: (request: PolicyRequest) => string | undefined = () => undefined;
  readonly environment: NodeJS.ProcessEnv = { PATH: process.env['PATH'] };
  policy: Policy = scriptedPolicy(() => 'ask');
  timeouts = { startMs: 5000, callMs: 5000 };
  private readonly opened: OutsideTools[] = [];
  private readonly entries: Record<string, McpServerEntry> = {};
  private shared: ServerBook | undefined;
  private worktrees = 0;

  constructor() {
    mkdirSync(this.workspace);
  }

  /** Defines a server that behaves as the scripted one does in this mode. */
  scripted(mode: string, name = 'box', entry: Partial<McpServerEntry> = {}): this {
    return this.define(name, { command: process.execPath, args: [script, mode, this.log], ...entry });
  }

  define(name: string, entry: McpServerEntry): this {
    this.entries[name] = entry;
    return this;
  }

  /** What the whole run shares. */
  get book(): ServerBook {
    const servers = Object.entries(this.entries).map(([name, entry]): ServerDefinition => ({
      name,
      entry,
      source: { kind: 'project', path: '.mcp.json' },
    }));
    this.shared ??= new ServerBook({
      servers: () => Promise.resolve({ servers, problems: [] }),
      policy: this.policy,
      workspace: this.workspace,
      scratchFolder: this.scratch,
      environment: this.environment,
      timeouts: this.timeouts,
    });
    return this.shared;
  }

  /** The tools as one attempt in a worktree of its own gets them. */
  async open(
    tools?: string[],
    runId = 'run-1',
  ): Promise<{ tools: OutsideTools; attempt: TestAttempt; call: Call }> {
    const worktree = join(this.folder, `worktree-${++this.worktrees}`);
    mkdirSync(worktree);
    const attempt = testAttempt({ worktree, context: { runId }, ...(tools ? { tools } : {}) });
    const opened = await createMcpToolbox(this.book).open(attempt, this.permit);
    this.opened.push(opened);
    const call: Call = (name, input = {}, signal = new AbortController().signal) =>
      opened.call({ id: 'c', name, input }, this.permit, signal);
    return { tools: opened, attempt, call };
  }

  readonly permit: Permit = (request, question) => {
    this.asked.push({ request, ...question });
    return Promise.resolve(this.answer(request));
  };

  /** What the scripted servers noted, one line each. */
  noted(): string[] {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8').trim().split('\n') : [];
  }

  async close(): Promise<void> {
    await Promise.all(this.opened.map((tools) => tools.close()));
    rmSync(this.folder, { recursive: true });
  }
}

export type Call = (name: string, input?: unknown, signal?: AbortSignal) => Promise<ToolOutcome>;
