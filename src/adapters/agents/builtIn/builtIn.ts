import type { Agent } from '../../../core/model/agent';
import { agentTools } from '../../../core/model/agentFile';

export type BuiltIn = Pick<Agent, 'name' | 'description' | 'capabilities' | 'instructions'> & {
  /** Absent: every tool there is, those of MCP servers too. */
  readonly tools?: readonly string[];
};

/** Everything but the tools of MCP servers. */
export const ownTools: readonly string[] = agentTools.map((tool) => tool.name);

/** An agent that comes with the engine and works with the model of the run. */
export function builtIn({ tools, ...fields }: BuiltIn): Agent {
  return {
    ...fields,
    source: { kind: 'built-in' },
    backend: 'model',
    model: 'inherit',
    ...(tools === undefined ? {} : { tools: [...tools] }),
  };
}
