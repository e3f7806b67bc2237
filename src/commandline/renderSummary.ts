import { buildReport } from '../core/insight/buildReport';
import { decidingGates } from '../core/insight/gateSummary';
import { changeText, durationText, placeText, plural, usageText } from '../core/insight/wording';
import type { FindingReport, Report } from '../core/model/report';
import type { RunView } from '../core/model/run';
import { isGreen } from './exitCode';
import { verdictMarks } from './monitor/renderMonitor';
import { oneLine } from './monitor/fitText';
import type { Paint } from './paint';

const listedFindings = 20;
const listedFiles = 40;
const listedClaims = 10;

/** What came of a run, where its reports are, and what a person can do next. */
export function renderSummary(view: RunView, paint: Paint): string {
  const report = buildReport(view);
  const lines = [
    headline(view, report, paint),
    ...files(report),
    ...failures(report, paint),
    row('Tasks', counted(report.tasks.map((task) => task.state))),
    row('Gates', gates(view)),
    ...unproven(view, paint),
    row('Findings', findingCounts(report.findings)),
    ...findings(report.findings, paint),
    ...claims(view, paint),
    row('Model', usageText(report.usage)),
    row('Reports', view.reportFolder),
    row('Next', next(view)),
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

function row(name: string, text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : `${name.padEnd(9)} ${text}`;
}

function headline(view: RunView, report: Report, paint: Paint): string {
  const lasted = `in ${durationText(report.run.durationMs)}`;
  switch (view.state.name) {
    case 'delivered': {
      if (view.state.undone) return paint('yellow', `The delivery of ${view.runId} was taken back.`);
      const { length } = report.deliverables;
      const text =
        length > 0
          ? `Delivered ${plural(length, 'file')} (${lineTotals(report)}) ${lasted}`
          : `Done ${lasted}: no file had to change`;
      return isGreen(view)
        ? paint('green', `${text}.`)
        : paint('yellow', `${text}; not everything is proven.`);
    }
    case 'failed':
      return paint('red', `Failed ${lasted}: nothing was delivered.`);
    case 'cancelled':
      return paint('yellow', `Cancelled by ${view.state.by} ${lasted}: nothing was delivered.`);
    case 'awaiting_delivery':
      return paint(
        'yellow',
        `Ready ${lasted}, not delivered: ${plural(report.deliverables.length, 'file')} (${lineTotals(report)}).`,
      );
    case 'awaiting_approval':
      return paint('yellow', `The plan with ${plural(view.tasks.length, 'task')} waits for approval.`);
    case 'planning':
    case 'running':
    case 'paused':
    case 'validating':
      return paint('yellow', `Not ended: ${view.state.name}, in phase ${view.phase}.`);
  }
}

function lineTotals({ deliverables }: Report): string {
  const sum = (key: 'insertions' | 'deletions') =>
    deliverables.reduce((total, file) => total + (file[key] ?? 0), 0);
  return `+${sum('insertions')} −${sum('deletions')}`;
}

function files({ deliverables }: Report): string[] {
  const marks = { added: '+', modified: '~', deleted: '-' };
  const shown = deliverables
    .slice(0, listedFiles)
    .map((file) => `  ${marks[file.change]} ${oneLine(file.path)}  ${changeText(file)}`);
  const rest = deliverables.length - shown.length;
  return rest > 0 ? [...shown, `  … ${rest} more in the reports`] : shown;
}

function failures(report: Report, paint: Paint): string[] {
  return report.failures.flatMap(({ message, remedy, task }) => {
    const where = task === undefined ? '' : `${task}: `;
    return [
      paint('red', `  ✘ ${where}${oneLine(message)}`),
      ...(remedy === undefined ? [] : [`    ${oneLine(remedy)}`]),
    ];
  });
}

function gates(view: RunView): string {
  return decidingGates(view)
    .map(({ on, result, judgement }) => {
      const where = on === 'combined' ? '' : ` (${on})`;
      return `${verdictMarks[judgement.verdict]} ${result.gate}${where} ${judgement.verdict}`;
    })
    .join('  ');
}

/** Why a gate did not pass. */
function unproven(view: RunView, paint: Paint): string[] {
  return decidingGates(view).flatMap(({ on, result, judgement }) => {
    if (judgement.verdict !== 'failed' && judgement.verdict !== 'inconclusive') return [];
    const text = `  ${result.gate} on ${on}: ${judgement.verdict}, ${judgement.reason}`;
    return [paint(judgement.verdict === 'failed' ? 'red' : 'yellow', `  ${oneLine(text)}`)];
  });
}

/** What agents said they proved, and what the host found about it; only what is confirmed stands there unmarked. */
function claims(view: RunView, paint: Paint): string[] {
  const checks = view.tasks.flatMap(({ task, attempts }) =>
    (attempts.at(-1)?.claimChecks ?? []).map((check) => ({ ...check, task: task.id })),
  );
  if (checks.length === 0) return [];
  const doubtful = checks.filter(({ verdict }) => verdict !== 'confirmed');
  const lines = doubtful.slice(0, listedClaims).map(({ task, claim, verdict, evidence }) => {
    const text = `  ${verdict}: ${task} said "${claim}": ${evidence}`;
    return paint(verdict === 'refuted' ? 'red' : 'yellow', `  ${oneLine(text)}`);
  });
  const rest = doubtful.length - lines.length;
  const head = row('Claims', counted(checks.map(({ verdict }) => verdict))) ?? '';
  return [head, ...lines, ...(rest > 0 ? [`  … ${rest} more in qa-report.md`] : [])];
}

function findingCounts(findings: readonly FindingReport[]): string | undefined {
  if (findings.length === 0) return undefined;
  const count = (status: FindingReport['status']) =>
    findings.filter((finding) => finding.status === status).length;
  const fixed = count('fixed') > 0 ? `, ${count('fixed')} fixed by it` : '';
  return `${count('new')} new, ${count('known')} known before the run${fixed}`;
}

/** New ones first; those known before only as far as there is room. What was fixed is counted, not listed. */
function findings(all: readonly FindingReport[], paint: Paint): string[] {
  const left = all.filter((finding) => finding.status !== 'fixed');
  const shown = [...left].sort((a, b) => rank(a) - rank(b)).slice(0, listedFindings);
  const lines = shown.map((finding) => {
    const isNew = finding.status === 'new';
    const place = finding.file === undefined ? '' : `${placeText(finding)} `;
    const text = `  ${isNew ? 'new ' : ''}${place}${finding.gate}: ${finding.message}`;
    return paint(isNew ? 'red' : 'dim', `  ${oneLine(text)}`);
  });
  const rest = left.length - shown.length;
  return rest > 0 ? [...lines, `  … ${rest} more in qa-report.md`] : lines;
}

function rank({ status }: FindingReport): number {
  return status === 'new' ? 0 : 1;
}

function counted(states: readonly string[]): string {
  return [...new Set(states)]
    .map((state) => `${states.filter((other) => other === state).length} ${state.replace('_', ' ')}`)
    .join(', ');
}

/** How to go on from here. */
export function next({ runId, state }: RunView): string | undefined {
  switch (state.name) {
    case 'delivered':
      return state.undone || state.paths.length === 0 ? undefined : `take it back: enterprise undo ${runId}`;
    case 'awaiting_approval':
      return `read it: enterprise show ${runId}; approve it: enterprise resume ${runId} --yes; or edit plan-file.json of the reports and run that with --plan`;
    case 'awaiting_delivery':
      return `land it: enterprise deliver ${runId}`;
    case 'planning':
    case 'running':
    case 'paused':
    case 'validating':
      return `continue it where nobody works at it: enterprise resume ${runId}`;
    case 'failed':
    case 'cancelled':
      return undefined;
  }
}
