import {
  defaultTimeoutMs,
  inconclusive,
  skipped,
  type Detected,
  type GateContext,
  type GateOutcome,
} from './gate';
import { findOnPath, packageManagerOf, type PackageManager } from './packageManager';
import { parseAudit } from './parsers/auditJson';
import type { Repository } from './repository';
import { count, missingManager, sentence } from './scriptGate';

const dependencyFiles =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|\.npmrc|\.yarnrc(\.yml)?)$/;

/** `audit`: known vulnerabilities of the locked dependencies, as the registry of the package manager knows them. */
export function detectAudit(repository: Repository): Detected {
  const manager = packageManagerOf(repository);
  if (manager.lockfile === undefined) {
    const reason =
      manager.name === 'npm'
        ? 'no lockfile that says which dependencies are used'
        : `no lockfile of ${manager.name}`;
    return { name: 'audit', reason };
  }
  const args = argumentsOf(manager);
  const command = [manager.name, ...args].join(' ');
  return {
    spec: { name: 'audit', title: 'Dependency audit', command, timeoutMs: defaultTimeoutMs.audit },
    run: (context) => audit(context, manager, args, command),
  };
}

function argumentsOf({ name, isBerry }: PackageManager): string[] {
  return name === 'yarn' && isBerry
    ? ['npm', 'audit', '--all', '--recursive', '--json']
    : ['audit', '--json'];
}

/** They decide whom the package manager asks and which code it loads itself; changed ones get no network. */
const managerFiles =
  /(^|\/)(\.npmrc|\.yarnrc(\.yml)?|\.pnpmfile\.c?js|pnpm-workspace\.yaml|bunfig\.toml)$|(^|\/)\.yarn\//;

const noSuchService = /^(?:404|405|501)\b|returned a (?:404|405|501)\b/;

async function audit(
  context: GateContext,
  manager: PackageManager,
  args: readonly string[],
  command: string,
): Promise<GateOutcome> {
  if (context.changed && !context.changed.some((path) => dependencyFiles.test(path))) {
    return skipped('No manifest or lockfile has changed, so the dependencies are those of the base.');
  }
  const program = findOnPath(manager.name, context.tools.env);
  if (program === undefined) return missingManager(context.repository);
  const run = await context.tools.run(program, args, {
    timeoutMs: context.timeoutMs,
    network: !context.changed?.some((path) => managerFiles.test(path)),
    maxOutputChars: 32_000_000,
  });
  if (run.broken !== undefined) return inconclusive(`${sentence(run.broken)}.`, run.output, run.exitCode);
  // Yarn 4 prints nothing at all when it found nothing.
  const isSilent = manager.isBerry && run.exitCode === 0 && run.stdout.trim() === '';
  const report = isSilent ? { problems: [] } : parseAudit(run.stdout, 'package.json');
  if ('error' in report) {
    // These answers say that the registry has no such service: there is nothing that could have broken.
    if (noSuchService.test(report.error)) return skipped(`The registry offers no audit: ${report.error}`);
    return inconclusive(`The registry did not answer the audit: ${report.error}`, run.output, run.exitCode);
  }
  if (run.exitCode !== 0 && report.problems.length === 0) {
    return inconclusive(
      `\`${command}\` ended with exit code ${run.exitCode ?? 'none'} but named no vulnerability.`,
      run.output,
      run.exitCode,
    );
  }
  const severe = report.problems.filter((problem) => problem.severity === 'error').length;
  const minor = report.problems.length - severe;
  const found = `${count(severe, 'vulnerability').replace(/ys$/, 'ies')} of high or critical severity, ${minor} of lower`;
  return {
    verdict: severe > 0 ? 'failed' : 'passed',
    reason:
      report.problems.length === 0
        ? 'No known vulnerability in the locked dependencies.'
        : `${sentence(found)}.`,
    exitCode: run.exitCode,
    problems: report.problems,
    comparable: true,
    output: report.problems.map((problem) => `${problem.severity}: ${problem.message}`).join('\n'),
  };
}
