import { join } from 'node:path';
import type { LoadedConfig } from './adapters/config/loadConfig';
import type { Repository } from './adapters/git/repository';
import { repositoryFacts } from './adapters/git/repositoryFacts';
import type { Store } from './adapters/git/store';
import { createMcpResearch } from './adapters/mcp/mcpResearch';
import { createMcpToolbox } from './adapters/mcp/mcpToolbox';
import { ServerBook } from './adapters/mcp/serverBook';
import { loadServers } from './adapters/mcp/serverDefinitions';
import { examineServers } from './adapters/mcp/serverHealth';
import { dependencyNames } from './adapters/research/dependencyNames';
import { createRepositoryDocs } from './adapters/research/repositoryDocs';
import type { HealthCheck } from './core/coordination/engine';
import { planningPermit } from './core/coordination/planningPermit';
import type { ResearchDeps } from './core/coordination/research';
import { defaultQueries } from './core/planning/researchQuestions';
import type { OutsideToolbox, Policy } from './core/ports';

/** Where servers are defined, and what a run searches. */
export interface ServersPlace {
  /** The state folder of the machine, and that of this repository inside it. */
  readonly state: string;
  readonly folder: string;
  readonly repository: Pick<Repository, 'root'>;
  readonly config: LoadedConfig;
  readonly store: Store;
  readonly options: { readonly settings?: { readonly mcpServers?: Readonly<Record<string, unknown>> } };
}

/** The MCP servers of one run: for its agents, and for what is looked up before planning. */
export interface RunServers {
  readonly toolbox: OutsideToolbox;
  /** Absent where the configuration turns research off. */
  readonly research?: ResearchDeps;
}

export function serversOfRun(policy: Policy, parts: ServersPlace): RunServers {
  const { research } = parts.config.config;
  const book = bookOf(policy, parts);
  const toolbox = createMcpToolbox(book);
  if (!research.enabled) return { toolbox };
  return {
    toolbox,
    research: {
      queries: research.queries ?? defaultQueries,
      dependencies: (base) => dependencyNames(base.path),
      sources: (session, base, ask) => [
        createRepositoryDocs({
          root: base.path,
          paths: async () => {
            const facts = await repositoryFacts(parts.store, base.commit, 1);
            return facts.ok ? facts.value.paths : [];
          },
        }),
        createMcpResearch({
          book,
          tools: research.tools,
          runId: session.runId,
          tree: base.path,
          permit: planningPermit(policy, session, ask),
        }),
      ],
    },
  };
}

/** What `doctor` says of the servers: which there are, whether they may run, what is wrong with them. Starts none. */
export function serverChecks(policy: Policy, parts: ServersPlace): Promise<HealthCheck[]> {
  return examineServers(bookOf(policy, parts), policy, parts.repository.root);
}

function bookOf(policy: Policy, { repository, folder, state, config, options }: ServersPlace): ServerBook {
  const { servers, disabled } = config.config.mcp;
  return new ServerBook({
    policy,
    servers: () =>
      loadServers({
        workspace: repository.root,
        machine: [
          { path: 'the setting enterprise.mcp.servers', servers: options.settings?.mcpServers ?? {} },
          { path: join(state, 'config.json'), servers },
        ],
        disabled,
      }),
    workspace: repository.root,
    scratchFolder: join(folder, 'scratch'),
    environment: process.env,
  });
}
