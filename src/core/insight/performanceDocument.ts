import type { StoredEvent } from '../model/event';
import type { Report } from '../model/report';
import type { RunView } from '../model/run';
import { code, inline, page, section, table } from './markdown';
import { elapsedMs, workMs } from './timing';
import { durationText, minutesText, usageText } from './wording';

/** `performance.md`: where time, tokens and money went. */
export function performanceDocument(report: Report, view: RunView, events: readonly StoredEvent[]): string {
  return page(
    'Performance',
    section('The run', overall(report)),
    section('Phases', phases(view, events)),
    section('Tasks', tasks(view)),
    section('Gates', gates(view)),
    section('Model calls', `${usageText(report.usage)}.`, models(events)),
  );
}

function overall({ run, timing }: Report): string | undefined {
  const rows = [['From request to end', durationText(run.durationMs)]];
  if (timing.speedup !== null) {
    rows.push(
      ['Attempts side by side', durationText(timing.wallMs)],
      ['Attempts one after another', durationText(timing.sequentialMs)],
      [
        'Longest chain of tasks',
        `${durationText(timing.criticalPathMs)}: ${timing.criticalPath.map(code).join(' → ')}`,
      ],
      ['Speed-up', `${timing.speedup.toFixed(2)} times`],
    );
  }
  return table(['What', 'Measured'], rows);
}

/** A phase lasts until the next one is entered. */
function phases(view: RunView, events: readonly StoredEvent[]): string | undefined {
  const entered = events.flatMap((event) => (event.type === 'phase.entered' ? [event] : []));
  const rows = entered.map((event, index) => {
    const end = entered[index + 1]?.at ?? view.finishedAt ?? view.updatedAt;
    return [event.phase, durationText(elapsedMs(event.at, end))];
  });
  return table(['Phase', 'Time'], rows);
}

function tasks(view: RunView): string | undefined {
  const rows = view.tasks
    .filter((task) => task.attempts.length > 0)
    .map((task) => [
      code(task.task.id),
      durationText(workMs(task, view.gates)),
      task.startedAt && task.finishedAt ? durationText(elapsedMs(task.startedAt, task.finishedAt)) : '',
      minutesText(task.task.estimateMinutes),
      String(task.attempts.length),
      String(task.attempts.reduce((sum, attempt) => sum + attempt.steps, 0)),
    ]);
  return table(
    ['Task', 'In attempts', 'With worktree and gates', 'Estimate', 'Attempts', 'Model steps'],
    rows,
  );
}

function gates(view: RunView): string | undefined {
  const rows = view.gates.map(({ on, reused, result }) => [
    inline(result.gate),
    inline(on),
    reused ? 'reused' : durationText(result.durationMs),
  ]);
  return table(['Gate', 'Tree', 'Time'], rows);
}

function models(events: readonly StoredEvent[]): string | undefined {
  const answers = events.flatMap((event) => (event.type === 'model.answered' ? [event] : []));
  const rows = [...new Set(answers.map((answer) => answer.model))].map((model) => {
    const own = answers.filter((answer) => answer.model === model);
    const durations = own.map((answer) => answer.durationMs).sort((a, b) => a - b);
    const median = durations[Math.floor(durations.length / 2)] ?? 0;
    const tokens = own.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0);
    return [
      code(model),
      String(own.length),
      String(tokens),
      costText(own.map(({ usage }) => usage.costUsd)),
      durationText(median),
      durationText(durations.at(-1) ?? 0),
    ];
  });
  return table(['Model', 'Calls', 'Tokens', 'Cost', 'Median', 'Slowest'], rows);
}

function costText(costs: readonly (number | null)[]): string {
  const known = costs.filter((cost) => cost !== null);
  if (known.length < costs.length) return 'not reported';
  return `$${known.reduce((sum, cost) => sum + cost, 0).toFixed(4)}`;
}
