import assert from 'node:assert/strict';
import type { ScriptedRequest } from '../../support/modelScript';
import { call, gateway, news, plannedModel, requestsOf } from '../../support/plannedModel';
import { eventually } from '../../support/eventually';
import { type OpenPanel, openPanel } from '../../support/editor/openPanel';

const title = 'Round up to whole cents';
const steering = 'Leave the currency of Japan as it is.';
const claim = 'All tests pass.';
const written = 'test/rounding.test.ts';

const testFile = (expected: number) => `import assert from 'node:assert/strict';
import { test } from 'node:test';

test('one and one', () => assert.equal(1 + 1, ${expected}));
`;

/** A run at work, as a person holds it in hand: words to its agent, a pause, and what is made of what the agent says. */
describe('a run that is watched and steered from the panel', () => {
  const gates = [gateway(), gateway()] as const;
  let window: OpenPanel;

  before(async () => {
    window = await openPanel(plannedModel([{ id: 'rounding', title, scope: ['test/**'], play }]), {
      'enterprise.approval': 'approvePlans',
      'enterprise.gates.disabled': ['build', 'format', 'audit', 'lint'],
    });
    await window.run('Round prices up to whole cents');
    await eventually(() => requests().length > 0 || undefined);
  });

  after(async () => {
    for (const gate of gates) gate.open();
    await window.close();
  });

  it('brings a word typed at a running task into the next request of its agent', async () => {
    const row = await window.task(title);
    await row.locator('.steer input').fill(steering);
    await row.locator('.steer').getByText('Send', { exact: true }).click();
    await row.locator('.steer-sent', { hasText: steering }).waitFor();
    await row.locator('.messages li', { hasText: `From a person: ${steering}` }).waitFor();
    gates[0].open();
    const second = await eventually(() => requests()[1]);
    assert.ok(!JSON.stringify(requests()[0]?.body).includes(steering));
    assert.ok(news(second).includes(steering), news(second));
    const [received] = await window.eventsOf('message.received');
    assert.deepEqual([received?.from, received?.text], ['person', steering]);
  });

  it('asks the model nothing while it is paused in the middle of a step, and goes on when it is resumed', async () => {
    await action('Pause');
    await window.state('Paused');
    gates[1].open();
    // The answer that was under way arrives; nothing but the pause holds what comes after it.
    await eventually(async () => (await window.eventsOf('model.answered'))[1]);
    assert.equal(requests().length, 2);
    await action('Resume');
    await eventually(() => requests()[2]);
    const names = (await window.events()).map(({ type }) => type);
    const paused = names.slice(names.indexOf('run.paused'), names.indexOf('run.resumed'));
    assert.ok(paused.includes('model.answered'), 'the answer is kept');
    assert.deepEqual(
      paused.filter((name) => name === 'model.called' || name === 'tool.called'),
      [],
    );
  });

  it('shows a claim that the tests pass as refuted where they fail, and as confirmed once they do', async () => {
    await window.card('Ready to deliver').waitFor({ timeout: 120_000 });
    const row = await window.task(title);
    const claims = row.locator('.claims .claim');
    assert.match(await claims.nth(1).innerText(), /confirmed: The gate tests passed/);
    assert.equal(await claims.nth(0).locator('s').innerText(), claim, 'it is struck');
    assert.match(await claims.nth(0).innerText(), /refuted: The gate tests failed/);
    assert.equal(await claims.nth(1).locator('s').count(), 0);
    const checked = await window.eventsOf('claims.checked');
    assert.deepEqual(
      checked.map(({ attempt, claims: [first] }) => [attempt, first?.verdict]),
      [
        [1, 'refuted'],
        [2, 'confirmed'],
      ],
    );
    assert.deepEqual(window.editor.errors, []);
  });

  /** Breaks a test and says that all pass; told what the host found, mends it and says the same. */
  async function play({ prompt, step }: ScriptedRequest) {
    const isTold = prompt.includes('What the agent said is not so');
    if (!isTold && step < gates.length) await gates[step]?.passed;
    if (step === 0) return call('read', { path: isTold ? written : 'src/money.ts' });
    if (step > 1) return call('finish', { summary: `Prices are rounded. ${claim}` });
    return call('write', { path: written, content: testFile(isTold ? 2 : 3) });
  }

  const requests = () => requestsOf(window.model.requests, 'rounding');

  async function action(text: string): Promise<void> {
    await window.panel.locator('.run-actions vscode-button', { hasText: text }).click({ timeout: 30_000 });
  }
});
