import type { RunDetail, TaskItem } from '../../src/protocol/runModel';

/** Where a task's bar stands in the timeline, in percent of the whole. */
export interface TimelineBar {
  readonly task: TaskItem;
  readonly startPercent: number;
  readonly widthPercent: number;
  readonly durationMs: number;
}

export interface Timing {
  readonly elapsedMs: number;
  /** What the tasks took one after another; the gain of working side by side shows against `spanMs`. */
  readonly sequentialMs: number;
  /** From the first task's start to the last one's end. */
  readonly spanMs: number;
  readonly bars: readonly TimelineBar[];
}

/** Real times only: a task that has not started has no bar. */
export function timingOf(run: Pick<RunDetail, 'item' | 'tasks'>, nowMs: number): Timing {
  const stoodStillAt = run.item.finishedAt ?? run.item.leftAt;
  const endMs = stoodStillAt === null ? nowMs : Date.parse(stoodStillAt);
  const started = run.tasks.filter((task) => task.startedAt !== null);
  const spans = started.map((task) => {
    const fromMs = Date.parse(task.startedAt ?? '');
    const toMs = task.finishedAt === null ? endMs : Date.parse(task.finishedAt);
    return { task, fromMs, toMs: Math.max(fromMs, toMs) };
  });
  const firstMs = Math.min(...spans.map((span) => span.fromMs));
  const lastMs = Math.max(...spans.map((span) => span.toMs));
  const spanMs = spans.length === 0 ? 0 : lastMs - firstMs;
  const whole = Math.max(1, spanMs);
  return {
    elapsedMs: Math.max(0, endMs - Date.parse(run.item.startedAt)),
    sequentialMs: spans.reduce((sum, span) => sum + (span.task.workMs ?? span.toMs - span.fromMs), 0),
    spanMs,
    bars: spans.map(({ task, fromMs, toMs }) => ({
      task,
      startPercent: ((fromMs - firstMs) / whole) * 100,
      widthPercent: ((toMs - fromMs) / whole) * 100,
      durationMs: toMs - fromMs,
    })),
  };
}
