import type { TreeItem } from 'vscode';
import {
  agoText,
  countText,
  durationText,
  phaseLabel,
  runStateLabel,
  taskStateLabel,
} from '../../protocol/labels';
import type { AttemptItem, PhaseName, RunDetail, TaskItem } from '../../protocol/runModel';
import { runDetail } from '../../protocol/runProjection';
import type { Runs } from '../runs';
import type { VsCode } from '../vscodeApi';
import { plainIcon, runIcon, taskIcon, verdictIcon } from './stateIcons';
import { Tree } from './tree';

const phases: readonly PhaseName[] = ['analysis', 'deployment', 'execution', 'validation', 'delivery'];

export type RunNode =
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'phase'; readonly runId: string; readonly phase: PhaseName }
  | { readonly kind: 'task'; readonly runId: string; readonly taskId: string }
  | { readonly kind: 'attempt'; readonly runId: string; readonly taskId: string; readonly attempt: number }
  | {
      readonly kind: 'fact';
      readonly runId: string;
      readonly id: string;
      readonly label: string;
      readonly note: string;
      readonly icon: string;
    };

/** Runs, newest first; each unfolds into the phases it reached, their tasks, and the attempts of each. */
export function runsTree(api: VsCode, runs: Runs): Tree<RunNode> {
  const details = new DetailCache(runs);
  return new Tree<RunNode>(api, {
    children: (node) =>
      node ? childrenOf(node, details) : runs.list().map((view) => ({ kind: 'run', runId: view.runId })),
    item: (node) => itemOf(api, node, details.of(node.runId)),
  });
}

/** One projection per state of a run, however many elements are drawn from it. */
class DetailCache {
  private readonly known = new Map<string, { key: string; detail: RunDetail }>();

  constructor(private readonly runs: Runs) {}

  of(runId: string): RunDetail | undefined {
    const view = this.runs.get(runId);
    if (!view) return undefined;
    const attendance = this.runs.attendanceOf(runId);
    const key = `${view.lastSeq} ${attendance}`;
    const known = this.known.get(runId);
    if (known?.key === key) return known.detail;
    const detail = runDetail(view, attendance);
    this.known.set(runId, { key, detail });
    return detail;
  }
}

function childrenOf(node: RunNode, details: DetailCache): RunNode[] {
  const detail = details.of(node.runId);
  if (!detail) return [];
  const { runId } = node;
  switch (node.kind) {
    case 'run':
      return phases
        .slice(0, phases.indexOf(detail.item.phase) + 1)
        .map((phase) => ({ kind: 'phase', runId, phase }));
    case 'phase':
      return phaseChildren(runId, node.phase, detail);
    case 'task':
      return (taskOf(detail, node.taskId)?.attempts ?? []).map(({ attempt }) => ({
        kind: 'attempt',
        runId,
        taskId: node.taskId,
        attempt,
      }));
    case 'attempt':
    case 'fact':
      return [];
  }
}

function phaseChildren(runId: string, phase: PhaseName, detail: RunDetail): RunNode[] {
  const fact = (id: string, label: string, note: string, icon: string): RunNode => ({
    kind: 'fact',
    runId,
    id: `${phase}:${id}`,
    label,
    note,
    icon,
  });
  switch (phase) {
    case 'analysis':
      return [
        ...(detail.analysis
          ? [
              fact(
                'complexity',
                `Complexity ${detail.analysis.complexity}`,
                detail.analysis.domains.join(', '),
                'telescope',
              ),
            ]
          : []),
        ...(detail.plan
          ? [
              fact(
                'plan',
                `Plan ${detail.plan.revision}`,
                `${countText(detail.tasks.length, 'task')} from ${detail.plan.source ?? detail.plan.origin}`,
                'list-tree',
              ),
            ]
          : []),
      ];
    case 'deployment':
      return detail.agents.map((agent) =>
        fact(
          `agent:${agent.name}`,
          agent.name,
          agent.backend,
          agent.backend === 'model' ? 'hubot' : 'terminal',
        ),
      );
    case 'execution':
      return detail.tasks.map((task) => ({ kind: 'task', runId, taskId: task.id }));
    case 'validation':
      return detail.gates
        .filter((gate) => gate.on === 'combined')
        .map((gate) =>
          fact(`gate:${gate.gate}`, gate.title, `${gate.verdict}: ${gate.reason}`, `verdict:${gate.verdict}`),
        );
    case 'delivery':
      return detail.deliverables.map((file) => fact(`file:${file.path}`, file.path, linesOf(file), 'diff'));
  }
}

