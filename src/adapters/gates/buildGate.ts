import { defaultTimeoutMs, type Detected } from './gate';
import type { Repository } from './repository';
import { byExitCode, isOutcome, runScript, scriptLine } from './scriptGate';

const outward =
  /\b(deploy|publish|release|upload|rsync|scp|firebase|vercel|netlify|gh-pages|docker\s+push)\b/i;
const endless = /(^|\s)(--watch|-w|--serve|serve|watch)(\s|$)/;

/** `build`: the script `build`, unless it would never end or would leave this machine. */
export function detectBuild(repository: Repository): Detected {
  const script = repository.script('build');
  if (script === undefined) return { name: 'build', reason: 'no script `build` in package.json' };
  const why = endless.test(script)
    ? 'does not end by itself'
    : outward.test(script)
      ? 'seems to deploy or publish'
      : undefined;
  if (why !== undefined) return { name: 'build', reason: `the script \`build\` ${why} (\`${script}\`)` };
  const command = scriptLine(repository, 'build');
  return {
    spec: { name: 'build', title: 'Build', command, timeoutMs: defaultTimeoutMs.build },
    run: async (context) => {
      const run = await runScript(context, 'build');
      return isOutcome(run) ? run : byExitCode(context, command, run);
    },
  };
}
