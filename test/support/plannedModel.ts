import type { ModelScript, ScriptedAnswer, ScriptedRequest } from './modelScript';

/** One task of a scripted plan, and what its agent does: the answer to each of its steps, counted from 0. */
export interface PlayedTask {
  readonly id: string;
  readonly title: string;
  readonly needs?: readonly string[];
  readonly scope?: readonly string[];
  readonly play: (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;
}

const usage = { input: 900, output: 60 };

/** A model that plans these tasks, with types as their only gate, and plays each as it says. */
export function plannedModel(tasks: readonly PlayedTask[]): ModelScript {
  return async (request) => {
    if (request.tools.includes('submit_plan')) return { ...call('submit_plan', planOf(tasks)), usage };
    const task = tasks.find(({ id }) => request.prompt.includes(marker(id)));
    return task ? { usage, ...(await task.play(request)) } : { text: 'ok', usage };
  };
}

export function call(name: string, input: unknown): ScriptedAnswer {
  return { toolCalls: [{ name, input }] };
}

export const bash = (command: string): ScriptedAnswer => call('bash', { command });

/** The requests the agent of a task sent, in order. */
export function requestsOf(requests: readonly ScriptedRequest[], taskId: string): ScriptedRequest[] {
  return requests.filter(
    ({ prompt, tools }) => !tools.includes('submit_plan') && prompt.includes(marker(taskId)),
  );
}

/** What one of these requests tells the model that the one before did not. */
export function news({ messages, toolOutputs }: ScriptedRequest): string {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  return [...toolOutputs, ...messages.slice(last + 1).map(({ text }) => text)].join('\n');
}

/** A place where a script waits until the test lets it go on. */
export function gateway(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open: () => open() };
}

const marker = (id: string): string => `STORY ${id}.`;

function planOf(tasks: readonly PlayedTask[]) {
  return {
    rationale: 'Each task is one small change.',
    tasks: tasks.map(({ id, title, needs = [], scope = [] }) => ({
      ...{ id, title, needs, scope, agent: 'implementer', gates: ['types'] },
      prompt: `${marker(id)} ${title}.`,
      acceptance: ['the types are sound'],
    })),
  };
}
