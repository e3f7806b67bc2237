import type { StoredEvent } from '../model/event';
import type { Plan } from '../model/plan';
import type { RunView } from '../model/run';
import { planFileOf } from '../planning/planFileOf';
import { todosOf } from '../model/todo';
import { buildReport } from './buildReport';
import { lessonsDocument } from './lessonsDocument';
import { performanceDocument } from './performanceDocument';
import { planDocument } from './planDocument';
import { qaDocument } from './qaDocument';
import { runDocument } from './runDocument';

export interface ReportFile {
  /** Relative to the run's reports folder. */
  readonly name: string;
  readonly text: string;
}

const reserved = new Set([
  'report.json',
  'report.md',
  'plan.json',
  'plan-file.json',
  'todos.json',
  'coordination-plan.md',
  'qa-report.md',
  'performance.md',
  'lessons-learned.md',
]);

/** Every file of a run's reports folder (`design.md` §7), with the documents its attempts made. */
export function reportFiles(view: RunView, events: readonly StoredEvent[]): ReportFile[] {
  const report = buildReport(view);
  const documents = attemptDocuments(view);
  return [
    { name: 'report.json', text: json(report) },
    {
      name: 'report.md',
      text: runDocument(
        report,
        documents.map((file) => file.name),
      ),
    },
    ...(view.plan ? planFiles(view.plan) : []),
    { name: 'todos.json', text: json(todosOf(view)) },
    { name: 'coordination-plan.md', text: planDocument(view, events) },
    { name: 'qa-report.md', text: qaDocument(report, view) },
    { name: 'performance.md', text: performanceDocument(report, view, events) },
    { name: 'lessons-learned.md', text: lessonsDocument(view, events) },
    ...documents,
  ];
}

/** The plan as it is, and in the form a person can edit and run. */
function planFiles(plan: Plan): ReportFile[] {
  return [
    { name: 'plan.json', text: json(plan) },
    { name: 'plan-file.json', text: json(planFileOf(plan)) },
  ];
}

/** The latest document of each name. One that would take the place of the engine's own, or of another task's, is put under its task's name. */
function attemptDocuments(view: RunView): ReportFile[] {
  const files = new Map<string, ReportFile & { taskId: string }>();
  for (const { task, attempts } of view.tasks) {
    for (const { name, text } of attempts.flatMap((attempt) => attempt.documents)) {
      const taken = files.get(name.toLowerCase());
      const isFree = !reserved.has(name.toLowerCase()) && (!taken || taken.taskId === task.id);
      const own = isFree ? name : `${task.id}-${name}`;
      files.set(own.toLowerCase(), { name: own, text, taskId: task.id });
    }
  }
  return [...files.values()].map(({ name, text }) => ({ name, text }));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
