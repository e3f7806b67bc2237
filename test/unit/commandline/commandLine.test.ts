import assert from 'node:assert/strict';
import { nodeVersionProblem } from '../../../src/commandline/nodeVersion';
import { FailureError } from '../../../src/core/model/failure';
import { reportSchema } from '../../../src/core/model/report';
import { FakeEngine } from '../../support/fakeEngine';
import { enterprise, happened, PlayedEngine, upTo } from '../../support/enterprise';
import { FakeTerminal } from '../../support/fakeTerminal';
import { gateFinished, recordedFinding, recordedGate, recordedPlan } from '../../support/recordedRun';

describe('enterprise run', () => {
  it('ends with 0 when everything was delivered and proven, and says where and how to undo', async () => {
    const { code, terminal, engine } = await enterprise(['run', 'Tidy up', '--yes']);
    assert.equal(code, 0);
    assert.equal(
      terminal.printed.at(-1)?.trim(),
      [
        `Delivered 2 files (+124 −6) in ${happened.length - 1}.0 s.`,
        '  + docs/api.md  +120 −0',
        '  ~ src/parser.ts  +4 −6',
        'Tasks     3 done',
        'Gates     ✔ types passed  ✔ lint passed  ✔ tests passed',
        'Findings  0 new, 1 known before the run',
        '  src/old.ts:3:5 lint: Unexpected any',
        'Model     1 model call, 1500 tokens (1200 in, 300 out), $0.0125',
        'Reports   /home/person/project/.enterprise/runs/20261120-lint-docs',
        'Next      take it back: enterprise undo run-1',
      ].join('\n'),
    );
    assert.ok(engine.isDisposed);
  });

  it('hands its options to the engine', async () => {
    const { engine, choices } = await enterprise([
      'run',
      'Tidy up',
      '--yes',
      '--no-deliver',
      '--workflow',
      'verify',
      '--model',
      'ollama/qwen',
      '--max-parallel',
      '3',
      '--max-cost',
      '1.5',
      '--max-minutes',
      '20',
      '--no-research',
      '--workspace',
      'sub',
    ]);
    assert.deepEqual(engine.requests[0], {
      request: 'Tidy up',
      workflow: 'verify',
      model: 'ollama/qwen',
      research: false,
      budget: { maxParallel: 3, maxCostUsd: 1.5, maxMinutes: 20 },
      approvePlan: true,
      deliver: 'never',
    });
    assert.deepEqual([choices[0]?.workspace, choices[0]?.model], ['/home/person/project/sub', 'ollama/qwen']);
  });

  it('takes a plan file without a task', async () => {
    const { engine } = await enterprise(['run', '--plan', 'plans/a.yaml']);
    assert.deepEqual(
      [engine.requests[0]?.planPath, engine.requests[0]?.request],
      ['plans/a.yaml', 'Carry out the plan plans/a.yaml'],
    );
  });

  it('prints every event once and the report last with --json', async () => {
    const { terminal, code } = await enterprise(['run', 'Tidy up', '--json', '--yes']);
    const lines = terminal.printed.map((line) => JSON.parse(line) as { type: string; seq?: number });
    assert.deepEqual(
      lines.slice(0, -1).map((line) => line.seq),
      Array.from({ length: happened.length + 1 }, (_, index) => index + 1),
    );
    assert.equal(lines.at(-1)?.type, 'summary');
    reportSchema.parse(lines.at(-1));
    assert.equal(code, 0);
  });

  it('prints one line for each noteworthy event where nobody watches', async () => {
    const { terminal } = await enterprise(['run', 'Tidy up', '--yes']);
    const lines = terminal.printed.slice(0, -1).map((line) => line.slice(9));
    assert.deepEqual(lines.slice(0, 4), [
      'Phase: analysis',
      'Plan 1 with 3 tasks',
      'Plan approved by person',
      'Phase: deployment',
    ]);
    assert.ok(lines.includes('[tests] Repairing: types: 1 new finding'));
    assert.ok(!lines.some((line) => line.includes('rm -rf')));
  });

  it('shows the live monitor where a person watches, and leaves its last picture standing', async () => {
    const terminal = new FakeTerminal(false, [], true);
    const { code } = await enterprise(['run', 'Tidy up', '--yes'], new PlayedEngine(), { terminal });
    assert.equal(code, 0);
    assert.match(terminal.pictures.at(-1) ?? '', /^delivered: Tidy up/);
    assert.deepEqual([terminal.isKept, terminal.printed.length], [true, 1]);
  });

  it('ends with 1 when a gate of the result failed or could not decide', async () => {
    const red = recordedGate('types', [recordedFinding('types', 'a.ts', 1, 'wrong')]);
    const undecided = recordedGate('types', [], { verdict: 'inconclusive', reason: 'tsc is not installed' });
    for (const result of [red, undecided]) {
      const { code, terminal } = await enterprise(
        ['run', 'x'],
        new PlayedEngine([
          ...upTo('task.integrated'),
          gateFinished('combined', result),
          ...happened.slice(-2),
        ]),
      );
      assert.equal(code, 1);
      assert.match(
        terminal.printed.at(-1) ?? '',
        /types on combined: (failed|inconclusive), (1 errors|tsc is not installed)/,
      );
    }
  });

  it('ends with 1 when the run failed, saying why and what to do', async () => {
    const failure = {
      kind: 'timed-out',
      message: 'It took too long.',
      remedy: 'Raise --max-minutes.',
      afterMs: 1,
    } as const;
    const { code, terminal } = await enterprise(
      ['run', 'x'],
      new PlayedEngine([...upTo('plan.approved'), { type: 'run.failed', failure }]),
    );
    assert.equal(code, 1);
    assert.match(
      terminal.printed.at(-1) ?? '',
      /Failed in .*\n {2}✘ It took too long\.\n {4}Raise --max-minutes\./,
    );
  });

  it('ends with 3 when a person has to decide, and says how to go on', async () => {
    const { code, terminal } = await enterprise(['run', 'x'], new PlayedEngine(upTo('plan.proposed')));
    assert.equal(code, 3);
    assert.match(terminal.printed.at(-1) ?? '', /approve it: enterprise resume run-1 --yes/);
  });

  it('ends with 0 when leaving the result on the branch was asked for', async () => {
    const { code } = await enterprise(
      ['run', 'x', '--no-deliver'],
      new PlayedEngine(upTo('delivery.proposed')),
    );
    assert.equal(code, 0);
    assert.equal((await enterprise(['run', 'x'], new PlayedEngine(upTo('delivery.proposed')))).code, 3);
  });

  it('the first interruption cancels the run, the second ends the process', async () => {
    let interrupt: () => void = () => undefined;
    const exits: number[] = [];
    const engine = new PlayedEngine([]);
    const ended = enterprise(['run', 'x'], engine, {
      onInterrupt: (listener) => {
        interrupt = listener;
        return { dispose: () => undefined };
      },
      exitNow: (code) => exits.push(code),
    });
    while (engine.requests.length === 0) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    interrupt();
    interrupt();
    assert.equal((await ended).code, 130);
    assert.deepEqual(exits, [130]);
  });

  it('ends with 1 and says why when the journal fails under the run', async () => {
    const engine = new PlayedEngine(upTo('task.done'));
    engine.settled = () =>
      Promise.reject(
        new FailureError({
          kind: 'journal-failed',
          message: 'The disk is full.',
          remedy: 'Free some space and resume the run.',
        }),
      );
    const { code, terminal } = await enterprise(['run', 'x', '--yes'], engine);
    assert.deepEqual(
      [code, terminal.complaints],
      [1, ['The disk is full. Free some space and resume the run.']],
    );
    assert.ok(engine.isDisposed);
  });

  it('ends with 2 when the engine refuses to start', async () => {
    const engine = new FakeEngine('/w');
    engine.nextFailure = {
      kind: 'workspace-unusable',
      message: 'The folder is not there.',
      remedy: 'Choose another.',
      path: '/w',
    };
    const { code, terminal } = await enterprise(['run', 'x'], engine);
    assert.deepEqual([code, terminal.complaints], [2, ['The folder is not there. Choose another.']]);
  });

  it('asks for a task', async () => {
    assert.equal((await enterprise(['run'])).code, 2);
  });
});

