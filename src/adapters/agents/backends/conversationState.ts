import type { NewEvent } from '../../../core/model/event';
import type { ModelMessage, ToolCall } from '../../../core/ports';
import type { LoopGuard } from './loopGuard';
import type { KnownContext } from './window';

/**
 * The conversation of an attempt as a fold over its events. Live and after a crash it is made by the same function from
 * the same facts, so a resumed attempt says to the model exactly what it would have said. Texts that the loop itself adds
 * (nudges, warnings) follow from the facts and are therefore not recorded.
 */
export interface Conversation {
  readonly briefing: string;
  readonly messages: readonly ModelMessage[];
  /** Characters of each message. */
  readonly sizes: readonly number[];
  /** The service's own count, where it gave one. */
  readonly known?: KnownContext;
  /** The list of steps as it is now. */
  readonly todos: readonly TodoItem[];
  /** What people said, word for word. */
  readonly told: readonly string[];
  /** Tool calls of the last answer that have no result yet, in order. */
  readonly pending: readonly PendingCall[];
  /** Results of the last answer's calls so far. */
  readonly results: readonly ToolResult[];
  /** Answers so far. */
  readonly steps: number;
  readonly tokens: number;
  /** Null as soon as one answer's price is unknown. */
  readonly costUsd: number | null;
  /** Time the recorded calls took, for the limit on minutes after a crash. */
  readonly busyMs: number;
  readonly guard: LoopGuard;
  /** Answers in a row with a tool call that could not be carried out as written. */
  readonly malformed: number;
  /** Answers in a row that neither call a tool nor end the work: empty, or cut by the service. */
  readonly idle: number;
  /** The last answer, as long as nothing followed it. */
  readonly last?: { readonly text: string; readonly hasCalls: boolean };
  /** The call of `finish` that succeeded. */
  readonly finished?: ToolCall;
  /** Outputs of tools in messages before this one are left out of requests. */
  readonly elided: number;
  /** The window as the service stated it when it refused a call as too long. */
  readonly statedWindow?: number;
  /** Calls in a row that the service refused as too long, without a condensation that succeeded since. */
  readonly overflows: number;
  /** A summary that was written and does not stand for anything yet. */
  readonly summary?: string;
}

export type TodoItem = Extract<NewEvent, { type: 'agent.todos' }>['items'][number];

export interface PendingCall {
  readonly call: ToolCall;
  /** Its intent is recorded. */
  readonly begun: boolean;
  /** The permission it asked for last: while that is open or denied, the call has had no effect. */
  readonly permission?: { readonly id: string; readonly state: 'open' | 'allow' | 'deny' };
}

export interface ToolResult {
  readonly id: string;
  readonly name: string;
  readonly output: string;
  readonly ok: boolean;
}
