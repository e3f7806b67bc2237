import type { Failure } from '../model/failure';
import type { Finding } from '../model/gate';
import type { Task } from '../model/plan';
import { fenced } from '../planning/planPrompt';

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

/** What an attempt after a conflict is told; `diff` is what the earlier attempt changed. */
export function redoBriefing(shortcoming: Shortcoming, diff: string): string {
  return [
    '## Redo',
    `An earlier attempt at this task collides with what other tasks integrated meanwhile. ${shortcoming.failure.message}`,
    'This worktree starts from the newer state, without the earlier changes. Do the task again on top of it, and keep what the others did.',
    `The earlier changes, for reference:\n\n${fenced(diff, 'diff')}`,
  ].join('\n\n');
}
