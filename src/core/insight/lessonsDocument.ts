import type { StoredEvent } from '../model/event';
import type { Estimate } from '../model/plan';
import type { RunView } from '../model/run';
import { code, inline, list, page, section } from './markdown';
import { timingOf, workMs } from './timing';
import { durationText, minutesText } from './wording';

/** `lessons-learned.md`: only what the journal of this run shows, for whoever plans the next one. */
export function lessonsDocument(view: RunView, events: readonly StoredEvent[]): string {
  const sections = [
    section('Estimates and what happened', list(estimates(view))),
    section('Gates that failed first', list(failedGates(view))),
    section('Repairs', list(repairs(events))),
    section('Attempts that failed', list(failedAttempts(view))),
    section('Calls that were repeated', list(retries(events))),
    section('What was denied', list(denials(events))),
    section('Interruptions', list(interruptions(events))),
  ];
  const filled = sections.filter((part) => part !== undefined);
  return page('Lessons learned', ...(filled.length > 0 ? filled : ['Nothing recorded.']));
}

function estimates(view: RunView): string[] {
  const whole = view.analysis ? [wholeText(view, view.analysis)] : [];
  const tasks = view.tasks.flatMap((task) => {
    const tookMs = workMs(task, view.gates);
    if (tookMs === 0) return [];
    return [
      `${code(task.task.id)}: estimated ${minutesText(task.task.estimateMinutes)}, took ${durationText(tookMs)} (${compared(task.task.estimateMinutes, tookMs)})`,
    ];
  });
  return [...whole, ...tasks];
}

/** The person's time to answer is not the tasks': the run is held against what its tasks took, side by side. */
function wholeText(view: RunView, { estimateMinutes, basis }: NonNullable<RunView['analysis']>): string {
  const { wallMs } = timingOf(view);
  const why = basis === undefined ? '' : ` (${basis})`;
  const took =
    wallMs === 0
      ? 'nothing ran'
      : `its tasks took ${durationText(wallMs)} (${compared(estimateMinutes, wallMs)})`;
  return `The run: estimated ${minutesText(estimateMinutes)}${why}, ${took}`;
}

function compared({ low, high }: Estimate, tookMs: number): string {
  const minutes = tookMs / 60_000;
  if (minutes < low) return 'less';
  return minutes > high ? 'more' : 'within';
}

/** A gate whose first verdict for a tree was red, with what it came to. */
function failedGates(view: RunView): string[] {
  const firsts = new Map<string, RunView['gates'][number]>();
  const lasts = new Map<string, RunView['gates'][number]>();
  for (const gate of view.gates) {
    if (gate.on === 'base') continue;
    const key = `${gate.on} ${gate.result.gate}`;
    if (!firsts.has(key)) firsts.set(key, gate);
    lasts.set(key, gate);
  }
  return [...firsts].flatMap(([key, first]) => {
    if (first.judgement.verdict !== 'failed') return [];
    const end = lasts.get(key)?.judgement.verdict ?? 'failed';
    const outcome = end === 'failed' ? 'and stayed red' : `and ended ${end}`;
    return [
      `${inline(first.result.gate)} on ${inline(first.on)} failed (${inline(first.judgement.reason)}) ${outcome}`,
    ];
  });
}

function repairs(events: readonly StoredEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'task.repairing'
      ? [`${code(event.taskId)} before attempt ${event.attempt}: ${inline(event.because.join('; '))}`]
      : [],
  );
}

function failedAttempts(view: RunView): string[] {
  return view.tasks.flatMap(({ task, attempts }) =>
    attempts.flatMap(({ attempt, failure }) =>
      failure ? [`${code(task.id)} attempt ${attempt}: ${failure.kind}. ${inline(failure.message)}`] : [],
    ),
  );
}

function retries(events: readonly StoredEvent[]): string[] {
  const failed = events.flatMap((event) => (event.type === 'model.failed' ? [event] : []));
  const counts = new Map<string, number>();
  for (const { model, failure } of failed) {
    const text = `${code(model)}: ${inline(failure.message)}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => (count > 1 ? `${text} (${count} times)` : text));
}

/** Answers of people and rules; a refusal of the policy itself is the output of the tool it refused. */
function denials(events: readonly StoredEvent[]): string[] {
  const titles = new Map<string, string>();
  const summaries = new Map<string, string>();
  return events.flatMap((event) => {
    switch (event.type) {
      case 'approval.requested':
        titles.set(event.approval.id, event.approval.title);
        return [];
      case 'approval.answered':
        if (event.answer.decision === 'allow') return [];
        return [
          `${inline(titles.get(event.answer.id) ?? event.answer.id)}: denied by ${inline(event.answer.by)}`,
        ];
      case 'tool.called':
        summaries.set(event.callId, event.summary);
        return [];
      case 'tool.returned':
        if (event.ok || !event.output.startsWith('Denied by the rule')) return [];
        return [
          `${inline(summaries.get(event.callId) ?? event.tool)}: ${inline(event.output.split('\n')[0] ?? '')}`,
        ];
      default:
        return [];
    }
  });
}

function interruptions(events: readonly StoredEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === 'run.recovered')
      return [`${event.at}: taken over by ${inline(event.owner)} after its process was gone`];
    if (event.type === 'run.paused') return [`${event.at}: paused by ${inline(event.by)}`];
    return [];
  });
}
