// Runs tiers of tests, shows the output of each when it has ended, and ends with the sum.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './process.mjs';
import { root } from './setup.mjs';

const tierTimeoutMs = 15 * 60_000;
const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };

/**
 * Runs stages of lanes of tiers. The last line is exactly `N passed, N failed`, with `, N skipped` after it where some
 * were. Resolves to the exit code: 1 where anything failed, 130 when it was interrupted.
 */
export async function runTiers(stages, env) {
  const folder = mkdtempSync(join(tmpdir(), 'enterprise-tests-'));
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  const results = [];
  const runLane = async (lane) => {
    for (const tier of lane) {
      if (!interruption.signal.aborted)
        results.push(await runTier(tier, { env, countsFile: join(folder, tier.name) }));
    }
  };
  for (const lanes of stages) await Promise.all(lanes.map(runLane));
  rmSync(folder, { recursive: true });
  if (interruption.signal.aborted) return 130;
  return report(results);
}

function report(results) {
  console.log('');
  for (const { name, passed, failed, skipped, seconds } of results) {
    console.log(`${name.padEnd(14)}${sentence(passed, failed, skipped)}  (${seconds} s)`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`\n${sentence(sum('passed'), sum('failed'), sum('skipped'))}`);
  return sum('failed') > 0 ? 1 : 0;
}

function sentence(passed, failed, skipped) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

async function runTier(tier, { env, countsFile }) {
  console.log(`… ${tier.name}`);
  const started = performance.now();
  const output = [];
  let failedPrograms = 0;
  for (const args of tier.programs) {
    const code = await run('node', args, {
      cwd: root,
      env: { ...env, ...colour, ENTERPRISE_COUNTS: countsFile },
      onOutput: (chunk) => output.push(chunk),
      timeoutMs: tierTimeoutMs,
    });
    if (code !== 0) failedPrograms += 1;
    if (code > 128) output.push(`${args.join(' ')} was ended by a signal (exit code ${code})\n`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `\n── ${tier.name} ${'─'.repeat(100 - tier.name.length)}\n${Buffer.concat(output.map((part) => Buffer.from(part)))}`,
  );
  return { name: tier.name, seconds, ...count(tier, failedPrograms, countsFile) };
}

function count(tier, failedPrograms, countsFile) {
  const whole =
    failedPrograms === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
  if (tier.counts === 'one') return whole;
  if (!existsSync(countsFile)) {
    console.log(`${tier.name}: ended without counts, which is a failure`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { passes, failures, pending } = JSON.parse(readFileSync(countsFile, 'utf8'));
  // A red program with green tests broke outside of them.
  const failed = failures === 0 && failedPrograms > 0 ? 1 : failures;
  return { passed: passes, failed, skipped: pending };
}
