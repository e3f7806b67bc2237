import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import { textTable } from '../textTable';
import { withEngine } from '../withEngine';
import { complainOfFiles } from './agents';

export function addWorkflows(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program.command('workflows').description('the workflows that can be run as they are');
  withCommonOptions(command).action(async (options: CommonOptions) => {
    done(
      await withEngine(context, options, async (engine) => {
        const { terminal } = context;
        const { workflows, problems } = await engine.workflows();
        if (options.json) {
          for (const { name, description, source, path, file } of workflows) {
            terminal.print(
              JSON.stringify({
                name,
                description,
                source,
                path: path ?? null,
                tasks: file.tasks.map((task) => task.id),
              }),
            );
          }
        } else {
          const rows = workflows.map((flow) => [
            flow.name,
            flow.source,
            String(flow.file.tasks.length),
            flow.description,
          ]);
          terminal.print(
            textTable(['WORKFLOW', 'FROM', 'TASKS', 'WHAT IT IS FOR'], rows, terminal.size().width),
          );
        }
        complainOfFiles(context, problems);
        return exitCodes.success;
      }),
    );
  });
}
