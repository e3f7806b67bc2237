import assert from 'node:assert/strict';
import { terminalApprover } from '../../../src/commandline/terminalApprover';
import type { Approval } from '../../../src/core/model/approval';
import { FakeTerminal } from '../../support/fakeTerminal';

const approval: Approval = {
  id: 'a1',
  kind: 'tool',
  taskId: 'docs',
  title: 'Run a command?',
  detail: 'rm -rf build\nls\u001b[2J \u202etxt',
  digest: 'abcdef0123456789',
};
const { signal } = new AbortController();

describe('the approver at the terminal', () => {
  it('shows exactly what will happen, with escape sequences made visible, and its digest', async () => {
    const terminal = new FakeTerminal(true, ['y']);
    const answer = await terminalApprover(terminal).ask('run', approval, signal);
    assert.deepEqual(answer, { id: 'a1', digest: approval.digest, decision: 'allow', by: 'person' });
    assert.deepEqual(terminal.asked, [
      '\nRun a command? (task docs)\n  rm -rf build\n  ls\\u{1b}[2J \\u{202e}txt\ndigest abcdef012345\nAllow? y/n ',
    ]);
  });

  it('asks again until it is yes or no', async () => {
    const terminal = new FakeTerminal(true, ['', 'maybe', 'no']);
    const answer = await terminalApprover(terminal).ask('run', approval, signal);
    assert.deepEqual([answer.decision, answer.by, terminal.asked.length], ['deny', 'person', 3]);
  });

  it('offers to allow for the run or for always where there is a rule, and says what that writes', async () => {
    const ruled = { ...approval, rule: 'commands that begin with "npm test"' };
    for (const [typed, scope] of [
      ['y', undefined],
      ['once', undefined],
      ['r', 'run'],
      ['run', 'run'],
      ['a', 'always'],
      ['Always', 'always'],
    ]) {
      const terminal = new FakeTerminal(true, [typed ?? '']);
      const answer = await terminalApprover(terminal).ask('run', ruled, signal);
      assert.deepEqual([answer.decision, answer.scope, answer.by], ['allow', scope, 'person']);
      assert.match(terminal.asked[0] ?? '', /npm test.*config\.json.*never into the repository/s);
    }
    const without = new FakeTerminal(true, ['always', 'n']);
    assert.equal((await terminalApprover(without).ask('run', approval, signal)).decision, 'deny');
  });

  it('takes any text for the answer to a question', async () => {
    const terminal = new FakeTerminal(true, ['the second one']);
    const answer = await terminalApprover(terminal).ask('run', { ...approval, kind: 'question' }, signal);
    assert.deepEqual([answer.decision, answer.text], ['allow', 'the second one']);
  });

  it('denies by nobody where nobody watches, and where the input has ended', async () => {
    const nobody = await terminalApprover(new FakeTerminal(false, ['y'])).ask('run', approval, signal);
    const gone = await terminalApprover(new FakeTerminal(true)).ask('run', approval, signal);
    assert.deepEqual(
      [nobody.decision, nobody.by, gone.decision, gone.by],
      ['deny', 'nobody', 'deny', 'nobody'],
    );
  });

  it('asks one question at a time', async () => {
    const terminal = new FakeTerminal(true, ['maybe', 'y', 'n']);
    const approver = terminalApprover(terminal);
    const answers = await Promise.all([
      approver.ask('run', approval, signal),
      approver.ask('run', { ...approval, id: 'a2', title: 'Second' }, signal),
    ]);
    assert.deepEqual(
      answers.map((answer) => answer.decision),
      ['allow', 'deny'],
    );
    assert.deepEqual(
      terminal.asked.map((text) => text.includes('Second')),
      [false, false, true],
    );
  });
});
