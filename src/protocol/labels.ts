import type { PhaseName, RunItem, TaskStateName } from './runModel';

/** The words and figures a person reads, the same in trees, panel, dashboard and status bar. */

export function runStateLabel(
  item: Pick<RunItem, 'state' | 'undone' | 'attendance' | 'approvals' | 'files'>,
): string {
  if (isInterrupted(item)) return 'Interrupted';
  if (item.approvals > 0 && isUnderWay(item.state) && item.state !== 'planning') return 'Asks you';
  switch (item.state) {
    case 'planning':
      return 'Planning';
    case 'awaiting_approval':
      return 'Plan awaits you';
    case 'running':
      return 'Running';
    case 'paused':
      return 'Paused';
    case 'validating':
      return 'Validating';
    case 'awaiting_delivery':
      return 'Ready to deliver';
    case 'delivered':
      if (item.undone) return 'Undone';
      return item.files === 0 ? 'Done, nothing to change' : 'Delivered';
    case 'failed':
      return 'Failed';
    case 'cancelled':
      return 'Cancelled';
  }
}

/** True for states in which somebody has to be at work for anything to happen. */
export function isUnderWay(state: RunItem['state']): boolean {
  return state === 'planning' || state === 'running' || state === 'validating';
}

/** Left in the middle: its process is gone, and it goes on only when somebody resumes it. */
export function isInterrupted({ attendance, state }: Pick<RunItem, 'state' | 'attendance'>): boolean {
  return attendance === 'nobody' && (isUnderWay(state) || state === 'awaiting_approval');
}

export function isEndedState(state: RunItem['state']): boolean {
  return state === 'delivered' || state === 'failed' || state === 'cancelled';
}

const taskLabels: Record<TaskStateName, string> = {
  pending: 'Waiting',
  ready: 'Ready',
  preparing: 'Preparing',
  running: 'Running',
  awaiting_approval: 'Asks you',
  interrupted: 'Interrupted',
  checking: 'Checking',
  repairing: 'Repairing',
  integrating: 'Integrating',
  done: 'Done',
  failed: 'Failed',
  skipped: 'Skipped',
  cancelled: 'Cancelled',
};

export function taskStateLabel(state: TaskStateName): string {
  return taskLabels[state];
}

export function phaseLabel(phase: PhaseName): string {
  return phase.charAt(0).toUpperCase() + phase.slice(1);
}

/** `340 ms`, `4.2 s`, `3 m 05 s`, `2 h 07 m`. */
export function durationText(durationMs: number): string {
  if (durationMs < 1000) return `${Math.max(0, Math.round(durationMs))} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} m`;
}

/** As `durationText`, in whole seconds: for a figure that counts while one looks at it. */
export function elapsedText(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  return seconds < 60 ? `${Math.max(0, seconds)} s` : durationText(seconds * 1000);
}

/** `just now`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function agoText(at: string, nowMs: number): string {
  const minutes = Math.floor((nowMs - Date.parse(at)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / (24 * 60))} d ago`;
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `$0.42`; `unknown` where there is no price. */
export function costText(costUsd: number | null): string {
  if (costUsd === null) return 'unknown';
  return costUsd > 0 && costUsd < 0.01 ? '< $0.01' : `$${costUsd.toFixed(2)}`;
}

/** `950`, `12.4k`, `1.2M`. */
export function tokenText(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  return tokens < 1_000_000 ? `${(tokens / 1000).toFixed(1)}k` : `${(tokens / 1_000_000).toFixed(1)}M`;
}
