import type {
  AttemptContext,
  OutsideToolbox,
  OutsideTools,
  Permit,
  ToolCall,
  ToolOutcome,
  ToolSpec,
} from '../../core/ports';
import { sentence } from '../../core/model/failure';
import type { ServerBook } from './serverBook';
import { ServerSession } from './serverSession';
import { isServerWanted, isWanted, toolNames } from './toolNames';
import { toolSpec, type ServerTool } from './toolSpec';
import { untrustedLine } from './untrustedText';

/** Of all servers together: services of models take 128 tools, and an agent has its own. */
const maxTools = 100;

/** The tools of a run's MCP servers for its attempts, each as `mcp__<server>__<tool>`. */
export function createMcpToolbox(book: ServerBook): OutsideToolbox {
  return {
    open: async (context, permit) => {
      const tools = new McpTools(book, context);
      try {
        await tools.gather(permit);
      } catch (error) {
        await tools.close();
        // What an abort interrupts is said by whoever was aborted.
        if (!context.signal.aborted) throw error;
      }
      return tools;
    },
  };
}

interface Offer {
  readonly name: string;
  readonly spec: ToolSpec;
  readonly tool: ServerTool;
  readonly session: ServerSession;
}

class McpTools implements OutsideTools {
  private offers: readonly Offer[] = [];
  private sessions: readonly ServerSession[] = [];

  constructor(
    private readonly book: ServerBook,
    private readonly context: AttemptContext,
  ) {}

  get specs(): readonly ToolSpec[] {
    return this.offers.map((offer) => offer.spec);
  }

  async gather(permit: Permit): Promise<void> {
    const { runId, worktree, agent, signal } = this.context;
    const { servers, problems } = await this.book.servers();
    for (const { path, line, message } of problems) await this.note(`${path}:${line}: ${message}`);
    this.sessions = servers
      .filter((server) => isServerWanted(server.name, agent))
      .map((server) => new ServerSession(server, this.book, { runId, tree: worktree.path }));
    // Starting one may take seconds; approvers put questions to a person one after the other by themselves.
    const lists = await Promise.all(
      this.sessions.map(async (session) => ({ session, listed: await session.tools(permit, signal) })),
    );
    for (const { session, listed } of lists) {
      if (listed.ok || signal.aborted) continue;
      const { name } = session.definition;
      await this.note(`The MCP server ${JSON.stringify(name)} is not used: ${sentence(listed.failure)}`);
    }
    const found = lists.flatMap(({ session, listed }) =>
      listed.ok ? listed.value.map((tool) => ({ session, tool })) : [],
    );
    await this.offer(found);
  }

  summary(call: ToolCall): string {
    const offer = this.offers.find(({ name }) => name === call.name);
    const what = offer ? `${offer.session.definition.name}: ${offer.tool.name}` : call.name;
    return untrustedLine(`${what} ${JSON.stringify(call.input)}`, 120);
  }

  async call(call: ToolCall, permit: Permit, signal: AbortSignal): Promise<ToolOutcome> {
    const offer = this.offers.find(({ name }) => name === call.name);
    if (!offer || !isRecord(call.input))
      return { ok: false, output: `${call.name} cannot be called like that. Nothing was done.` };
    const { session, tool } = offer;
    const server = session.definition.name;
    const refusal = await permit(
      { kind: 'mcp', server, tool: tool.name },
      {
        title: `Call the tool ${JSON.stringify(tool.name)} of the MCP server ${JSON.stringify(server)}?`,
        detail: `${server}/${tool.name}\n\n${JSON.stringify(call.input, undefined, 2)}`,
      },
    );
    if (refusal !== undefined) return { ok: false, output: refusal };
    return session.call(tool.name, call.input, permit, signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.close()));
  }

  private async offer(found: readonly { session: ServerSession; tool: ServerTool }[]): Promise<void> {
    const named = found.map(({ session, tool }) => ({ server: session.definition.name, tool: tool.name }));
    // Names are given to all of them first: which an agent may call must not change what they are called.
    const names = toolNames(named);
    const offers = found.flatMap(({ session, tool }, at) => {
      const name = names[at] ?? '';
      const wanted = named[at] && isWanted(named[at], this.context.agent);
      return wanted ? [{ name, tool, session, spec: toolSpec(session.definition.name, tool, name) }] : [];
    });
    this.offers = offers.slice(0, maxTools);
    const left = offers.length - this.offers.length;
    if (left > 0)
      await this.note(`${left} tools of MCP servers are not offered: an agent gets ${maxTools} at most.`);
  }

  private async note(message: string): Promise<void> {
    const text = untrustedLine(message, 1000);
    if (this.book.isNews(text)) await this.context.emit({ type: 'note', level: 'warning', message: text });
  }
}

function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}
