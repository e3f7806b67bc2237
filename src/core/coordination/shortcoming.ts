import type { Failure } from '../model/failure';
import { describeFailure } from '../model/failure';
import type { Finding } from '../model/gate';
import type { Task } from '../model/plan';

/** Why a try was not good enough, with what an agent needs to do better. */
export interface Shortcoming {
  readonly failure: Failure;
  /** True when another attempt with these facts may help. */
  readonly repairable: boolean;
  readonly findings: readonly Finding[];
  /** True when the work is sound but collides with what was integrated meanwhile: it must be redone on top of that. */
  readonly conflict?: boolean;
  /** The commit of the earlier work, where a conflict made it unusable. */
  readonly previous?: string;
}

/** A program gives the same result again, so only a conflict is worth its second attempt; an agent can learn from findings. */
export function needsRepair(task: Task, shortcoming: Shortcoming): boolean {
  if (!shortcoming.repairable) return false;
  return task.work.kind === 'agent' || shortcoming.conflict === true;
}

const findingsShown = 50;

/** What the next attempt is told: the reason, and the findings as `file:line: message`. */
export function repairText(shortcoming: Shortcoming): string {
  const lines = shortcoming.findings.slice(0, findingsShown).map((finding) => {
    const place = finding.file === undefined ? finding.gate : `${finding.file}:${finding.range?.startLine ?? 1}`;
    return `- ${place}: ${finding.message}${finding.rule === undefined ? '' : ` (${finding.rule})`}`;
  });
  const left = shortcoming.findings.length - lines.length;
  if (left > 0) lines.push(`- and ${left} more`);
  return [describeFailure(shortcoming.failure), ...lines].join('\n');
}
