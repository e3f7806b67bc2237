import type { Command } from 'commander';
import type { FileProblem } from '../../core/model/agent';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import { textTable } from '../textTable';
import { withEngine } from '../withEngine';

export function addAgents(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('agents')
    .description('the agents a plan can use, and the files that do not load');
  withCommonOptions(command).action(async (options: CommonOptions) => {
    done(
      await withEngine(context, options, async (engine) => {
        const { terminal } = context;
        const { agents, problems } = await engine.agents();
        if (options.json) {
          for (const { name, description, source, backend, capabilities, model } of agents) {
            terminal.print(JSON.stringify({ name, description, source, backend, capabilities, model }));
          }
        } else {
          const rows = agents.map((agent) => [
            agent.name,
            agent.source.kind,
            agent.backend,
            agent.model,
            agent.description,
          ]);
          terminal.print(
            textTable(['AGENT', 'FROM', 'BACKEND', 'MODEL', 'WHAT IT DOES'], rows, terminal.size().width),
          );
        }
        complainOfFiles(context, problems);
        return exitCodes.success;
      }),
    );
  });
}

/** In the form that terminals and editors make clickable. */
export function complainOfFiles({ terminal }: CommandContext, problems: readonly FileProblem[]): void {
  for (const { path, line, column, severity, message } of problems) {
    terminal.complain(
      terminal.paint(
        severity === 'error' ? 'red' : 'yellow',
        `${path}:${line}:${column}: ${severity}: ${message}`,
      ),
    );
  }
}
