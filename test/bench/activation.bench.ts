import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from '../support/measure';

/**
 * Activation of the built extension in fresh processes: loading dist/extension.js and calling `activate` with an editor
 * that costs nothing. The floor is reading and compiling the same file, in the same process before it.
 */
const processes = 15;

interface Once {
  readonly compileMs: number;
  readonly loadMs: number;
  readonly activateMs: number;
}

function main(): void {
  const extension = join(__dirname, '../../dist/extension.js');
  const script = join(__dirname, 'activateOnce.mjs');
  const times = Array.from({ length: processes }, () => {
    return JSON.parse(execFileSync(process.execPath, [script, extension], { encoding: 'utf8' })) as Once;
  });
  const of = (pick: (once: Once) => number) => median(times.map(pick)).toFixed(1);
  const whole = ({ loadMs, activateMs }: Once) => loadMs + activateMs;
  console.log(`activation, median of ${processes} processes`);
  console.log(
    `  load and activate: ${of(whole)} ms, ${of((once) => whole(once) / once.compileMs)} times reading and compiling the file (${of((once) => once.compileMs)} ms)`,
  );
  console.log(
    `  of it loading: ${of((once) => once.loadMs)} ms (${Math.round(100 * median(times.map((once) => once.loadMs / whole(once))))} %), activate() ${of((once) => once.activateMs)} ms`,
  );
}

main();
