import assert from 'node:assert/strict';
import type { NewEvent } from '../../../src/core/model/event';
import type { Attendance } from '../../../src/protocol/runModel';
import { runDetail, runItem } from '../../../src/protocol/runProjection';
import type { Environment } from '../../../src/protocol/webviewMessages';
import { FakeEngine } from '../../support/fakeEngine';
import { renderWebview, type RenderedWebview } from '../../support/renderWebview';
import { planned, ready, storyRequest, underWay, validated } from '../../support/storyOfARun';

const environment: Environment = {
  folders: [{ name: 'shop', path: '/repo/shop' }],
  trusted: true,
  git: 'repository',
  model: 'anthropic/claude',
  models: ['anthropic/claude', 'offline'],
  workflows: [{ name: 'release-check', description: '', source: 'project' }],
  problem: null,
  loaded: true,
};

function told(chapters: NewEvent[][], attendance: Attendance = 'here') {
  const engine = new FakeEngine('/repo/shop');
  const view = engine.play('run-1', [engine.created({ request: storyRequest }), ...chapters.flat()]);
  return { runs: [runItem(view, attendance)], run: runDetail(view, attendance) };
}

const textOf = (view: RenderedWebview, selector: string) =>
  [...view.document.querySelectorAll(selector)].map((element) =>
    element.textContent.replace(/\s+/g, ' ').trim(),
  );

