import { createHash } from 'node:crypto';
import { Limiter } from '../../src/base/limiter';
import { ok, type Result } from '../../src/base/result';
import type { RunRequest } from '../../src/core/coordination/engine';
import { LocalEngine } from '../../src/core/coordination/localEngine';
import { planRun } from '../../src/core/coordination/planRun';
import { taskBriefing } from '../../src/core/coordination/taskBriefing';
import type { Agent } from '../../src/core/model/agent';
import type { ApprovalAnswer } from '../../src/core/model/approval';
import type { NewEvent, StoredEvent } from '../../src/core/model/event';
import type { Failure } from '../../src/core/model/failure';
import type { PlanFile } from '../../src/core/model/plan';
import type {
  AgentBackend,
  Approver,
  AttemptContext,
  AttemptOutcome,
  Journal,
  ModelProvider,
} from '../../src/core/ports';
import { nothingKept } from './fakeEngine';
import { FakeClock } from './fakeClock';
import { createFakeGateRunner, type FakeGateRunner } from './fakeGateRunner';
import { FakeJournalFile } from './fakeJournal';
import { createFakeWorkspace } from './fakeWorkspace';
import { createFakeWorktrees } from './fakeWorktrees';

/** What a steered attempt does: it may write into its worktree, then ends as the returned value says. */
export type Acting = (
  context: AttemptContext,
  write: (path: string, text: string) => Promise<void>,
) => Promise<Result<AttemptOutcome, Failure>>;

export interface StageOptions {
  readonly files?: Record<string, string>;
  readonly gates?: FakeGateRunner;
  readonly journal?: FakeJournalFile;
  /** Tells the runs of several stages in one real journal apart. */
  readonly name?: string;
  /** Used instead of the fake one. */
  readonly realJournal?: Journal;
  readonly plan?: PlanFile;
  readonly act?: Acting;
  readonly answers?: (title: string) => Partial<ApprovalAnswer> | Promise<Partial<ApprovalAnswer>>;
  readonly models?: ModelProvider;
  readonly budget?: Partial<{
    maxParallel: number;
    maxMinutes: number;
    maxTokens: number;
    maxCostUsd: number;
  }>;
}

export const done = (summary = 'done'): Result<AttemptOutcome, Failure> => ok({ summary });

/** A whole engine whose world is fake and behaves: repository, worktrees, gates, journal, clock and agents. */
export function stage(options: StageOptions = {}) {
  const worktrees = createFakeWorktrees(options.files ?? { 'a.txt': 'one\n', 'b.txt': 'two\n' });
  const { repository } = worktrees;
  const workspace = createFakeWorkspace(repository);
  const gates = options.gates ?? createFakeGateRunner({ tests: { does: 'pass' } });
  const file = options.journal ?? new FakeJournalFile();
  const clock = new FakeClock();
  const asked: string[] = [];
  const answers = options.answers;
  const approver: Approver = {
    ask: async (_runId, approval) => {
      asked.push(approval.title);
      const answer = await (answers?.(approval.title) ?? { decision: 'deny', by: 'nobody' });
      return { id: approval.id, digest: approval.digest, decision: 'deny', by: 'nobody', ...answer };
    },
  };
  const act: Acting = options.act ?? (() => Promise.resolve(done()));
  const backend: AgentBackend = {
    run: (context) => act(context, (path, text) => worktrees.write(context.worktree, path, text)),
  };
  let ids = 0;
  const identity = {
    owner: 'test',
    newId: () => `${options.name ?? 'id'}-${++ids}-${file.open.size}`,
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
  };
  const agents = () => Promise.resolve({ agents: team, problems: [] });
  const models: ModelProvider = options.models ?? {
    complete: () => Promise.reject(new Error('No model takes part in this test.')),
  };
  const create = (journal: Journal = options.realJournal ?? file.connect()) =>
    new LocalEngine({
      workspace: '/checkout',
      engineVersion: '0',
      journal,
      worktrees: worktrees.worktrees,
      delivery: workspace.workspace,
      rescue: nothingKept,
      approver,
      identity,
      defaults: {
        model: options.models ? 'fake/model' : 'offline',
        budget: { maxParallel: 4, ...options.budget },
      },
      endLeftovers: () => Promise.resolve(),
      preflight: () => Promise.resolve(ok(undefined)),
      agents,
      workflows: () => Promise.resolve({ workflows: [], problems: [] }),
      gates: () => gates.detect('/checkout'),
      doctor: () => Promise.resolve([]),
      replay: () => Promise.reject(new Error('This stage replays nothing.')),
      writeReports: () => Promise.resolve(ok({ folder: '/reports' })),
      runParts: () => ({
        gateRunner: gates,
        backends: { model: backend, acp: backend, command: backend },
        clock,
        loadAgents: () => Promise.resolve(team),
        gateLimiter: new Limiter(8),
        briefing: (session, taskId, worktree) =>
          taskBriefing(session, taskId, worktree, {
            worktrees: worktrees.worktrees,
            instructions: () => Promise.resolve([]),
          }),
        planner: (request: RunRequest) => (session, base, signal, ask) =>
          planRun(
            request,
            session,
            base,
            { ...planning(options, gates, models, clock), loadAgents: agents, newId: identity.newId },
            signal,
            ask,
          ),
      }),
    });
  return { engine: create(), create, repository, worktrees, workspace, gates, file, clock, asked };
}

function planning(options: StageOptions, gates: FakeGateRunner, provider: ModelProvider, clock: FakeClock) {
  return {
    provider,
    clock,
    random: () => 0,
    detectGates: (path: string) => gates.detect(path),
    readDigest: () =>
      Promise.resolve(
        ok({
          files: 2,
          languages: [],
          layout: [],
          manifests: [],
          scripts: [],
          instructions: [],
          recentHistory: [],
        }),
      ),
    loadWorkflows: () => Promise.resolve({ workflows: [], problems: [] }),
    readPlanFile: () => Promise.resolve(options.plan ? ok(options.plan) : missingPlan),
  };
}

const missingPlan: Result<PlanFile, Failure> = {
  ok: false,
  failure: { kind: 'usage', message: 'There is no plan file.' },
};

const team: Agent[] = [
  agent('implementer', 'model'),
  agent('command-runner', 'command'),
  agent('tester', 'command'),
  agent('code-analyst', 'command'),
];

function agent(name: string, backend: Agent['backend']): Agent {
  return {
    name,
    description: name,
    source: { kind: 'built-in' },
    backend,
    capabilities: [],
    model: 'inherit',
    instructions: '',
  };
}

/** Events as one line each, for comparison with a picture of what should happen. */
export function storyOf(events: readonly StoredEvent[], types: readonly NewEvent['type'][]): string[] {
  return events
    .filter((event) => types.includes(event.type))
    .map((event) =>
      'taskId' in event && event.taskId !== undefined ? `${event.type} ${event.taskId}` : event.type,
    );
}
