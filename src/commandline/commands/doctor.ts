import type { Command } from 'commander';
import type { HealthCheck } from '../../core/coordination/engine';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions, type RunOptions } from '../options';
import type { Style } from '../paint';
import { withEngine } from '../withEngine';

export function addDoctor(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('doctor')
    .description('what is ready to work here, and what to do about what is not')
    .option('--model <id>', 'check this model (provider/model)');
  withCommonOptions(command).action(async (options: CommonOptions & Pick<RunOptions, 'model'>) => {
    done(
      await withEngine(context, options, async (engine) => {
        const checks = await engine.doctor();
        for (const check of checks)
          context.terminal.print(options.json ? JSON.stringify(check) : render(check, context));
        return checks.some((check) => check.status === 'error') ? exitCodes.usage : exitCodes.success;
      }),
    );
  });
}

const marks: Record<HealthCheck['status'], { mark: string; style: Style }> = {
  ok: { mark: '✔', style: 'green' },
  warning: { mark: '!', style: 'yellow' },
  error: { mark: '✘', style: 'red' },
};

function render({ name, status, message, remedy }: HealthCheck, { terminal }: CommandContext): string {
  const { mark, style } = marks[status];
  return `${terminal.paint(style, mark)} ${name}: ${message}${remedy === undefined ? '' : `\n    ${remedy}`}`;
}
