import type { Clock } from '../../../base/clock';
import type { NewEvent } from '../../../core/model/event';
import { BoundedText } from '../../process/boundedText';
import type { ToolCallUpdate } from './protocol';

interface OpenCall {
  readonly call: ToolCallUpdate;
  /** When it was recorded as called; absent while the agent has told too little of it. */
  readonly calledAtMs?: number;
}

export interface TranscriptOptions {
  readonly caller: { readonly taskId: string; readonly attempt: number };
  readonly clock: Clock;
  record(event: NewEvent): void;
}

const maxTextChars = 200_000;
const maxDetailChars = 8000;

/** What an agent says and does in a turn, as events: each tool call once when it begins and once when it ends. */
export class Transcript {
  /** Tool calls that began in this attempt. */
  calls = 0;
  private message = '';
  private isMessageOver = false;
  private step = 0;
  private readonly open = new Map<string, OpenCall>();
  private readonly ended = new Set<string>();

  constructor(private readonly options: TranscriptOptions) {}

  /** The last message of the agent: what it said since it last did something. */
  get text(): string {
    return this.message;
  }

  beginTurn(step: number): void {
    this.step = step;
    this.message = '';
  }

  say(text: string): void {
    if (this.isMessageOver) this.message = '';
    this.isMessageOver = false;
    this.message = (this.message + text).slice(-maxTextChars);
  }

  /** A new call, or more about one. Fields that are missing keep the value they had. */
  tool(update: ToolCallUpdate): void {
    const { toolCallId } = update;
    if (this.ended.has(toolCallId)) return;
    this.isMessageOver = true;
    const known = this.open.get(toolCallId);
    const call = known ? merged(known.call, update) : update;
    this.open.set(toolCallId, { ...known, call });
    const isOver = call.status === 'completed' || call.status === 'failed';
    if (isOver || call.status === 'in_progress' || hasInput(call)) this.begin(toolCallId);
    if (isOver) this.end(toolCallId, call.status === 'completed', outputOf(call));
  }

  /** The call an agent asks permission for, with everything it told of it; recorded as called from now on. */
  asked(update: ToolCallUpdate): ToolCallUpdate {
    this.tool({ ...update, status: update.status === 'completed' ? undefined : update.status });
    this.begin(update.toolCallId);
    return this.open.get(update.toolCallId)?.call ?? update;
  }

  endTurn(): void {
    for (const id of [...this.open.keys()]) {
      this.begin(id);
      this.end(id, false, 'The agent did not say how this ended.');
    }
  }

  private begin(id: string): void {
    const known = this.open.get(id);
    if (!known || known.calledAtMs !== undefined) return;
    const { call } = known;
    this.open.set(id, { call, calledAtMs: this.options.clock.monotonicMs() });
    this.calls++;
    this.options.record({
      type: 'tool.called',
      ...this.options.caller,
      step: this.step,
      callId: id,
      tool: toolName(call),
      input: bounded(call.rawInput),
      summary: summaryOf(call),
    });
  }

  private end(id: string, ok: boolean, output: string): void {
    const known = this.open.get(id);
    if (!known) return;
    this.open.delete(id);
    this.ended.add(id);
    const durationMs = this.options.clock.monotonicMs() - (known.calledAtMs ?? 0);
    const tool = toolName(known.call);
    this.options.record({
      type: 'tool.returned',
      ...this.options.caller,
      callId: id,
      tool,
      ok,
      output,
      durationMs,
    });
  }
}

/** A name of its own: what an external agent says of a call is its claim, never a result of the host's tools. */
function toolName({ name, kind }: ToolCallUpdate): string {
  return `acp:${name ?? kind ?? 'other'}`;
}

export function summaryOf({ title, name, kind }: ToolCallUpdate): string {
  const line = (title ?? name ?? kind ?? 'a tool').trim().split('\n', 1)[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 119)}…` : line || 'a tool';
}

function merged(known: ToolCallUpdate, update: ToolCallUpdate): ToolCallUpdate {
  const told = Object.entries(update).filter(([, value]) => value !== undefined && value !== null);
  return { ...known, ...Object.fromEntries(told) };
}

function hasInput({ rawInput }: ToolCallUpdate): boolean {
  return typeof rawInput === 'object' && rawInput !== null && Object.keys(rawInput).length > 0;
}

function outputOf({ content, rawOutput }: ToolCallUpdate): string {
  const parts = (content ?? []).map(partText).filter((part) => part !== '');
  if (parts.length > 0) return cut(parts.join('\n'));
  if (rawOutput === undefined || rawOutput === null) return '';
  return cut(typeof rawOutput === 'string' ? rawOutput : JSON.stringify(rawOutput));
}

/** Of a content block its text, of a change the path. */
function partText(part: unknown): string {
  if (typeof part !== 'object' || part === null) return '';
  if ('path' in part && typeof part.path === 'string') return `changed ${part.path}`;
  const content: unknown = 'content' in part ? part.content : undefined;
  if (typeof content !== 'object' || content === null || !('text' in content)) return '';
  return typeof content.text === 'string' ? content.text : '';
}

/** Whole where it is small, else what it begins and ends with. */
function bounded(input: unknown): unknown {
  const text = input === undefined ? '{}' : JSON.stringify(input);
  return text.length <= maxDetailChars ? (input ?? {}) : { cut: cut(text) };
}

function cut(text: string): string {
  const kept = new BoundedText(maxDetailChars);
  kept.append(text);
  return kept.text();
}
