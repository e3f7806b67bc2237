import assert from 'node:assert/strict';
import { openWindow, settle } from '../../support/editorWindow';
import { planned, ready, underWay, validated } from '../../support/storyOfARun';

async function windowWith(...chapters: (typeof planned)[]) {
  const window = openWindow();
  await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
  for (const chapter of chapters) window.engine().play('run-1', chapter);
  return window;
}

describe('notifications', () => {
  it('come once for each question, and lead to the panel', async () => {
    const window = await windowWith();
    window.vscode.person.button = ({ buttons }) => buttons[0];
    window.engine().play('run-1', planned);
    window.engine().play('run-1', [{ type: 'note', level: 'info', message: 'still waiting' }]);
    await settle();
    assert.deepEqual(window.vscode.shown, [
      { level: 'info', text: 'Enterprise asks: Carry out a plan of 6 tasks', buttons: ['Review and Answer'] },
    ]);
    assert.ok(window.vscode.executed.some(({ command }) => command === 'enterprise.panel.focus'));
    assert.equal(
      (await window.engine().run('run-1'))?.approvals.length,
      1,
      'a notification answers nothing by itself',
    );
  });

  it('of an agent lead to a dialog with every byte and what each answer means; the answer carries the digest', async () => {
    const window = await windowWith(planned);
    const answered: unknown[] = [];
    const engine = window.engine();
    const original = engine.answer.bind(engine);
    engine.answer = (runId, answer) => (answered.push(answer), original(runId, answer));
    const rule = 'commands that begin with "npx autocannon"';
    window.vscode.person.button = ({ buttons }) =>
      buttons.find((name) => name === 'Always') ?? buttons.find((name) => name === 'Answer Here');
    engine.play(
      'run-1',
      underWay.map((event) =>
        event.type === 'approval.requested' ? { ...event, approval: { ...event.approval, rule } } : event,
      ),
    );
    await settle();
    const dialog = window.vscode.shown.find(({ buttons }) => buttons.includes('Always'));
    assert.deepEqual(dialog?.buttons, ['Allow Once', 'For This Run', 'Always', 'Deny']);
    assert.match(dialog.detail ?? '', /^npx autocannon -d 2 [^]*config\.json[^]*never into the repository/);
    assert.deepEqual(answered, [
      {
        id: 'tool-1',
        digest: 'b7a90c33f1e2b7a90c33f1e2b7a90c33f1e2b7a90c33f1e2b7a90c33f1e2b7a9',
        decision: 'allow',
        scope: 'always',
        by: 'person',
      },
    ]);
  });

  for (const isVisible of [true, false]) {
    it(
      isVisible ? 'stay away where the panel shows the question' : 'come where the panel is hidden',
      async () => {
        const window = await windowWith();
        window.panel({ isVisible });
        window.engine().play('run-1', planned);
        assert.equal(window.vscode.shown.length, isVisible ? 0 : 1);
      },
    );
  }

  it('tell the end, with what can be done next', async () => {
    const window = await windowWith(planned, underWay, validated, ready);
    window.vscode.shown.length = 0;
    await window.engine().deliver('run-1');
    assert.deepEqual(window.vscode.shown, [
      {
        level: 'info',
        text: 'Enterprise: “Limit rates” is delivered, 3 files changed.',
        buttons: ['Review Changes', 'Show Report', 'Undo'],
      },
    ]);
  });

  it('tell a failure with its remedy', async () => {
    const window = await windowWith();
    window.engine().play('run-1', [
      {
        type: 'run.failed',
        failure: {
          kind: 'budget-exceeded',
          limit: 'cost',
          message: 'The limit of $2 is reached.',
          remedy: 'Raise it.',
        },
      },
    ]);
    assert.equal(
      window.vscode.shown[0]?.text,
      'Enterprise: “Limit rates” failed. The limit of $2 is reached. Raise it.',
    );
  });

  it('are silent about progress, about what the person did, and about runs of other processes', async () => {
    const window = await windowWith();
    await window.engine().pause('run-1', 'person');
    await window.engine().cancel('run-1', 'person');
    window.engine().play('run-9', [window.engine().created({ request: 'From the terminal' }), ...planned]);
    assert.deepEqual(window.vscode.shown, []);
  });
});

describe('the status bar', () => {
  it('is hidden until something runs here', async () => {
    const window = openWindow();
    await window.vscode.run('enterprise.doctor');
    assert.equal(window.vscode.statusBar.isVisible, false);
  });

  it('shows phase and progress, and turns to the person when they are asked', async () => {
    const window = await windowWith(planned);
    const { statusBar } = window.vscode;
    assert.equal(statusBar.text, '$(bell-dot) Enterprise asks you');
    assert.equal((statusBar.backgroundColor as { id: string }).id, 'statusBarItem.warningBackground');
    window.engine().play('run-1', underWay.slice(0, -1));
    assert.equal(statusBar.text, '$(sync~spin) Execution 2/6 · 2 running');
    assert.equal(statusBar.backgroundColor, undefined);
    window.engine().play('run-1', [...validated.slice(1), ...ready]);
    assert.equal(statusBar.text, '$(bell-dot) Ready to deliver');
    await window.engine().deliver('run-1');
    assert.equal(statusBar.text, '$(check) Delivered');
  });
});