function itemOf(api: VsCode, node: RunNode, detail: RunDetail | undefined): TreeItem {
  const item = new api.TreeItem('');
  if (!detail) return item;
  item.id = idOf(node);
  switch (node.kind) {
    case 'run':
      return runTreeItem(api, item, detail);
    case 'phase':
      return phaseTreeItem(api, item, node.phase, detail);
    case 'task':
      return taskTreeItem(api, item, taskOf(detail, node.taskId));
    case 'attempt':
      return attemptTreeItem(
        api,
        item,
        taskOf(detail, node.taskId)?.attempts.find(({ attempt }) => attempt === node.attempt),
      );
    case 'fact':
      item.label = node.label;
      item.description = node.note;
      item.tooltip = `${node.label}\n${node.note}`;
      item.iconPath = factIcon(api, node.icon);
      return item;
  }
}

function runTreeItem(api: VsCode, item: TreeItem, detail: RunDetail): TreeItem {
  const run = detail.item;
  const progress = run.tasks.total > 0 ? `, ${run.tasks.done}/${run.tasks.total} tasks` : '';
  item.label = run.request.split('\n')[0] ?? run.runId;
  item.description = `${runStateLabel(run)}${progress}, ${agoText(run.startedAt, Date.now())}`;
  item.tooltip = `${run.request}\n\n${runStateLabel(run)}${progress}\nModel: ${detail.facts.model}\nFolder: ${run.folder}\nRun: ${run.runId}`;
  item.iconPath = runIcon(api, run);
  item.collapsibleState =
    run.finishedAt === null ? api.TreeItemCollapsibleState.Expanded : api.TreeItemCollapsibleState.Collapsed;
  item.contextValue = ['run', ...detail.actions].join(' ');
  return item;
}

function phaseTreeItem(api: VsCode, item: TreeItem, phase: PhaseName, detail: RunDetail): TreeItem {
  const isCurrent = detail.item.phase === phase && detail.item.finishedAt === null;
  item.label = phaseLabel(phase);
  item.description = isCurrent ? runStateLabel(detail.item) : '';
  item.iconPath = isCurrent ? runIcon(api, detail.item) : plainIcon(api, 'check');
  const isOpen = isCurrent || phase === 'execution';
  const { Collapsed, Expanded } = api.TreeItemCollapsibleState;
  item.collapsibleState = isOpen ? Expanded : Collapsed;
  return item;
}

function taskTreeItem(api: VsCode, item: TreeItem, task: TaskItem | undefined): TreeItem {
  if (!task) return item;
  const percent = task.percent === null ? '' : ` ${Math.round(task.percent)}%`;
  item.label = task.title;
  item.description = `${taskStateLabel(task.state)}${percent}${task.activity ? `: ${task.activity}` : ''}`;
  item.tooltip = `${task.title}\n\n${task.instruction}\n\nAgent: ${task.agent} (${task.agentReasons.join('; ') || 'named by the plan'})`;
  item.iconPath = taskIcon(api, task.state);
  const { Collapsed, None } = api.TreeItemCollapsibleState;
  item.collapsibleState = task.attempts.length > 0 ? Collapsed : None;
  item.contextValue = 'task';
  return item;
}

function attemptTreeItem(api: VsCode, item: TreeItem, attempt: AttemptItem | undefined): TreeItem {
  if (!attempt) return item;
  const took = attempt.finishedAt
    ? ` in ${durationText(Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt))}`
    : '';
  item.label = `Attempt ${attempt.attempt}`;
  item.description = `${attempt.agent}, ${attempt.outcome}${took}${attempt.text ? `: ${attempt.text}` : ''}`;
  item.tooltip = attempt.text ?? '';
  const state = {
    running: 'running',
    finished: 'done',
    failed: 'failed',
    interrupted: 'interrupted',
  } as const;
  item.iconPath = taskIcon(api, state[attempt.outcome]);
  return item;
}

function idOf(node: RunNode): string {
  switch (node.kind) {
    case 'run':
      return `run:${node.runId}`;
    case 'phase':
      return `phase:${node.runId}:${node.phase}`;
    case 'task':
      return `task:${node.runId}:${node.taskId}`;
    case 'attempt':
      return `attempt:${node.runId}:${node.taskId}:${node.attempt}`;
    case 'fact':
      return `fact:${node.runId}:${node.id}`;
  }
}

function taskOf(detail: RunDetail, taskId: string): TaskItem | undefined {
  return detail.tasks.find((task) => task.id === taskId);
}

function factIcon(api: VsCode, icon: string) {
  const verdict = /^verdict:(passed|failed|inconclusive|skipped|running)$/.exec(icon)?.[1];
  return verdict ? verdictIcon(api, verdict as 'passed') : plainIcon(api, icon);
}

function linesOf(file: RunDetail['deliverables'][number]): string {
  if (file.insertions === null || file.deletions === null) return `${file.change}, binary`;
  return `${file.change}, +${file.insertions} −${file.deletions}`;
}
