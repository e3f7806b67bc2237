import type { ToolCall, Toolbox, ToolOutcome } from '../../src/core/ports';

type Handler = (input: Record<string, unknown>, signal: AbortSignal) => ToolOutcome | Promise<ToolOutcome>;

export interface FakeToolbox extends Toolbox {
  /** Calls that reached a tool, as `name input`. */
  readonly calls: string[];
  /** Sessions that were closed. */
  closed: number;
}

/** Tools that are functions of the test, and `finish`. */
export function fakeToolbox(handlers: Record<string, Handler> = {}): FakeToolbox {
  const all: Record<string, Handler> = {
    ...handlers,
    finish: (input) => ({ ok: true, output: 'Finished.', finish: { summary: String(input['summary']) } }),
  };
  const box: FakeToolbox = {
    calls: [],
    closed: 0,
    open: () => ({
      specs: Object.keys(all).map((name) => ({
        name,
        description: name,
        inputSchema: { type: 'object', properties: {}, required: name === 'finish' ? ['summary'] : [] },
      })),
      summary: (call) => `${call.name}!`,
      call: (call: ToolCall, signal) => {
        box.calls.push(`${call.name} ${JSON.stringify(call.input)}`);
        return Promise.resolve(
          all[call.name]?.(call.input as Record<string, unknown>, signal) ?? {
            ok: false,
            output: 'no such tool',
          },
        );
      },
      close: async () => {
        box.closed++;
      },
    }),
  };
  return box;
}
