import { randomUUID } from 'node:crypto';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createExternalBackend } from './adapters/agents/acp/externalBackend';
import { createExternalModel } from './adapters/agents/acp/externalModel';
import { findExternalAgents } from './adapters/agents/acp/findExternalAgents';
import { findLaunch, startRequest, type Launch, type LaunchOptions } from './adapters/agents/acp/launch';
import { mayStart } from './adapters/agents/acp/startPermission';
import { systemClock } from './adapters/clock/systemClock';
import type { LoadedConfig } from './adapters/config/loadConfig';
import type { Sandbox } from './adapters/process/sandbox';
import type { Result } from './base/result';
import type { AskPerson } from './core/coordination/research';
import type { RunSession } from './core/coordination/runSession';
import type { Failure } from './core/model/failure';
import type { AgentBackend, ModelProvider, Policy } from './core/ports';

/** External agents (`acp/…`) of one folder. */
export interface ExternalAgents {
  /** What would be started for a model id, or why nothing can be. */
  launch(model: string): Promise<Result<Launch, Failure>>;
  /** One line for each that is installed. */
  found(): Promise<string[]>;
  /** Attempts of one run. */
  backend(policy: Policy): AgentBackend;
  /** Answers for the planning of one run, whose person is asked. */
  planner(policy: Policy, session: RunSession, ask: AskPerson): ModelProvider;
  /** Answers where nobody can be asked: only agents a rule allows are started. */
  unattended(policy: Policy): ModelProvider;
}

export interface ExternalPlace {
  readonly workspace: string;
  /** The state folder of the machine, and that of this repository inside it. */
  readonly state: string;
  readonly folder: string;
  readonly repository: { readonly root: string };
  readonly config: LoadedConfig;
  readonly sandbox: Sandbox;
}

export function externalAgents(place: ExternalPlace): ExternalAgents {
  const { sandbox, state, config } = place;
  const options = launchOptions(state, config, [place.repository.root, place.workspace, place.folder]);
  const launch = async (model: string) => {
    await mkdir(options.npxFolder, { recursive: true });
    return findLaunch(model, options);
  };
  const confine = async (agent: Launch, cwd: string) => {
    const readWrite = await existing([...agent.ownPaths, options.npxFolder]);
    const { commandLine } = startRequest(agent);
    return sandbox.confine({ line: commandLine, root: cwd, readWrite, network: true, guarded: true });
  };
  const describe = async (agent: Launch) => {
    const found = await sandbox.state();
    if (found.kind !== 'ready')
      return `Not in a sandbox: it can do whatever this account can (${found.reason}). What it asks for is answered by the policy; what it does without asking is not seen.`;
    const own = await existing(agent.ownPaths);
    return `In the sandbox, with network. It can write the worktree${own.length > 0 ? ` and ${own.join(', ')}` : ''}.`;
  };
  const model = (startable: (agent: Launch) => Promise<Failure | undefined>, runId?: string) =>
    createExternalModel({ launch, confine, mayStart: startable, ...(runId === undefined ? {} : { runId }) });
  return {
    launch,
    found: async () => {
      await mkdir(options.npxFolder, { recursive: true });
      return findExternalAgents(options);
    },
    backend: (policy) =>
      createExternalBackend({ launch, confine, describe, policy, clock: systemClock, newId: randomUUID }),
    planner: (policy, session, ask) => {
      const emit = (event: Parameters<RunSession['emit']>[0]) => session.emit(event);
      return model((agent) => mayStart(agent, { policy, ask, emit, describe }), session.runId);
    },
    unattended: (policy) => model((agent) => onlyByRule(agent, policy)),
  };
}

/** One real, tiny question to an agent that a person chose to test. */
export function externalModelFor(state: string, config: LoadedConfig): ModelProvider {
  const options = launchOptions(state, config, [state]);
  return createExternalModel({
    launch: async (model) => {
      await mkdir(options.npxFolder, { recursive: true });
      return findLaunch(model, options);
    },
    mayStart: () => Promise.resolve(undefined),
  });
}

function launchOptions(state: string, { config }: LoadedConfig, untrusted: readonly string[]): LaunchOptions {
  return {
    configured: config.acp,
    untrusted,
    npxFolder: join(state, 'npx'),
    environment: process.env,
    home: homedir(),
  };
}

async function onlyByRule(agent: Launch, policy: Policy): Promise<Failure | undefined> {
  const decided = await policy.decide(startRequest(agent));
  if (decided.decision === 'allow') return undefined;
  return {
    kind: 'denied',
    rule: decided.rule,
    message: `${agent.model} is installed (${agent.file}) and was not started: no rule allows it yet.`,
    remedy: 'Start a run with it and answer "always" when you are asked.',
  };
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, at) => found[at]);
}
