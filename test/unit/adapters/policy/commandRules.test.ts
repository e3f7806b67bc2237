import assert from 'node:assert/strict';
import { createPolicy } from '../../../../src/adapters/policy/policy';

const policy = createPolicy({
  rules: { allow: ['npm test', 'npx tsc', 'git status', 'ls'], deny: ['rm', 'git push', 'npm publish'] },
});

async function decided(command: string): Promise<string> {
  const decision = await policy.decide({ kind: 'command', root: '/tmp', command });
  return `${decision.decision}: ${decision.rule}`;
}

describe('commands', () => {
  for (const command of ['npm test', '  npm test  ', 'npm test -- --grep=x', 'npx tsc --noEmit -p .', 'ls']) {
    it(`runs \`${command}\` by rule`, async () => assert.match(await decided(command), /^allow: allow /));
  }

  const notPlain = [
    'npm test; make',
    'npm test && make',
    'npm test | tee x',
    'npm test > x',
    'npm test < x',
    'npm test &',
    'npm test\nmake',
    'npm test $(make)',
    'npm test `make`',
    'npm test $HOME',
    'npm test "a"',
    "npm test 'a'",
    'npm test *',
    'npm test ~',
    'npm test \\x',
    'npm test # x',
    'npm test {a,b}',
    'npm test !x',
    'X=1 npm test',
    '(npm test)',
    '[ npm test ]',
    'npm test ?',
    'eval npm test',
    'npm test\r',
  ];
  for (const command of notPlain) {
    it(`asks about ${JSON.stringify(command)}, which is more than plain words`, async () =>
      assert.equal(await decided(command), 'ask: unknown'));
  }

  for (const command of ['npm testing', 'npm', 'tsc', 'lsof', 'NPM test', '/bin/ls', '']) {
    it(`asks about ${JSON.stringify(command)}, which no rule knows`, async () =>
      assert.equal(await decided(command), 'ask: unknown'));
  }

  const denied = [
    'rm x',
    '/bin/rm x',
    'ls; rm x',
    'ls && rm -rf .',
    'echo $(rm x)',
    '"rm" x',
    'r\\m x',
    'env A=1 rm x',
    'xargs rm',
    "sh -c 'rm x'",
    'npm test\nrm x',
    'git push origin',
    'npm publish',
  ];
  for (const command of denied) {
    it(`denies ${JSON.stringify(command)}`, async () => assert.match(await decided(command), /^deny: deny /));
  }

  it('does not deny a longer word', async () => assert.equal(await decided('rmdir x'), 'ask: unknown'));

  it('knows no rule when it was given none', async () => {
    const decision = await createPolicy({ rules: {} }).decide({ kind: 'command', root: '/', command: 'ls' });
    assert.equal(decision.decision, 'ask');
  });
});
