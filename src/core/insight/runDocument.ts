import type { Report } from '../model/report';
import { code, inline, list, page, quote, section, table } from './markdown';
import { changeText, durationText, minutesText, plural, usageText } from './wording';

/** `report.md`: what was asked, what came of it, and what to do next. */
export function runDocument(report: Report, documents: readonly string[] = []): string {
  const { run } = report;
  return page(
    `Run ${run.id}: ${run.state.replace('_', ' ')}`,
    quote(run.task),
    facts(report),
    section('What changed', deliverables(report), undo(report)),
    section('Failures', failures(report)),
    section('Tasks', tasks(report)),
    section('Gates', gates(report), absent(report)),
    section('Documents', list(documents.map((name) => `[${inline(name)}](${encodeURI(name)})`))),
  );
}

function facts({ run, analysis, plan, usage, timing }: Report): string | undefined {
  const rows: string[][] = [
    ['Workspace', code(run.workspace)],
    [
      'Base',
      `${code(run.baseCommit.slice(0, 12))}${run.baseKind === 'snapshot' ? ' (the folder as it was: it had no commits)' : ''}`,
    ],
    ['Started', run.startedAt],
    ['Lasted', durationText(run.durationMs)],
    ['Model', run.model === 'offline' ? 'none (offline)' : code(run.model)],
    ['Usage', usageText(usage)],
  ];
  if (plan) rows.push(['Plan', `${plan.origin}${plan.source === undefined ? '' : ` ${code(plan.source)}`}`]);
  if (analysis) {
    rows.push(['Judged', `${analysis.complexity}, priority ${analysis.priority}, by ${inline(analysis.by)}`]);
    if (analysis.domains.length > 0) rows.push(['Domains', inline(analysis.domains.join(', '))]);
    rows.push(['Estimate', minutesText(analysis.estimateMinutes)]);
  }
  if (timing.speedup !== null)
    rows.push([
      'Work side by side',
      `${durationText(timing.sequentialMs)} of work in ${durationText(timing.wallMs)}`,
    ]);
  return table(['', ''], rows);
}

function deliverables({ deliverables: files }: Report): string | undefined {
  const rows = files.map((file) => [
    code(file.path),
    file.change,
    changeText(file),
    inline(file.tasks.join(', ')),
  ]);
  return table(['File', 'Change', 'Lines', 'By'], rows);
}

function undo({ undoCommand, deliverables: files, run }: Report): string | undefined {
  if (undoCommand !== null) return `Take it back with ${code(undoCommand)}.`;
  if (run.state === 'awaiting_delivery') {
    return `Nothing of this is in the workspace yet. Land it with ${code(`enterprise deliver ${run.id}`)}.`;
  }
  if (run.state === 'delivered')
    return files.length > 0 ? 'The delivery was taken back.' : 'No file had to change.';
  return files.length > 0 ? 'Nothing of this is in the workspace.' : undefined;
}

function failures({ failures: all }: Report): string | undefined {
  return list(
    all.map(({ kind, message, remedy, task }) => {
      const where = task === undefined ? '' : ` in task ${code(task)}`;
      return `**${kind}**${where}: ${inline(message)}${remedy === undefined ? '' : ` *What to do:* ${inline(remedy)}`}`;
    }),
  );
}

function tasks({ tasks: all }: Report): string | undefined {
  const rows = all.map((task) => [
    code(task.id),
    inline(task.title),
    task.state,
    inline(task.agent),
    String(task.attempts),
    task.durationMs === null ? '' : durationText(task.durationMs),
    inline(task.summary ?? ''),
  ]);
  return table(['Task', 'Title', 'State', 'Agent', 'Attempts', 'Time', 'Summary'], rows);
}

/** The gates table, also used by the QA report. */
export function gates({ gates: all }: Report): string | undefined {
  const rows = all.map((gate) => [
    inline(gate.name),
    inline(gate.tree),
    gate.verdict,
    String(gate.newFindings),
    String(gate.baselineFindings),
    gate.reused ? 'reused' : durationText(gate.durationMs),
    inline(gate.reason),
  ]);
  return table(['Gate', 'Tree', 'Verdict', 'New findings', 'Known before', 'Time', 'Why'], rows);
}

function absent({ absentGates }: Report): string | undefined {
  if (absentGates.length === 0) return undefined;
  const reasons = list(absentGates.map((gate) => `${inline(gate.name)}: ${inline(gate.reason)}`));
  return `${plural(absentGates.length, 'gate')} did not apply:\n\n${reasons}`;
}
