import assert from 'node:assert/strict';
import { buildReport } from '../../../../src/core/insight/buildReport';
import { reportFiles } from '../../../../src/core/insight/reportFiles';
import { timingOf } from '../../../../src/core/insight/timing';
import { code, inline, table } from '../../../../src/core/insight/markdown';
import { reportSchema } from '../../../../src/core/model/report';
import { deliveredRun, record, recordedRunId, until, viewOf } from '../../../support/recordedRun';

const events = record(deliveredRun);
const view = viewOf(events);
const fileOf = (name: string, of = view) =>
  reportFiles(of, events).find((file) => file.name === name)?.text ?? '';

describe('report', () => {
  const report = buildReport(view);

  it('has the shape of its schema, for a run in any state', () => {
    for (const seconds of [0, 1, 3, 6, 9, 15, 20, 27, 28])
      reportSchema.parse(buildReport(viewOf(until(seconds))));
  });

  it('measures attempts, their longest chain and the speed-up', () => {
    // lint 6–10, tests 6–14 and 15–19, docs 13–23 after lint.
    assert.deepEqual(timingOf(view), {
      wallMs: 17_000,
      sequentialMs: 26_000,
      criticalPathMs: 14_000,
      speedup: 1.53,
      criticalPath: ['lint', 'docs'],
    });
  });

  it('has no speed-up where nothing ran', () => {
    assert.equal(timingOf(viewOf(until(3))).speedup, null);
  });

  it('takes the last verdict of a gate that was repaired, and counts known findings apart from new ones', () => {
    const picture = report.gates.map(
      (gate) => `${gate.tree} ${gate.name} ${gate.verdict} ${gate.newFindings}/${gate.baselineFindings}`,
    );
    assert.deepEqual(picture, [
      'base lint failed 0/1',
      'lint types passed 0/0',
      'tests types passed 0/0',
      'combined types passed 0/0',
      'combined lint passed 0/1',
      'combined tests passed 0/0',
    ]);
  });

  it('shows what a tool printed that was red before the run and did not decide', () => {
    const gates = view.gates.map((gate) =>
      gate.on === 'base'
        ? { ...gate, result: { ...gate.result, outputTail: 'the reason it was red' } }
        : gate,
    );
    const text = fileOf('qa-report.md', { ...view, gates });
    assert.match(text, /## What tools printed when they failed\n\nlint on base \([^]*the reason it was red/);
  });

  it('says how to take a delivery back', () => {
    assert.equal(report.undoCommand, `enterprise undo ${recordedRunId}`);
    assert.equal(buildReport(viewOf(until(27))).undoCommand, null);
  });

  it('has nothing to take back where no file had to change', () => {
    const state = { name: 'delivered' as const, commit: view.baseCommit, paths: [], undone: false };
    const empty = { ...view, state, deliverables: [] };
    assert.equal(buildReport(empty).undoCommand, null);
    assert.match(fileOf('report.md', empty), /## What changed\n\nNo file had to change\.\n/);
  });

  it('names agents with where they came from and what they did', () => {
    assert.deepEqual(report.agents[1], {
      name: 'documenter',
      source: 'project',
      path: '/home/person/project/.claude/agents/documenter.md',
      tasks: ['docs'],
    });
  });
});

describe('documents of a run', () => {
  it('are the files of the design, with what attempts made beside them', () => {
    assert.deepEqual(
      reportFiles(view, events).map((file) => file.name),
      [
        'report.json',
        'report.md',
        'plan.json',
        'plan-file.json',
        'todos.json',
        'coordination-plan.md',
        'qa-report.md',
        'performance.md',
        'lessons-learned.md',
        'lint.md',
      ],
    );
  });

  it('report.md shows files, gates and how to undo', () => {
    const text = fileOf('report.md');
    assert.match(text, /^# Run 20261120-lint-docs: delivered\n\n> Lint, document\n> and test this\n/);
    assert.match(text, /\| `docs\/api\.md` \| added \| \+120 −0 \| docs \|/);
    assert.match(text, /Take it back with `enterprise undo 20261120-lint-docs`/);
    assert.match(text, /Cover \\\| the parser/);
    assert.doesNotMatch(text, /## Failures/);
  });

  it('qa-report.md lists each finding with its place', () => {
    assert.match(
      fileOf('qa-report.md'),
      /\| `src\/old\.ts:3:5` \| error \| lint \| TS2322 \| Unexpected any \| base \|/,
    );
    const red = viewOf(until(15));
    assert.match(fileOf('qa-report.md', red), /## New findings\n\n.*\n.*\n\| `test\/parser\.ts:12:5` \|/);
  });

  it('lessons-learned.md holds what failed, was repaired and was denied', () => {
    const text = fileOf('lessons-learned.md');
    assert.match(text, /- types on tests failed \(1 errors\) and ended passed/);
    assert.match(text, /- `tests` before attempt 2: types: 1 new finding/);
    assert.match(text, /- \$ rm -rf \/: Denied by the rule "destroys"/);
    assert.match(text, /`docs`: estimated 1–2 min, took 10\.0 s \(less\)/);
    assert.doesNotMatch(text, /Interruptions/);
  });

  it('lessons-learned.md of a run without any says so', () => {
    const early = until(0);
    assert.match(
      reportFiles(viewOf(early), early).find((file) => file.name === 'lessons-learned.md')?.text ?? '',
      /Nothing recorded\./,
    );
  });

  it('performance.md tells phases and model calls', () => {
    const text = fileOf('performance.md');
    assert.match(text, /\| execution \| 19\.0 s \|/);
    assert.match(text, /1 model call, 1500 tokens \(1200 in, 300 out\), \$0\.0125\./);
  });

  it('coordination-plan.md draws the graph', () => {
    assert.match(fileOf('coordination-plan.md'), /```mermaid\ngraph LR\n {2}lint --> docs\n```/);
  });

  it('a document never takes the place of the engine’s own', () => {
    const [first, ...rest] = deliveredRun;
    assert.ok(first);
    const happenings = rest.map(([at, event]) => {
      return [
        at,
        event.type === 'attempt.finished' && event.documents
          ? { ...event, documents: [{ name: 'Report.md', text: 'mine' }] }
          : event,
      ] as const;
    });
    const files = reportFiles(viewOf(record([first, ...happenings])), []);
    assert.deepEqual(files.slice(-1), [{ name: 'lint-Report.md', text: 'mine' }]);
  });
});

describe('markdown', () => {
  it('keeps foreign text in its place', () => {
    assert.equal(inline('a <img src=x>\n# b ![x](y)'), 'a &lt;img src=x&gt; # b \\![x](y)');
    assert.equal(code('a `b` c'), '`` a `b` c ``');
    assert.equal(table(['a'], [['x|y\nz']]), '| a |\n| --- |\n| x\\|y z |');
    assert.equal(table(['a'], []), undefined);
  });
});
