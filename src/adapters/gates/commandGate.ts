import { defaultTimeoutMs, type Gate } from './gate';
import { byExitCode } from './scriptGate';

/** A check that a repository's configuration adds: a shell line that succeeds or does not. */
export interface CommandGate {
  readonly name: string;
  readonly command: string;
  readonly timeoutMs?: number;
}

export function commandGate({ name, command, timeoutMs = defaultTimeoutMs.custom }: CommandGate): Gate {
  return {
    spec: { name, title: name, command, timeoutMs },
    run: async (context) => byExitCode(context, command, await context.tools.shell(command, { timeoutMs: context.timeoutMs })),
  };
}
