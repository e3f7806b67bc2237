import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import { textTable } from '../textTable';
import { withEngine } from '../withEngine';

export function addGates(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('gates')
    .description('the checks that apply to this repository, and why others do not');
  withCommonOptions(command).action(async (options: CommonOptions) => {
    done(
      await withEngine(context, options, async (engine) => {
        const { terminal } = context;
        const { gates, absent } = await engine.gates();
        if (options.json) {
          for (const gate of gates) terminal.print(JSON.stringify({ ...gate, applies: true }));
          for (const gate of absent) terminal.print(JSON.stringify({ ...gate, applies: false }));
        } else {
          const rows = [
            ...gates.map((gate) => [gate.name, 'applies', gate.command]),
            ...absent.map((gate) => [gate.name, 'does not apply', gate.reason]),
          ];
          terminal.print(textTable(['GATE', '', 'COMMAND OR REASON'], rows, terminal.size().width));
        }
        return exitCodes.success;
      }),
    );
  });
}
