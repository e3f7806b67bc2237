import type { IncomingHttpHeaders } from 'node:http';

/**
 * What a scripted model server is asked and what it answers, the same for every wire protocol. A script is a function
 * of the request, so that its answer can depend on whose briefing it reads and on what its tools returned.
 */
export interface ScriptedMessage {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly text: string;
  readonly toolCalls: readonly { id: string; name: string; input: unknown }[];
  readonly toolResults: readonly { id: string; output: string }[];
}

export interface ScriptedRequest {
  /** Counts the requests of the server from 0. */
  readonly index: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ScriptedMessage[];
  readonly tools: readonly string[];
  /** The first user message: the briefing of the task, or what the planner asks. */
  readonly prompt: string;
  /** How many answers of the model the conversation holds. */
  readonly step: number;
  /** Outputs of the tools called by the last answer, in order. */
  readonly toolOutputs: readonly string[];
}

export interface ScriptedCall {
  readonly id?: string;
  readonly name: string;
  readonly input?: unknown;
  /** Sent instead of `input` as the text of the arguments, whatever it is. */
  readonly rawArguments?: string;
}

export interface ScriptedAnswer {
  readonly text?: string;
  /** Thinking text with its signature, where the protocol has it. */
  readonly thinking?: { text: string; signature: string };
  readonly toolCalls?: readonly ScriptedCall[];
  readonly usage?: { input: number; output: number; cached?: number };
  /** Waits before the first byte. */
  readonly startAfterMs?: number;
  /** What goes wrong after `text` and `toolCalls` were begun; without it the answer is whole. */
  readonly fault?: StreamFault;
}

/**
 * `cut`: the connection is destroyed; `ended`: it ends politely but early; `stall`: never another byte; `malformed`: a
 * line that is no JSON; `error`: an error object inside the stream.
 */
export type StreamFault = 'cut' | 'ended' | 'stall' | 'malformed' | 'error';

/** An answer without a stream: 429, 500, 529 ... */
export interface ScriptedStatus {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** No header ever arrives. */
export interface ScriptedSilence {
  readonly silent: true;
}

export type Scripted = ScriptedAnswer | ScriptedStatus | ScriptedSilence;
export type ModelScript = (request: ScriptedRequest) => Scripted | Promise<Scripted>;

/** A script that answers request n with the n-th entry and then repeats the last one. */
export function inOrder(...answers: readonly Scripted[]): ModelScript {
  return ({ index }) => answers[Math.min(index, answers.length - 1)] ?? { text: 'done' };
}

/** A script that calls `finish` at once with the given summary. */
export function finishWith(summary: string): ModelScript {
  return () => ({ toolCalls: [{ name: 'finish', input: { summary } }] });
}
