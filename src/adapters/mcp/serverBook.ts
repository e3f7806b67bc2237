import { createHash } from 'node:crypto';
import type { Result } from '../../base/result';
import { fail } from '../../base/result';
import type { Permit, Policy } from '../../core/ports';
import type { ConnectOptions } from './connectServer';
import { planLaunch, type Launch } from './launch';
import type { LoadedServers, ServerDefinition } from './serverDefinitions';
import type { ServerTool } from './toolSpec';

export interface McpOptions {
  /** Read once for each run. */
  readonly servers: () => Promise<LoadedServers>;
  readonly policy: Policy;
  /** The person's checkout. */
  readonly workspace: string;
  /** Folder for the empty folders servers run in; outside every repository. */
  readonly scratchFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Default: 60 s to start, which may mean a download, and 120 s for a call. */
  readonly timeouts?: { readonly startMs: number; readonly callMs: number };
}

/**
 * What a run knows of its servers: who may run, which tools they had when that was allowed, and what went wrong. Shared by
 * the research and all attempts, so that a person is asked once and a hundred attempts do not start a hundred servers
 * to read the same list.
 */
export class ServerBook {
  private loaded: Promise<LoadedServers> | undefined;
  private readonly refusals = new Map<string, string>();
  private readonly asking = new Map<string, Promise<unknown>>();
  private readonly listing = new Map<string, Promise<Result<readonly ServerTool[], string>>>();
  private readonly known = new Map<string, readonly ServerTool[]>();
  private readonly told = new Set<string>();

  constructor(private readonly options: McpOptions) {}

  servers(): Promise<LoadedServers> {
    this.loaded ??= this.options.servers();
    return this.loaded;
  }

  launch(definition: ServerDefinition, tree: string): Promise<Result<Launch, string>> {
    const { workspace, environment } = this.options;
    return planLaunch(definition, { workspace, tree, environment });
  }

  connectOptions(runId: string, tree: string): ConnectOptions {
    const { scratchFolder, environment, timeouts } = this.options;
    return {
      runId,
      tree,
      scratchFolder,
      environment,
      startTimeoutMs: timeouts?.startMs ?? 60_000,
      callTimeoutMs: timeouts?.callMs ?? 120_000,
    };
  }

  /** Undefined when the server may be started; else why not. A person who said no is not asked again in this run. */
  async mayStart(launch: Launch, permit: Permit): Promise<string | undefined> {
    const { definition, target, digest, commandLine, detail } = launch;
    if (target.kind === 'address') {
      const { hostname, port } = target.url;
      const request = {
        kind: 'host' as const,
        host: hostname,
        ...(port === '' ? {} : { port: Number(port) }),
      };
      const decided = await this.options.policy.decide(request);
      if (decided.decision === 'deny') return `${decided.reason} (rule "${decided.rule}")`;
    }
    const verb = target.kind === 'address' ? 'Connect to' : 'Start';
    const question = { title: `${verb} the MCP server ${JSON.stringify(definition.name)}?`, detail };
    const request = { kind: 'program' as const, name: definition.name, commandLine, digest };
    return this.once(digest, () => permit(request, question));
  }

  /** The same for tools that are not those it had when it was allowed. */
  mayChange(launch: Launch, before: readonly ServerTool[], now: readonly ServerTool[], permit: Permit) {
    const { name } = launch.definition;
    const digest = createHash('sha256')
      .update(JSON.stringify([launch.digest, now.map((tool) => tool.fingerprint).sort()]))
      .digest('hex');
    const question = {
      title: `Go on with the MCP server ${JSON.stringify(name)}, which changed its tools?`,
      detail: `${launch.detail}\n\nSince it was allowed its tools changed:\n${differences(before, now)}`,
    };
    const commandLine = `${launch.commandLine} (with other tools)`;
    return this.once(digest, () => permit({ kind: 'program', name, commandLine, digest }, question));
  }

  tools(server: string): readonly ServerTool[] | undefined {
    return this.known.get(server);
  }

  learn(server: string, tools: readonly ServerTool[]): void {
    this.known.set(server, tools);
  }

  /** Whoever needs the list first reads it for all; a failure is everybody's, too, unless it was an abort. */
  listed(
    server: string,
    signal: AbortSignal,
    read: () => Promise<Result<readonly ServerTool[], string>>,
  ): Promise<Result<readonly ServerTool[], string>> {
    const under = this.listing.get(server);
    if (under) return under;
    const reading = read().then((list) => {
      if (!list.ok && signal.aborted) this.listing.delete(server);
      return list;
    });
    this.listing.set(
      server,
      reading.catch(() => {
        this.listing.delete(server);
        return fail('it could not be asked');
      }),
    );
    return reading;
  }

  /** True the first time only: a run with a hundred attempts says each thing once. */
  isNews(message: string): boolean {
    if (this.told.has(message)) return false;
    this.told.add(message);
    return true;
  }

  /** In turn for one digest: who comes second finds what the first was answered. */
  private async once(digest: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    const before = this.asking.get(digest) ?? Promise.resolve();
    const turn = before.then(async () => {
      const refusal = this.refusals.get(digest) ?? (await ask());
      if (refusal !== undefined) this.refusals.set(digest, refusal);
      return refusal;
    });
    // A question that was broken off has no answer for the next in turn.
    this.asking.set(
      digest,
      turn.catch(() => undefined),
    );
    return turn;
  }
}

function differences(before: readonly ServerTool[], now: readonly ServerTool[]): string {
  const old = new Map(before.map((tool) => [tool.name, tool]));
  const names = new Set(now.map((tool) => tool.name));
  return [
    ...now
      .filter((tool) => old.get(tool.name)?.fingerprint !== tool.fingerprint)
      .map((tool) => {
        const what = old.has(tool.name) ? 'changed' : 'new';
        return `- ${what}: ${JSON.stringify(tool.name)}\n  ${tool.description.replaceAll('\n', '\n  ')}`;
      }),
    ...before.filter((tool) => !names.has(tool.name)).map((tool) => `- gone: ${JSON.stringify(tool.name)}`),
  ].join('\n');
}
