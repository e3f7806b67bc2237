import type { ClaimCheck } from '../model/handoff';
import type { FindingReport, Report } from '../model/report';
import type { GateView, RunView } from '../model/run';
import { decidingGates, latestGates } from './gateSummary';
import { code, inline, list, page, section, table } from './markdown';
import { gates } from './runDocument';
import { placeText, plural } from './wording';

const listed = 200;

/** `qa-report.md`: every gate, every finding with its place, and what stands between the run and a clean result. */
export function qaDocument(report: Report, view: RunView): string {
  const having = (status: FindingReport['status']) =>
    findings(report.findings.filter((finding) => finding.status === status));
  return page(
    'QA report',
    verdict(view),
    section('Gates', gates(report), commands(report)),
    section('New findings', having('new')),
    section('Known before the run', having('known')),
    section('Fixed by the run', having('fixed')),
    section('Tests and coverage', tests(report)),
    section('What tools printed when they failed', ...outputs(view)),
    section(
      'Gates that do not apply',
      list(report.absentGates.map(({ name, reason }) => `${inline(name)}: ${inline(reason)}`)),
    ),
    section('Claims of agents', claims(view)),
  );
}

function verdict(view: RunView): string {
  const deciding = decidingGates(view);
  if (deciding.length === 0) return 'No gate ran over a changed tree.';
  const on = deciding[0]?.on === 'combined' ? 'the combined tree' : 'the trees of tasks';
  const count = (name: string) => deciding.filter((gate) => gate.judgement.verdict === name).length;
  const parts = ['passed', 'failed', 'inconclusive', 'skipped'].flatMap((name) =>
    count(name) > 0 ? [`${count(name)} ${name}`] : [],
  );
  return `${plural(deciding.length, 'gate')} over ${on}: ${parts.join(', ')}.`;
}

function commands({ gates: all }: Report): string | undefined {
  const byGate = new Map(all.map((gate) => [gate.name, gate.command]));
  return list([...byGate].map(([name, command]) => `${inline(name)} runs ${code(command)}`));
}

function findings(all: readonly FindingReport[]): string | undefined {
  const rows = all
    .slice(0, listed)
    .map((finding) => [
      finding.file === undefined ? '' : code(placeText(finding)),
      finding.severity,
      inline(finding.gate),
      inline(finding.rule ?? ''),
      inline(finding.message),
      inline(finding.tree),
    ]);
  const rest = all.length - rows.length;
  const shown = table(['Place', 'Severity', 'Gate', 'Rule', 'Message', 'Tree'], rows);
  return rest > 0 ? `${shown ?? ''}\n\n${plural(rest, 'more finding')} in report.json.` : shown;
}

function tests({ gates: all }: Report): string | undefined {
  return list(
    all.flatMap(({ name, tree, tests: counts, lineCoverage }) => {
      const ran = counts
        ? [`${counts.passed} tests passed, ${counts.failed} failed, ${counts.skipped} skipped`]
        : [];
      const { covered = 0, total = 0 } = lineCoverage ?? {};
      const lines =
        total > 0 ? [`${covered} of ${total} lines covered (${((covered * 100) / total).toFixed(1)} %)`] : [];
      const facts = [...ran, ...lines];
      return facts.length > 0 ? [`${inline(name)} on ${inline(tree)}: ${facts.join('; ')}`] : [];
    }),
  );
}

/** Results that are not green: those that decide, and those of the base where nothing that decides repeats them. */
function red(view: RunView): GateView[] {
  const isRed = ({ judgement: { verdict } }: GateView) => verdict === 'failed' || verdict === 'inconclusive';
  const deciding = decidingGates(view).filter(isRed);
  const told = new Set(deciding.map(({ result }) => result.gate));
  const ofBase = latestGates(view).filter(
    (gate) => gate.on === 'base' && isRed(gate) && !told.has(gate.result.gate),
  );
  return [...deciding, ...ofBase];
}

/** The end of the output of gates that are not green, fenced longer than anything inside. */
function outputs(view: RunView): (string | undefined)[] {
  return red(view).flatMap(({ on, result }) => {
    const text = result.outputTail.trim();
    if (text === '') return [];
    const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
    const fence = '`'.repeat(longest + 1);
    return [
      `${inline(result.gate)} on ${inline(on)} (${code(result.command)}):\n\n${fence}\n${text}\n${fence}`,
    ];
  });
}

function claims(view: RunView): string | undefined {
  return list(
    view.tasks.flatMap(({ task, attempts }) => {
      const { claims: said = [], claimChecks } = attempts.at(-1) ?? {};
      return claimChecks
        ? claimChecks.map((check) => `${code(task.id)}: ${claimText(check)}`)
        : said.map((claim) => `${code(task.id)}: ${inline(claim)} (not checked)`);
    }),
  );
}

/** What nothing shows is struck, what is wrong is struck and said so. */
function claimText({ claim, verdict, evidence }: ClaimCheck): string {
  const said = inline(claim);
  const shown = verdict === 'confirmed' ? said : `~~${said.replaceAll('~~', '')}~~`;
  return `${shown} — **${verdict}**: ${inline(evidence)}`;
}
