import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, type JsonSchemaValidator, type Tool, type Transport } from '@modelcontextprotocol/client';
import { fail, ok, type Result } from '../../base/result';
import { childEnvironment } from '../process/childEnvironment';
import { httpTransports } from './httpTransports';
import type { Launch, ProgramTarget } from './launch';
import { StdioTransport } from './stdioTransport';
import { toolResultText, type ToolText } from './toolResult';
import { untrustedText } from './untrustedText';

export interface ConnectOptions {
  readonly runId: string;
  /** The one root a server is told of: what it is to work on. */
  readonly tree: string;
  /** Folder for the empty folders servers run in. */
  readonly scratchFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Of starting it and of asking for its tools, each. */
  readonly startTimeoutMs: number;
  readonly callTimeoutMs: number;
}

/** A server that answers. Failures are parts of a sentence. */
export interface Connection {
  /** False once the server ended or the connection broke. */
  isOpen(): boolean;
  /** Whether the server said that its tools changed since they were last listed. */
  isChanged(): boolean;
  tools(signal: AbortSignal): Promise<Result<Tool[], string>>;
  call(tool: string, input: Record<string, unknown>, signal: AbortSignal): Promise<ToolText>;
  /** Ends the server and everything it started. */
  close(): Promise<void>;
}

/**
 * Starts a server (or reaches it) and agrees on the protocol. Whatever it started is ended when it fails.
 * The protocol's library comes with this file, which is a bundle of its own: load it with the first server.
 */
export async function connectServer(
  launch: Launch,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Result<Connection, string>> {
  const { target } = launch;
  if (target.kind === 'program') return connectProgram(launch, target, options, signal);
  let why = '';
  for (const transport of httpTransports(target)) {
    const client = newClient(options);
    const connected = await greet(client, transport, options, signal);
    if (connected.ok) return ok(new OpenConnection(client, launch, options, () => Promise.resolve()));
    why = connected.failure;
    if (signal.aborted) break;
  }
  return fail(untrustedText(why, 600, launch.secrets));
}

async function connectProgram(
  launch: Launch,
  target: ProgramTarget,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Result<Connection, string>> {
  const { runId, environment, scratchFolder } = options;
  await mkdir(scratchFolder, { recursive: true });
  const own = await mkdtemp(join(scratchFolder, 'mcp-'));
  const { program, args, cwd = own, variables } = target;
  const env = childEnvironment({ runId, from: environment, extra: variables });
  const transport = new StdioTransport({ program, args, cwd, env });
  const client = newClient(options);
  const clear = async () => {
    await transport.close();
    // Only what the server itself left in the folder made for it.
    await rm(own, { recursive: true, force: true });
  };
  const connected = await greet(client, transport, options, signal);
  if (connected.ok) return ok(new OpenConnection(client, launch, options, clear));
  await clear();
  const said = transport.stderr.trim();
  const why = said === '' ? connected.failure : `${connected.failure}; it said: ${said}`;
  return fail(untrustedText(why, 1000, launch.secrets));
}

function newClient({ tree }: ConnectOptions): Client {
  const client = new Client(
    { name: 'enterprise-execution-engine', version: '1' },
    {
      // No sampling and no elicitation: a server asks neither a model nor a person anything through us.
      capabilities: { roots: {} },
      // Servers of the newest protocol and older ones.
      versionNegotiation: { mode: 'auto', probe: { timeoutMs: 5000 } },
      // A result is shown as text whatever its schema says; compiling schemas of strangers costs time they choose.
      jsonSchemaValidator: {
        getValidator<T>(): JsonSchemaValidator<T> {
          return (input) => ({ valid: true, data: input as T, errorMessage: undefined });
        },
      },
      listMaxPages: 20,
    },
  );
  client.setRequestHandler('roots/list', () => ({
    roots: [{ uri: pathToFileURL(tree).href, name: basename(tree) }],
  }));
  return client;
}

async function greet(
  client: Client,
  transport: Transport,
  { startTimeoutMs }: ConnectOptions,
  signal: AbortSignal,
): Promise<Result<void, string>> {
  try {
    await client.connect(transport, { signal, timeout: startTimeoutMs, maxTotalTimeout: startTimeoutMs });
    return ok(undefined);
  } catch (error) {
    // The client may have been left between two states.
    await client.close().catch(() => undefined);
    return fail(reasonOf(error));
  }
}

class OpenConnection implements Connection {
  private open = true;
  private changed = false;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly client: Client,
    private readonly launch: Launch,
    private readonly options: ConnectOptions,
    private readonly clear: () => Promise<void>,
  ) {
    client.onclose = () => {
      this.open = false;
    };
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      this.changed = true;
    });
  }

  isOpen(): boolean {
    return this.open;
  }

  isChanged(): boolean {
    return this.changed;
  }

  async tools(signal: AbortSignal): Promise<Result<Tool[], string>> {
    const timeout = this.options.startTimeoutMs;
    this.changed = false;
    try {
      const { tools } = await this.client.listTools({}, { signal, timeout, cacheMode: 'refresh' });
      return ok(tools);
    } catch (error) {
      return fail(this.shown(`it did not say what tools it has: ${reasonOf(error)}`));
    }
  }

  async call(tool: string, input: Record<string, unknown>, signal: AbortSignal): Promise<ToolText> {
    const timeout = this.launch.definition.entry.timeout ?? this.options.callTimeoutMs;
    try {
      const result = await this.client.callTool(
        { name: tool, arguments: input },
        { signal, timeout, maxTotalTimeout: timeout },
      );
      return toolResultText(result, this.launch.secrets);
    } catch (error) {
      if (signal.aborted) return { ok: false, output: 'The call was stopped.' };
      return { ok: false, output: this.shown(`The call failed: ${reasonOf(error)}`) };
    }
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.open = false;
    // Saying goodbye to a server that is gone fails; clearing up does not depend on it.
    await this.client.close().catch(() => undefined);
    await this.clear();
  }

  private shown(text: string): string {
    return untrustedText(text, 2000, this.launch.secrets);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
