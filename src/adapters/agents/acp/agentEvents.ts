import type { Clock } from '../../../base/clock';
import type { NewEvent } from '../../../core/model/event';
import { Progress } from '../backends/progress';
import { Paced } from './paced';
import type { SessionUpdate, ToolCallUpdate } from './protocol';
import { Recorder } from './recorder';
import { summaryOf, Transcript } from './transcript';

export interface AgentEventsOptions {
  readonly caller: { readonly taskId: string; readonly attempt: number };
  readonly clock: Clock;
  readonly emit: (event: NewEvent) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

type Told = Exclude<SessionUpdate, { sessionUpdate: 'usage_update' | 'current_mode_update' }>;

/** Turns what an agent tells while it works into events, few and in order, however much it tells. */
export class AgentEvents {
  private readonly recorder: Recorder;
  private readonly transcript: Transcript;
  private readonly progress: Progress;
  private readonly todos = new Paced(1000, () => this.recordPlan());
  private plan: Extract<SessionUpdate, { sessionUpdate: 'plan' }>['entries'] = [];
  private line = '';

  constructor(private readonly options: AgentEventsOptions) {
    const { caller, clock } = options;
    this.recorder = new Recorder(options.emit, options.onFailure);
    const record = (event: NewEvent) => void this.recorder.record(event).catch(() => undefined);
    this.transcript = new Transcript({ caller, clock, record });
    this.progress = new Progress(
      { task: { id: caller.taskId }, attempt: caller.attempt, emit: (event) => this.recorder.record(event) },
      clock,
    );
  }

  /** The last message of the agent. */
  get text(): string {
    return this.transcript.text;
  }

  get calls(): number {
    return this.transcript.calls;
  }

  beginTurn(turn: number): void {
    this.transcript.beginTurn(turn);
    this.line = '';
  }

  take(update: Told): void {
    switch (update.sessionUpdate) {
      case 'agent_message_chunk':
        return this.say(update.content.text ?? '');
      case 'tool_call':
      case 'tool_call_update':
        this.transcript.tool(update);
        if (update.title) this.progress.report({ activity: summaryOf(update) });
        return;
      case 'plan':
        this.plan = update.entries.slice(0, maxEntries);
        return this.todos.touch();
    }
  }

  /** A call the agent asks permission for, with everything it told of it. */
  asked(call: ToolCallUpdate): ToolCallUpdate {
    return this.transcript.asked(call);
  }

  /** Resolves when the event is durable, and everything before it. */
  record(event: NewEvent): Promise<void> {
    return this.recorder.record(event);
  }

  ready(): Promise<void> {
    return this.recorder.ready();
  }

  /** Resolves when everything of the turn is durable. */
  async endTurn(): Promise<void> {
    this.transcript.endTurn();
    this.todos.flush();
    await this.progress.settled();
    await this.recorder.settled();
  }

  private say(text: string): void {
    this.transcript.say(text);
    const lines = (this.line + text).split('\n').slice(-50);
    this.line = (lines.at(-1) ?? '').slice(-1000);
    const shown = lines.filter((line) => line.trim() !== '').at(-1);
    if (shown !== undefined) this.progress.report({ activity: shown.trim().slice(0, 200) });
  }

  private recordPlan(): void {
    const items = this.plan.map(({ content, status }) => ({ content: content.slice(0, 500), status }));
    void this.recorder.record({ type: 'agent.todos', ...this.options.caller, items }).catch(() => undefined);
  }
}

const maxEntries = 200;
