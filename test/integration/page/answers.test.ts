import assert from 'node:assert/strict';
import { bash, call, news, plannedModel, requestsOf } from '../../support/plannedModel';
import { eventually } from '../../support/eventually';
import { type OpenPanel, openPanel } from '../../support/editor/openPanel';

const onceOnly = 'node -p process.arch';
const often = 'npm run types';
const whyNot = 'That does not matter here.';
const question = 'Are prices in cents or in euros?';
const reply = 'In cents, everywhere.';

const steps = [
  bash(onceOnly),
  bash(onceOnly),
  bash(often),
  bash(often),
  call('ask_user', { question }),
  call('write', { path: 'notes/prices.md', content: 'Prices are in cents.\n' }),
  call('finish', { summary: 'The note says it.' }),
];

/** Every way to answer an agent from the panel, and what the agent is told of it. */
describe('answers given in the panel', () => {
  let window: OpenPanel;

  before(async () => {
    const play = ({ step }: { step: number }) => steps[Math.min(step, steps.length - 1)] ?? {};
    window = await openPanel(plannedModel([{ id: 'note', title: 'Note the unit of prices', play }]), {
      'enterprise.approval': 'approvePlans',
      'enterprise.gates.disabled': ['build', 'format', 'tests', 'audit', 'lint'],
    });
    await window.run('Note in which unit prices are');
  });

  after(() => window.close());

  it('show a command word for word, and allow it once: the same command is asked for again', async () => {
    const detail = window.card('An agent wants to').locator('.approval-detail');
    assert.equal(await detail.innerText({ timeout: 60_000 }), onceOnly);
    await window.press('An agent wants to', 'Allow once');
    const asked = await eventually(async () => {
      const all = await window.eventsOf('approval.requested');
      return all.length > 1 ? all.map(({ approval }) => approval) : undefined;
    });
    assert.ok(asked.every((approval) => approval.detail.endsWith(onceOnly)));
    assert.notEqual(asked[0]?.id, asked[1]?.id);
    assert.deepEqual(
      (await window.eventsOf('tool.returned')).map(({ ok }) => ok),
      [true],
      'the first one ran',
    );
  });

  it('deny a command with words that the agent reads', async () => {
    const field = window.card('An agent wants to').locator('.approval-why input');
    await field.fill(whyNot);
    await field.press('Enter');
    await window.card(often).waitFor();
    assert.match(told(2), new RegExp(`person said no: ${whyNot}`));
    const [, denied] = await window.eventsOf('tool.returned');
    assert.equal(denied?.ok, false, 'the denied command did not run');
  });

  it('allow a command for the run: its second call runs without a question', async () => {
    assert.match(
      await window.card(often).innerText(),
      /“For this run” also allows, until the run ends, commands that begin with/,
    );
    await window.press(often, 'For this run');
    await window.card('An agent asks').waitFor({ timeout: 60_000 });
    const returned = await window.eventsOf('tool.returned');
    assert.deepEqual(
      returned.map(({ tool, ok }) => `${tool} ${ok}`),
      ['bash true', 'bash false', 'bash true', 'bash true'],
    );
    const answers = await window.eventsOf('approval.answered');
    assert.deepEqual(
      answers.map(({ answer: { decision, scope, by } }) => [decision, scope, by]),
      [
        ['allow', undefined, 'person'],
        ['deny', undefined, 'person'],
        ['allow', 'run', 'person'],
      ],
    );
  });

  it('answer a question in words, which are the result of the agent’s call', async () => {
    const card = window.card('An agent asks');
    assert.match(await card.innerText(), /Are prices in cents or in euros\?/);
    await card.locator('textarea').fill(reply);
    await window.press('An agent asks', 'Answer');
    await window.card('Ready to deliver').waitFor({ timeout: 90_000 });
    assert.equal(told(5), reply);
    await window.press('Ready to deliver', 'Do not deliver');
    assert.deepEqual(window.editor.errors, []);
  });

  /** What the agent was told after its n-th step. */
  function told(step: number): string {
    const request = requestsOf(window.model.requests, 'note')[step];
    assert.ok(request, `there was no step ${step}`);
    return news(request).trim();
  }
});