describe('enterprise plan', () => {
  it('stops at the plan and ends with 0', async () => {
    const { code, engine } = await enterprise(['plan', 'x'], new PlayedEngine(upTo('plan.proposed')));
    assert.deepEqual([code, engine.requests[0]?.planOnly], [0, true]);
  });
});

describe('commands over known runs', () => {
  let engine: PlayedEngine;
  beforeEach(async () => {
    engine = new PlayedEngine();
    await engine.start({ request: 'Lint and document' });
  });

  it('list shows them', async () => {
    const { terminal, code } = await enterprise(['list'], engine);
    assert.equal(code, 0);
    assert.match(
      terminal.printed[0] ?? '',
      /^RUN {4}STATE {6}STARTED \(UTC\) {5}DONE {2}TASK\nrun-1 {2}delivered .* 100% {2}Lint and document$/,
    );
  });

  it('show tells tasks and outcome', async () => {
    const { terminal } = await enterprise(['show', 'last'], engine);
    assert.match(terminal.printed[0] ?? '', /docs {3}done {3}100% {2}documenter {2}lint {3}1–2 min/);
    assert.ok(terminal.printed[0]?.includes(recordedPlan.rationale));
  });

  it('report is Markdown, or JSON on request', async () => {
    assert.match(
      (await enterprise(['report', 'run-1'], engine)).terminal.printed[0] ?? '',
      /^# Run run-1: delivered/,
    );
    const json = (await enterprise(['report', 'run-1', '--json'], engine)).terminal.printed[0] ?? '';
    reportSchema.parse(JSON.parse(json));
  });

  it('undo takes a delivery back once', async () => {
    const first = await enterprise(['undo', 'run-1'], engine);
    assert.deepEqual(
      [first.code, first.terminal.printed],
      [0, ['Took back 2 files:\n  docs/api.md\n  src/parser.ts']],
    );
  });

  it('resume shows only what is new', async () => {
    const { terminal } = await enterprise(['resume', 'run-1', '--json'], engine);
    assert.deepEqual(
      terminal.printed.map((line) => (JSON.parse(line) as { type: string }).type),
      ['run.resumed', 'summary'],
    );
  });

  it('an unknown run suggests the closest', async () => {
    const { code, terminal } = await enterprise(['show', 'rum-1'], engine);
    assert.deepEqual(
      [code, terminal.complaints],
      [2, ['There is no run "rum-1".\nDid you mean run-1? All of them: enterprise list']],
    );
  });

  it('the beginning of several ids is not enough', async () => {
    await engine.start({ request: 'again' });
    const { code, terminal } = await enterprise(['show', 'run'], engine);
    assert.deepEqual(
      [code, terminal.complaints],
      [2, ['"run" is the beginning of several runs:\n  run-2\n  run-1']],
    );
  });
});

