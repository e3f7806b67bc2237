import type { StatusBarItem } from 'vscode';
import { isRunEnded } from '../../core/model/run';
import { phaseLabel, runStateLabel } from '../../protocol/labels';
import type { RunItem } from '../../protocol/runModel';
import { runItem } from '../../protocol/runProjection';
import type { Runs } from '../runs';
import type { VsCode } from '../vscodeApi';

/** One glance: the phase, how far it is, and whether it waits for the person. Hidden while nothing was run here. */
export function showStatus(api: VsCode, bar: StatusBarItem, runs: Runs): void {
  const attended = runs.list().filter((view) => runs.attendanceOf(view.runId) !== 'nobody');
  const view =
    attended.find((run) => run.approvals.length > 0 && !isRunEnded(run.state)) ??
    attended.find((run) => !isRunEnded(run.state)) ??
    attended[0];
  if (!view) {
    bar.hide();
    return;
  }
  const item = runItem(view, runs.attendanceOf(view.runId));
  bar.text = statusText(item);
  bar.tooltip = `${item.request}\n${runStateLabel(item)}. Click to open the agent panel.`;
  bar.accessibilityInformation = { label: `Enterprise run: ${bar.text.replace(/\$\([^)]*\)\s*/g, '')}` };
  const color =
    item.approvals > 0
      ? 'statusBarItem.warningBackground'
      : item.state === 'failed'
        ? 'statusBarItem.errorBackground'
        : undefined;
  bar.backgroundColor = color === undefined ? undefined : new api.ThemeColor(color);
  bar.show();
}

export function statusText(item: RunItem): string {
  if (item.approvals > 0) return '$(bell-dot) Enterprise asks you';
  const progress = item.tasks.total > 0 ? ` ${item.tasks.done}/${item.tasks.total}` : '';
  const running = item.tasks.running > 0 ? ` · ${item.tasks.running} running` : '';
  switch (item.state) {
    case 'planning':
    case 'running':
    case 'validating':
      return `$(sync~spin) ${phaseLabel(item.phase)}${progress}${running}`;
    case 'awaiting_approval':
    case 'awaiting_delivery':
      return `$(bell-dot) ${runStateLabel(item)}`;
    case 'paused':
      return `$(debug-pause) Paused${progress}`;
    case 'delivered':
      return `$(${item.undone ? 'discard' : 'check'}) ${runStateLabel(item)}`;
    case 'failed':
      return `$(error) Enterprise run failed`;
    case 'cancelled':
      return `$(circle-slash) Enterprise run cancelled`;
  }
}
