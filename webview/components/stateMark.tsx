import { isInterrupted, isUnderWay } from '../../src/protocol/labels';
import type { GateItem, RunItem, TaskStateName } from '../../src/protocol/runModel';
import { Icon, type IconName } from './icon';

/** What a state means to the eye; the colour is never alone, an icon and a word go with it. */
export type Tone = 'quiet' | 'active' | 'good' | 'bad' | 'attention';

type Look = { readonly tone: Tone; readonly icon: IconName | 'spinner' };

const spinner: Look = { tone: 'active', icon: 'spinner' };
const asks: Look = { tone: 'attention', icon: 'bell' };

const taskLooks: Record<TaskStateName, Look> = {
  pending: { tone: 'quiet', icon: 'circle' },
  ready: { tone: 'quiet', icon: 'circle' },
  preparing: spinner,
  running: spinner,
  awaiting_approval: asks,
  interrupted: { tone: 'attention', icon: 'warning' },
  checking: { tone: 'active', icon: 'flask' },
  repairing: { tone: 'attention', icon: 'tools' },
  integrating: { tone: 'active', icon: 'merge' },
  done: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  skipped: { tone: 'quiet', icon: 'skip' },
  cancelled: { tone: 'quiet', icon: 'stop' },
};

const verdictLooks: Record<GateItem['verdict'], Look> = {
  passed: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  inconclusive: { tone: 'attention', icon: 'question' },
  skipped: { tone: 'quiet', icon: 'skip' },
  running: spinner,
};

export function taskLook(state: TaskStateName): Look {
  return taskLooks[state];
}

export function verdictLook(verdict: GateItem['verdict']): Look {
  return verdictLooks[verdict];
}

export function runLook(item: RunItem): Look {
  if (isInterrupted(item)) return { tone: 'attention', icon: 'warning' };
  if (item.approvals > 0) return asks;
  if (isUnderWay(item.state)) return spinner;
  switch (item.state) {
    case 'awaiting_delivery':
      return { tone: 'attention', icon: 'deliver' };
    case 'paused':
      return { tone: 'attention', icon: 'pause' };
    case 'delivered':
      return item.undone ? { tone: 'quiet', icon: 'undo' } : { tone: 'good', icon: 'check' };
    case 'failed':
      return { tone: 'bad', icon: 'cross' };
    case 'cancelled':
      return { tone: 'quiet', icon: 'stop' };
    default:
      return asks;
  }
}

export function StateMark({ look }: { look: Look }) {
  return (
    <span class={`mark tone-${look.tone}`}>
      {look.icon === 'spinner' ? <span class="spinner" aria-hidden="true" /> : <Icon name={look.icon} />}
    </span>
  );
}

export function Pill({ look, children }: { look: Look; children: string }) {
  return (
    <span class={`pill tone-${look.tone}`}>
      <StateMark look={look} />
      {children}
    </span>
  );
}