describe('wrong usage', () => {
  const complaint = async (...args: string[]) => {
    const { code, terminal } = await enterprise(args);
    assert.equal(code, 2);
    return terminal.complaints.join('\n');
  };

  it('suggests what was meant', async () => {
    assert.match(await complaint('rnu', 'x'), /Did you mean run\?/);
    assert.match(await complaint('run', 'x', '--jsno'), /Did you mean --json\?/);
  });

  it('names a number that is none', async () => {
    assert.match(await complaint('run', 'x', '--max-parallel', '0'), /whole number of 1 or more/);
    assert.match(await complaint('run', 'x', '--max-cost', 'much'), /number above 0/);
  });

  it('help ends with 0', async () => {
    assert.equal((await enterprise(['--help'])).code, 0);
    assert.equal((await enterprise(['run', '--help'])).code, 0);
  });
});

describe('the version of Node', () => {
  it('is named in one line when it is too old', () => {
    assert.equal(nodeVersionProblem('22.13.0'), undefined);
    assert.equal(nodeVersionProblem('24.0.0'), undefined);
    assert.match(
      nodeVersionProblem('22.12.0') ?? '',
      /^enterprise needs Node 22\.13 or newer; this is Node 22\.12\.0\..*$/,
    );
    assert.ok(nodeVersionProblem('18.20.1'));
  });
});
