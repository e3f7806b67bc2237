import { fail, ok, type Result } from '../../base/result';
import type { Permit } from '../../core/ports';
import type { Connection } from './connectServer';
import type { Launch } from './launch';
import type { ServerBook } from './serverBook';
import type { ServerDefinition } from './serverDefinitions';
import type { ToolText } from './toolResult';
import { serverTools, type ServerTool } from './toolSpec';

/** One that ended is started once more; a second end is its last. */
const maxStarts = 2;

/**
 * One server in the service of one attempt (or of the research): started when it is first needed, for the tree of that
 * attempt, and ended with it. No two attempts share a process, so none can reach another's files or state through it.
 */
export class ServerSession {
  private connection: Connection | undefined;
  private launch: Launch | undefined;
  private starts = 0;
  private closed = false;

  constructor(
    readonly definition: ServerDefinition,
    private readonly book: ServerBook,
    private readonly scene: { readonly runId: string; readonly tree: string },
  ) {}

  /** What it offers. The list is read once for each run; only who reads it first has to start the server for that. */
  async tools(permit: Permit, signal: AbortSignal): Promise<Result<readonly ServerTool[], string>> {
    const { name } = this.definition;
    const known = this.book.tools(name);
    if (known) return ok(known);
    return this.book.listed(name, signal, async () => {
      const connected = await this.connected(permit, signal);
      return connected.ok ? ok(this.book.tools(name) ?? []) : connected;
    });
  }

  async call(
    tool: string,
    input: Record<string, unknown>,
    permit: Permit,
    signal: AbortSignal,
  ): Promise<ToolText> {
    const connected = await this.connected(permit, signal);
    if (!connected.ok) return { ok: false, output: `Not called: ${connected.failure}.` };
    if (this.book.tools(this.definition.name)?.some(({ name }) => name === tool) !== true)
      return { ok: false, output: `Not called: the server has no tool ${JSON.stringify(tool)} any more.` };
    const result = await connected.value.call(tool, input, signal);
    if (connected.value.isOpen() || signal.aborted) return result;
    const said = `${result.output}\nThe server ended meanwhile; whether the call had an effect is unknown.`;
    return {
      ok: false,
      output: this.starts < maxStarts ? `${said} It is started again for the next call.` : said,
    };
  }

  /** Ends the server. Never rejects. */
  async close(): Promise<void> {
    this.closed = true;
    await this.connection?.close();
  }

  private async connected(permit: Permit, signal: AbortSignal): Promise<Result<Connection, string>> {
    const { connection, launch } = this;
    if (connection?.isOpen() && launch) {
      return connection.isChanged() ? this.checked(connection, launch, permit, signal) : ok(connection);
    }
    await connection?.close();
    if (this.closed || signal.aborted) return fail('the attempt is over');
    if (this.starts >= maxStarts) return fail('the server ended twice and is not started again');
    return this.start(permit, signal);
  }

  private async start(permit: Permit, signal: AbortSignal): Promise<Result<Connection, string>> {
    const { runId, tree } = this.scene;
    const launch = await this.book.launch(this.definition, tree);
    if (!launch.ok) return launch;
    const refusal = await this.book.mayStart(launch.value, permit);
    if (refusal !== undefined) return fail(refusal.replace(/\.$/, ''));
    this.starts++;
    const { connectServer } = await import('./connectServer');
    const connected = await connectServer(launch.value, this.book.connectOptions(runId, tree), signal);
    if (!connected.ok) return connected;
    this.launch = launch.value;
    this.connection = connected.value;
    // It may have been closed while the server started.
    if (this.closed) await connected.value.close();
    return this.checked(connected.value, launch.value, permit, signal);
  }

  /**
   * Reads what tools there are and compares them with those of the run: a server that is allowed and then describes
   * other tools, or the same ones otherwise, is not used until a person has seen the difference.
   */
  private async checked(
    connection: Connection,
    launch: Launch,
    permit: Permit,
    signal: AbortSignal,
  ): Promise<Result<Connection, string>> {
    const { name } = this.definition;
    const listed = await connection.tools(signal);
    if (!listed.ok) return listed;
    const { tools } = serverTools(listed.value);
    const before = this.book.tools(name);
    if (before && !isSame(before, tools)) {
      const refusal = await this.book.mayChange(launch, before, tools, permit);
      if (refusal !== undefined) {
        await connection.close();
        return fail(
          `the server changed its tools after it was allowed, and ${lowerFirst(refusal.replace(/\.$/, ''))}`,
        );
      }
    }
    this.book.learn(name, tools);
    return ok(connection);
  }
}

function isSame(before: readonly ServerTool[], now: readonly ServerTool[]): boolean {
  const prints = (tools: readonly ServerTool[]) =>
    tools
      .map((tool) => tool.fingerprint)
      .sort()
      .join();
  return prints(before) === prints(now);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
