import { usageText } from '../../core/insight/wording';
import { decidingGates } from '../../core/insight/gateSummary';
import { phaseSchema } from '../../core/model/event';
import type { Verdict } from '../../core/model/gate';
import type { RunView, TaskView } from '../../core/model/run';
import { isRunEnded } from '../../core/model/run';
import { isEnded, taskStateLabel } from '../../core/model/taskState';
import { plainPaint, type Paint, type Style } from '../paint';
import { fit, oneLine, truncate, widthOf } from './fitText';
import { percentOf, percentOfRun } from './progress';

export interface MonitorSize {
  /** Columns and lines of the terminal. */
  readonly width: number;
  readonly height: number;
  /** The time now, for what is still running; milliseconds since 1970. */
  readonly nowMs: number;
  readonly paint?: Paint;
}

/** The live picture of a run as lines, none wider and no more of them than the terminal has. */
export function renderMonitor(view: RunView, size: MonitorSize): string {
  // The last line stays free: a full screen would scroll with each redraw.
  const height = Math.max(1, size.height - 1);
  const paint = size.paint ?? plainPaint;
  const head = [header(view, size, paint), phases(view, size, paint), ''];
  const foot = [gateLine(view, size, paint), truncate(usageLine(view), size.width)].filter(
    (line) => line !== '',
  );
  // A low terminal belongs to the tasks alone.
  const forActivity = height >= 14 ? 4 : 0;
  const forTasks = Math.max(1, Math.min(view.tasks.length, height - head.length - foot.length - forActivity));
  const tasks = view.tasks.length > 0 ? taskLines(view.tasks, forTasks, size, paint) : [];
  const left = height - head.length - foot.length - tasks.length - 1;
  const activity = left > 0 ? activityLines(view, Math.min(left, 8), size, paint) : [];
  const lines = [...head, ...tasks, ...foot, ...(activity.length > 0 ? ['', ...activity] : [])];
  return lines.slice(0, height).join('\n');
}

function header(view: RunView, { width, nowMs }: MonitorSize, paint: Paint): string {
  const end = isRunEnded(view.state) ? Date.parse(view.finishedAt ?? view.updatedAt) : nowMs;
  const right = ` ${percentOfRun(view)}% ${clock(end - Date.parse(view.startedAt))}`;
  const left = fit(`${view.state.name.replace('_', ' ')}: ${oneLine(view.request)}`, width - widthOf(right));
  return paint('bold', left) + right;
}

function phases(view: RunView, { width }: MonitorSize, paint: Paint): string {
  const names = phaseSchema.options;
  const current = names.indexOf(view.phase);
  const isOver = view.state.name === 'delivered';
  const mark = (index: number) => (index < current || isOver ? '✔' : index === current ? '▶' : '·');
  const texts = names.map((name, index) => `${mark(index)} ${name}`);
  // On a narrow terminal the current phase alone; cutting painted text would cut its escape sequences.
  const full = texts.join(' → ');
  if (widthOf(full) > width)
    return truncate(`${texts[current] ?? ''} (${current + 1} of ${names.length})`, width);
  return texts
    .map((text, index) => (index === current && !isOver ? paint('bold', text) : paint('dim', text)))
    .join(' → ');
}

/** Widths of the columns before the activity, made for the longest entries of this run. */
interface Columns {
  readonly id: number;
  readonly bar: number;
  readonly agent: number;
}

function columnsOf(tasks: readonly TaskView[], width: number): Columns {
  const longest = (texts: string[], least: number, most: number) =>
    Math.max(least, Math.min(most, Math.max(...texts.map(widthOf))));
  return {
    id: longest(
      tasks.map(({ task }) => task.id),
      6,
      Math.max(8, Math.floor(width / 4)),
    ),
    bar: Math.max(4, Math.min(20, Math.floor(width / 6))),
    agent: longest(tasks.map(agentOf), 6, Math.max(8, Math.floor(width / 6))),
  };
}

/** Those that need attention or move stand first when there is not room for all. */
function taskLines(tasks: readonly TaskView[], room: number, size: MonitorSize, paint: Paint): string[] {
  const columns = columnsOf(tasks, size.width);
  const lineOf = (task: TaskView) => taskLine(task, columns, size, paint);
  if (tasks.length <= room) return tasks.map(lineOf);
  const shown = new Set([...tasks].sort((a, b) => urgency(a) - urgency(b)).slice(0, Math.max(0, room - 1)));
  const hidden = tasks.filter((task) => !shown.has(task));
  const counts = new Map<string, number>();
  for (const { state } of hidden)
    counts.set(taskStateLabel(state), (counts.get(taskStateLabel(state)) ?? 0) + 1);
  const rest = `… ${hidden.length} more: ${[...counts].map(([label, count]) => `${count} ${label}`).join(', ')}`;
  return [...tasks.filter((task) => shown.has(task)).map(lineOf), paint('dim', truncate(rest, size.width))];
}

