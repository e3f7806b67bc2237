import type { ThemeIcon } from 'vscode';
import type { GateItem, RunItem, TaskStateName } from '../../protocol/runModel';
import { isInterrupted } from '../../protocol/labels';
import type { VsCode } from '../vscodeApi';

/** Icons and colours of states, in the editor's own set, so that every theme suits them. */

type Look = readonly [icon: string, color?: string];

const success = 'testing.iconPassed';
const failure = 'testing.iconFailed';
const attention = 'notificationsWarningIcon.foreground';
const activity = 'progressBar.background';
const muted = 'disabledForeground';

const taskLooks: Record<TaskStateName, Look> = {
  pending: ['circle-outline', muted],
  ready: ['circle-outline'],
  preparing: ['sync~spin', activity],
  running: ['sync~spin', activity],
  awaiting_approval: ['bell-dot', attention],
  interrupted: ['debug-disconnect', attention],
  checking: ['beaker', activity],
  repairing: ['tools', attention],
  integrating: ['git-merge', activity],
  done: ['pass', success],
  failed: ['error', failure],
  skipped: ['debug-step-over', muted],
  cancelled: ['circle-slash', muted],
};

const verdictLooks: Record<GateItem['verdict'], Look> = {
  passed: ['pass', success],
  failed: ['error', failure],
  inconclusive: ['question', attention],
  skipped: ['debug-step-over', muted],
  running: ['sync~spin', activity],
};

export function taskIcon(api: VsCode, state: TaskStateName): ThemeIcon {
  return iconOf(api, taskLooks[state]);
}

export function verdictIcon(api: VsCode, verdict: GateItem['verdict']): ThemeIcon {
  return iconOf(api, verdictLooks[verdict]);
}

export function runIcon(api: VsCode, item: RunItem): ThemeIcon {
  return iconOf(api, runLook(item));
}

export function plainIcon(api: VsCode, icon: string): ThemeIcon {
  return iconOf(api, [icon]);
}

function runLook(item: RunItem): Look {
  if (isInterrupted(item)) return ['debug-disconnect', attention];
  if (item.approvals > 0) return ['bell-dot', attention];
  switch (item.state) {
    case 'planning':
    case 'running':
    case 'validating':
      return ['sync~spin', activity];
    case 'awaiting_approval':
      return ['bell-dot', attention];
    case 'awaiting_delivery':
      return ['package', attention];
    case 'paused':
      return ['debug-pause', attention];
    case 'delivered':
      return item.undone ? ['discard', muted] : ['pass-filled', success];
    case 'failed':
      return ['error', failure];
    case 'cancelled':
      return ['circle-slash', muted];
  }
}

function iconOf(api: VsCode, [icon, color]: Look): ThemeIcon {
  return color === undefined ? new api.ThemeIcon(icon) : new api.ThemeIcon(icon, new api.ThemeColor(color));
}