describe('the agent panel', () => {
  let view: RenderedWebview;
  beforeEach(async () => (view = await renderWebview('panel')));
  afterEach(() => view.close());

  it('reports that it is ready', () => assert.deepEqual(view.sent, [{ type: 'ready' }]));

  it('says what to do where no folder is open or none is trusted, and offers it', async () => {
    await view.tell({ type: 'update', environment: { ...environment, folders: [] } });
    assert.deepEqual(textOf(view, '.empty-title'), ['Open the folder of a project']);
    await view.click('.empty vscode-button');
    await view.tell({ type: 'update', environment: { ...environment, trusted: false } });
    await view.click('.empty vscode-button');
    assert.deepEqual(view.sent.slice(1), [
      { type: 'surrounding', action: 'openFolder' },
      { type: 'surrounding', action: 'manageTrust' },
    ]);
    assert.equal(view.document.querySelector('.composer'), null);
  });

  it('explains the snapshot of a folder without git and offers to initialise it', async () => {
    await view.tell({ type: 'update', environment: { ...environment, git: 'no-repository' } });
    assert.match(textOf(view, '.notice')[0] ?? '', /no git repository.*snapshot.*Initialise git/);
    await view.click('.notice .link');
    assert.deepEqual(view.sent.at(-1), { type: 'surrounding', action: 'initialiseGit' });
  });

  it('sends the typed task once, and keeps it until it became a run', async () => {
    await view.tell({ type: 'update', environment });
    await view.click('.run-button');
    assert.equal(view.sent.length, 1, 'an empty task is not sent');
    await view.type('.task-box', '  Tidy up ');
    await view.click('.run-button');
    await view.click('.run-button');
    assert.deepEqual(view.sent.slice(1), [
      { type: 'runTask', task: 'Tidy up', workflow: null, model: null, folder: null },
    ]);
    await view.tell({ type: 'notice', level: 'error', text: 'Git is missing.', remedy: 'Install it.' });
    assert.match(textOf(view, '[role=alert]')[0] ?? '', /Git is missing\. Install it\./);
  });

  it('shows exactly what is asked, and answers with the digest of it, once', async () => {
    await view.tell({ type: 'update', environment, ...told([planned, underWay]) });
    assert.deepEqual(textOf(view, '.approval-detail'), ['npx autocannon -d 2 http://127.0.0.1:3000/api']);
    await view.click('.approval vscode-button');
    await view.click('.approval vscode-button');
    const answers = view.sent.filter((message) => message.type === 'answer');
    const digest = told([planned, underWay]).run.approvals[0]?.digest;
    assert.deepEqual(answers, [
      { type: 'answer', runId: 'run-1', id: 'tool-1', digest, decision: 'allow', text: null },
    ]);
  });

  it('offers to allow for the run and for always only where a rule is shown, with what that writes and where', async () => {
    const open = told([planned, underWay]);
    await view.tell({ type: 'update', environment, ...open });
    assert.deepEqual(textOf(view, '.approval vscode-button'), ['Allow once', 'Deny']);
    const [approval] = open.run.approvals;
    assert.ok(approval);
    const ruled = { ...approval, rule: 'commands that begin with "npx autocannon"' };
    await view.tell({ type: 'update', environment, ...open, run: { ...open.run, approvals: [ruled] } });
    assert.deepEqual(textOf(view, '.approval vscode-button'), [
      'Allow once',
      'For this run',
      'Always',
      'Deny',
    ]);
    assert.match(
      textOf(view, '.approval-rule')[0] ?? '',
      /npx autocannon.*config\.json.*never into the repository/,
    );
    await view.click('.approval vscode-button:nth-of-type(3)');
    const { id, digest } = ruled;
    assert.deepEqual(view.sent.at(-1), {
      ...{ type: 'answer', runId: 'run-1', id, digest, decision: 'allow', scope: 'always', text: null },
    });
  });

  it('sends why a command is denied, and nothing of it with an allowance', async () => {
    const open = told([planned, underWay]);
    await view.tell({ type: 'update', environment, ...open });
    await view.type('.approval-why', ' Not over the network. ');
    await view.click('.approval vscode-button:nth-of-type(2)');
    const answers = () => view.sent.flatMap((sent) => (sent.type === 'answer' ? [sent] : []));
    assert.deepEqual(
      answers().map(({ decision, text }) => [decision, text]),
      [['deny', 'Not over the network.']],
    );
    await view.tell({ type: 'notice', level: 'error', text: 'The journal is full.', remedy: null });
    await view.click('.approval vscode-button');
    assert.deepEqual([answers()[1]?.decision, answers()[1]?.text], ['allow', null]);
  });

  it('shows a command by itself, and under it whether it is confined and where it runs', async () => {
    const open = told([planned, underWay]);
    const shown = async (detail: string) => {
      const approvals = open.run.approvals.map((approval) => ({ ...approval, detail }));
      await view.tell({ type: 'update', environment, ...open, run: { ...open.run, approvals } });
      return ['.approval-detail', '.approval-sandbox', '.approval-warning', '.approval-place'].map((part) =>
        textOf(view, part).join(),
      );
    };
    assert.deepEqual(await shown('In the sandbox, without network.\nIn /w/task:\n\nnpm test'), [
      'npm test',
      'In the sandbox, without network.',
      '',
      'In /w/task',
    ]);
    const unconfined = 'Not in a sandbox: it can do whatever this account can (none is installed).';
    assert.deepEqual(await shown(`${unconfined}\nIn /w/task:\n\nnpm test`), [
      'npm test',
      unconfined,
      unconfined,
      'In /w/task',
    ]);
  });

  it('makes characters visible that could show something else than will run', async () => {
    const open = told([planned, underWay]);
    const approvals = open.run.approvals.map((approval) => ({ ...approval, detail: 'rm \u202ex\u001b[2J' }));
    await view.tell({ type: 'update', environment, ...open, run: { ...open.run, approvals } });
    assert.deepEqual(textOf(view, '.approval-detail'), ['rm \\u{202e}x\\u{1b}[2J']);
  });

  it('asks nothing for a run that nobody works at, says so, and offers to resume it', async () => {
    await view.tell({ type: 'update', environment, ...told([planned, underWay], 'nobody') });
    assert.deepEqual(textOf(view, '.approval'), []);
    assert.match(textOf(view, '.notice')[0] ?? '', /Nobody works at this run/);
    assert.deepEqual(textOf(view, '.pill'), ['Interrupted']);
    assert.deepEqual(
      [...new Set(textOf(view, '.task-activity'))],
      ['Done in 10 s', 'Interrupted', 'Done in 12 s', 'Waiting'],
    );
    assert.equal(view.document.querySelector('.spinner'), null, 'nothing turns while nothing moves');
    assert.deepEqual(textOf(view, '.run-actions vscode-button'), ['Resume', 'Change plan', 'Stop']);
  });

  it('lists tasks with what they do, and unfolds one from the keyboard’s button', async () => {
    await view.tell({ type: 'update', environment, ...told([planned, underWay]) });
    assert.deepEqual(textOf(view, '.task-note').slice(0, 3), [
      'architectDone in 10 s',
      'backend-developerRefilling by elapsed time 60%',
      'backend-developerDone in 12 s',
    ]);
    const head = view.document.querySelectorAll('button.task-head')[1] ?? assert.fail();
    assert.equal(head.getAttribute('aria-expanded'), 'false');
    await view.click('.task:nth-child(2) button.task-head');
    assert.equal(head.getAttribute('aria-expanded'), 'true');
    assert.match(textOf(view, '.task-details')[0] ?? '', /Implement the token bucket\..*src\/limits/);
  });

  it('shows a task the messages its agent wrote and got', async () => {
    const words: NewEvent[] = [
      { type: 'message.sent', taskId: 'limiter', attempt: 1, to: 'person', text: 'The bucket is shared.' },
      { type: 'message.sent', from: 'person', to: 'limiter', text: 'Make it one per key.' },
      { type: 'message.sent', taskId: 'tests', attempt: 1, to: 'all', text: 'Not for this task alone.' },
    ];
    await view.tell({ type: 'update', environment, ...told([planned, underWay, words]) });
    await view.click('.task:nth-child(2) .task-head');
    assert.deepEqual(textOf(view, '.messages li'), [
      'To a person: The bucket is shared.',
      'From a person: Make it one per key.',
    ]);
  });

  it('opens a finding at its place', async () => {
    await view.tell({ type: 'update', environment, ...told([planned, underWay, validated]) });
    await view.click('.gate:nth-child(4) .gate-head');
    await view.click('button.finding');
    assert.deepEqual(view.sent.at(-1), {
      type: 'openFile',
      runId: 'run-1',
      path: 'src/limits/bucket.ts',
      line: 27,
      column: 3,
    });
  });

  it('appears at once as it was when it is shown again, and is told the news', async () => {
    await view.tell({
      type: 'update',
      environment,
      ...told([planned, [{ type: 'run.cancelled', by: 'person' }]]),
    });
    await view.type('.task-box', 'Next');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const again = await renderWebview('panel', JSON.parse(JSON.stringify(view.saved())));
    const shown = [
      ...textOf(again, '.run-title'),
      again.document.querySelector('.task-box')?.getAttribute('value'),
    ];
    await again.close();
    assert.deepEqual(shown, [storyRequest, 'Next']);
  });
});