function urgency({ state }: TaskView): number {
  if (state.name === 'awaiting_approval') return 0;
  if (state.name === 'failed') return 1;
  if (!isEnded(state) && state.name !== 'pending') return 2;
  return state.name === 'pending' ? 3 : 4;
}

function taskLine(view: TaskView, columns: Columns, { width, nowMs }: MonitorSize, paint: Paint): string {
  const label = taskStateLabel(view.state);
  const percent = percentOf(view);
  const filled = Math.round((columns.bar * percent) / 100);
  const bar = '█'.repeat(filled) + '░'.repeat(columns.bar - filled);
  const start = view.startedAt === undefined ? undefined : Date.parse(view.startedAt);
  const end = view.finishedAt === undefined ? nowMs : Date.parse(view.finishedAt);
  const time = start === undefined ? '' : clock(end - start);
  const before = `${fit(view.task.id, columns.id)} `;
  const after = ` ${String(percent).padStart(3)}% ${fit(label, 11)} ${time.padStart(5)} ${fit(agentOf(view), columns.agent)}`;
  const room = width - widthOf(before) - columns.bar - widthOf(after) - 1;
  if (room < 0) return truncate(`${view.task.id} ${percent}% ${label}`, width);
  const doing = room > 6 ? ` ${truncate(activity(view), room)}` : '';
  return (
    before +
    paint(styleOf(view), bar) +
    after +
    (doing.trim() === '' ? '' : paint('dim', doing))
  ).trimEnd();
}

function agentOf(view: TaskView): string {
  return oneLine(view.attempts.at(-1)?.agent ?? view.task.agent);
}

function activity({ state }: TaskView): string {
  switch (state.name) {
    case 'running':
      return oneLine(state.activity);
    case 'awaiting_approval':
      return oneLine(state.question);
    case 'repairing':
      return oneLine(state.because.join('; '));
    case 'failed':
    case 'skipped':
      return oneLine(state.failure.message);
    case 'done':
      return oneLine(state.summary);
    case 'pending':
    case 'preparing':
    case 'checking':
    case 'integrating':
    case 'cancelled':
      return '';
  }
}

function styleOf({ state }: TaskView): Style {
  switch (state.name) {
    case 'done':
      return 'green';
    case 'failed':
      return 'red';
    case 'awaiting_approval':
    case 'repairing':
      return 'yellow';
    case 'skipped':
    case 'cancelled':
    case 'pending':
      return 'dim';
    case 'preparing':
    case 'running':
    case 'checking':
    case 'integrating':
      return 'cyan';
  }
}

export const verdictMarks: Record<Verdict, string> = {
  passed: '✔',
  failed: '✘',
  inconclusive: '?',
  skipped: '–',
};

function gateLine(view: RunView, { width }: MonitorSize, paint: Paint): string {
  const done = decidingGates(view).map(
    ({ on, result, judgement }) =>
      `${verdictMarks[judgement.verdict]} ${result.gate}${on === 'combined' ? '' : ` (${on})`}`,
  );
  const running = view.runningGates.map(({ gate, on }) => `… ${gate} (${on})`);
  const parts = [...running, ...done].map(oneLine);
  if (parts.length === 0) return '';
  const line = truncate(`gates ${parts.join('  ')}`, width);
  return decidingGates(view).some(({ judgement }) => judgement.verdict === 'failed')
    ? paint('red', line)
    : line;
}

function usageLine(view: RunView): string {
  const { maxCostUsd } = view.budget;
  const limit = maxCostUsd === undefined || view.usage.modelCalls === 0 ? '' : ` of at most $${maxCostUsd}`;
  return view.usage.modelCalls === 0 && view.model !== 'offline'
    ? 'usage none yet'
    : `usage ${usageText(view.usage)}${limit}`;
}

function activityLines(view: RunView, count: number, { width }: MonitorSize, paint: Paint): string[] {
  return view.activity.slice(-count).map(({ level, at, taskId, text }) => {
    const line = truncate(
      `${at.slice(11, 19)} ${taskId === undefined ? '' : `${taskId}: `}${oneLine(text)}`,
      width,
    );
    return paint(level === 'error' ? 'red' : level === 'warning' ? 'yellow' : 'dim', line);
  });
}

/** Minutes and seconds, `1:05`; with hours `1:00:05`. */
function clock(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
