import type { StoredEvent, NewEvent } from '../../src/core/model/event';
import type { GateResult } from '../../src/core/model/gate';
import type { Task } from '../../src/core/model/plan';
import type { Approval, ApprovalAnswer } from '../../src/core/model/approval';
import type { AttemptContext } from '../../src/core/ports';

export interface AttemptOptions {
  readonly worktree?: string;
  readonly task?: Partial<Task>;
  readonly tools?: string[];
  readonly context?: Partial<AttemptContext>;
  /** Answers questions; default: nobody is there. */
  readonly person?: (approval: Omit<Approval, 'id' | 'digest'>) => Partial<ApprovalAnswer>;
  readonly gates?: readonly GateResult[];
}

export interface TestAttempt extends AttemptContext {
  /** Everything that was recorded, also what `context.recorded` held, as a journal would store it. */
  readonly events: StoredEvent[];
  readonly asked: Omit<Approval, 'id' | 'digest'>[];
  /** What a person says; `checkpoint` returns what was not received yet. */
  readonly steering: string[];
  abort(): void;
}

/** What a coordinator hands to a backend, with a journal in memory. */
export function testAttempt(options: AttemptOptions = {}): TestAttempt {
  const recorded = options.context?.recorded ?? [];
  const events: StoredEvent[] = [...recorded];
  const asked: Omit<Approval, 'id' | 'digest'>[] = [];
  const steering: string[] = [];
  const controller = new AbortController();
  const person = options.person ?? (() => ({ decision: 'deny', by: 'nobody' }));
  return {
    runId: 'run-1',
    task: testTask(options.task),
    attempt: 1,
    agent: {
      name: 'coder',
      description: '',
      source: { kind: 'built-in' },
      backend: 'model',
      capabilities: [],
      model: 'inherit',
      instructions: 'You write code.',
      ...(options.tools ? { tools: options.tools } : {}),
    },
    model: 'fake/model',
    worktree: { taskId: 'task', path: options.worktree ?? process.cwd(), commit: 'c0', dependencies: 'none' },
    briefing: 'Do the task.',
    limits: {},
    recorded,
    signal: controller.signal,
    emit: async (event: NewEvent) => {
      events.push({ ...event, runId: 'run-1', seq: events.length + 1, at: '2026-01-01T00:00:00.000Z' });
    },
    ask: async (approval) => {
      asked.push(approval);
      return { id: 'a', digest: 'd', decision: 'allow', by: 'person', ...person(approval) };
    },
    recipients: () => ['docs'],
    checkpoint: async () => {
      const read = events.filter((event) => event.type === 'message.received').length;
      return steering.slice(read).map((text, at) => ({ from: 'person', text, sentSeq: 1000 + read + at }));
    },
    diagnose: async () => [...(options.gates ?? [])],
    ...options.context,
    events,
    asked,
    steering,
    abort: () => controller.abort(),
  };
}

export function testTask(task: Partial<Task> = {}): Task {
  return {
    id: 'task',
    title: 'The task',
    activeForm: 'Doing the task',
    work: { kind: 'agent', prompt: 'Do the task.' },
    agent: 'coder',
    agentReasons: [],
    needs: [],
    scope: [],
    acceptance: [],
    gates: [],
    priority: 'normal',
    estimateMinutes: { low: 1, high: 2 },
    limits: {},
    ...task,
  };
}