describe('the dashboard', () => {
  let view: RenderedWebview;
  beforeEach(async () => (view = await renderWebview('dashboard')));
  afterEach(() => view.close());

  it('says how to start where there is nothing to show', async () => {
    await view.tell({ type: 'update', environment, runs: [], run: null });
    assert.match(textOf(view, '.empty')[0] ?? '', /No run to show yet.*Run Enterprise Task/);
  });

  it('counts its figures from the run', async () => {
    await view.tell({ type: 'update', environment, ...told([planned, underWay, validated, ready]) });
    const figures = textOf(view, '.figure').filter((text) => !text.startsWith('Elapsed'));
    assert.deepEqual(figures, [
      'Tasks done6of 6',
      'Agents at work0of 4',
      'Gates on the result2of 4',
      'Tokens28.1k',
      'Cost–no model',
    ]);
  });

  it('moves through the graph with the arrow keys and shows the chosen task', async () => {
    await view.tell({ type: 'update', environment, ...told([planned]) });
    await view.click('[data-task=design]');
    const key = new (view.document.defaultView?.KeyboardEvent ?? assert.fail())('keydown', {
      key: 'ArrowRight',
      bubbles: true,
    });
    view.document.querySelector('[data-task=design]')?.dispatchEvent(key);
    await view.tell({ type: 'update' });
    const chosen = view.document.querySelector('.graph-node.selected');
    assert.notEqual(chosen?.getAttribute('data-task'), 'design');
    assert.equal(chosen?.getAttribute('tabindex'), '0');
    assert.equal(view.document.querySelectorAll('.graph-node[tabindex="0"]').length, 1);
    assert.ok(textOf(view, '.side h3')[0]);
  });

  it('gives every control that has no text a name', async () => {
    await view.tell({ type: 'update', environment, ...told([planned, underWay, validated, ready]) });
    const nameless = [
      ...view.document.querySelectorAll(
        'button, vscode-button, vscode-dropdown, vscode-text-field, [role=progressbar], pre[tabindex]',
      ),
    ]
      .filter((element) => element.textContent.trim() === '' && !element.getAttribute('aria-label'))
      .map((element) => element.outerHTML.slice(0, 80));
    assert.deepEqual(nameless, []);
  });
});
