import assert from 'node:assert/strict';
import { createPolicy } from '../../../../src/adapters/policy/policy';
import type { PolicyRules } from '../../../../src/adapters/policy/policyRules';
import { fitsGlob, longestRule } from '../../../../src/adapters/policy/ruleMatch';
import { ok } from '../../../../src/base/result';
import type { Grant, PolicyDecision, PolicyRequest } from '../../../../src/core/ports';
import { policyTree, type PolicyTree } from '../../../support/policyTree';
import { realPolicy } from '../../../support/realPolicy';

describe('a rule', () => {
  const fits = (rule: string, line: string) => longestRule([rule], line.split(' ')) !== undefined;

  it('means the words a command begins with, and no longer word', () => {
    assert.deepEqual(
      ['npm test', 'npm test -- -x', 'npm testing', 'npm', 'npx test'].map((line) => fits('npm test', line)),
      [true, true, false, false, false],
    );
  });

  it('is a glob in each word, never a regular expression', () => {
    assert.equal(fits('npm run test:*', 'npm run test:unit'), true);
    assert.equal(fits('npm run test:?', 'npm run test:ab'), false);
    assert.equal(fits('npm.*', 'npmxx'), false);
    assert.equal(fits('(a+)+$', 'aaaa'), false);
    assert.equal(fits('* test', 'npm test'), true);
  });

  it('takes a hostile glob in no time', () => {
    const startedAt = performance.now();
    assert.equal(fitsGlob('*a'.repeat(2000), 'a'.repeat(4000) + 'b'), false);
    assert.ok(performance.now() - startedAt < 2000);
  });

  it('goes before a shorter one', () => {
    const found = longestRule(['git', 'git push', 'git push --dry-run'], ['git', 'push', '--dry-run', 'x']);
    assert.deepEqual(found, { rule: 'git push --dry-run', length: 3 });
  });
});

describe('rules against each other', () => {
  let tree: PolicyTree;
  before(async () => (tree = await policyTree()));
  after(() => tree.remove());
  const decided = async (rules: PolicyRules, command: string) => {
    const decision = await realPolicy(rules).decide({ kind: 'command', root: tree.root, command });
    return `${decision.decision}: ${decision.rule}`;
  };

  it('let the longer one decide, and a denial where they are as long', async () => {
    const rules = { allow: ['git push --dry-run', 'a b'], deny: ['git push', 'a b'] };
    assert.equal(await decided(rules, 'git push --dry-run'), 'allow: allow git push --dry-run');
    assert.equal(await decided(rules, 'git push'), 'deny: deny git push');
    assert.equal(await decided(rules, 'a b c'), 'deny: deny a b');
  });

  it('never lift what a repository denies', async () => {
    const rules = { allow: ['git push --dry-run'], denyAlways: ['git'] };
    assert.equal(await decided(rules, 'git push --dry-run'), 'deny: deny git');
  });

  it('deny also what would otherwise need no question', async () => {
    assert.equal(await decided({ deny: ['cat'] }, 'ls | cat'), 'deny: deny cat');
  });
});

describe('permissions', () => {
  let tree: PolicyTree;
  before(async () => (tree = await policyTree()));
  after(() => tree.remove());
  const grantFor = async (command: string): Promise<string | undefined> => {
    const decision = await realPolicy().decide({ kind: 'command', root: tree.root, command });
    assert.ok(decision.decision === 'ask', command);
    return decision.grant?.value;
  };

  const offered: Readonly<Record<string, string>> = {
    'npm test -- --watch=false': 'npm test',
    'npm run build:all --silent': 'npm run build:all',
    'cargo test -p core': 'cargo test',
    'git commit -m wip': 'git commit',
    'make all': 'make all',
    './scripts/check.sh fast': './scripts/check.sh fast',
    'pytest -q tests': 'pytest -q tests',
  };
  for (const [command, rule] of Object.entries(offered)) {
    it(`for \`${command}\` cover \`${rule}\``, async () => assert.equal(await grantFor(command), rule));
  }

  const never = [
    ...[
      'make all && ls',
      'make all | tail',
      'make all > log',
      'CI=1 make all',
      'make $x',
      'make *',
      '(make all)',
    ],
    ...['sudo make all', 'npx tool', 'env make all', 'bash -c "make all"', 'timeout 5 make', 'node -e "x()"'],
    ...[
      'git push',
      'git -c a=b log',
      'curl -o x https://example.org',
      'find . -delete',
      'make "a b"',
      'rm -rf x',
    ],
    ...['make all\nmake all', 'make all &', 'echo $(make all)', 'if make; then ls; fi', 'touch .mcp.json'],
  ];
  for (const command of never) {
    it(`are not offered for ${JSON.stringify(command)}`, async () =>
      assert.equal(await grantFor(command), undefined));
  }

  it('say where the project’s files decide what they allow', async () => {
    const textFor = async (command: string) => {
      const decision = await realPolicy().decide({ kind: 'command', root: tree.root, command });
      return decision.decision === 'ask' ? decision.grant?.text : undefined;
    };
    const changing = /begin with "[^"]+", whatever the project’s files make them do by then$/;
    for (const command of [
      'npm test',
      'npm run lint',
      'make all',
      'node build.js',
      './gradlew check',
      'tools/x',
    ])
      assert.match((await textFor(command)) ?? '', changing, command);
    assert.equal(await textFor('git commit'), 'commands that begin with "git commit"');
    assert.equal(await textFor('gh issue list'), 'commands that begin with "gh issue"');
  });

  it('hold for the run they were given in, and are saved when they are for always', async () => {
    const saved: Grant[] = [];
    const policy = createPolicy({
      rules: {},
      save: (grant) => {
        saved.push(grant);
        return Promise.resolve(ok(undefined));
      },
    });
    const requests: PolicyRequest[] = [
      { kind: 'host', host: 'API.example.org.' },
      { kind: 'mcp', server: 'files', tool: 'read' },
      { kind: 'program', name: 'files', commandLine: 'npx files', digest: 'd1' },
    ];
    for (const [at, request] of requests.entries()) {
      const asked = await policy.decide(request);
      assert.ok(asked.decision === 'ask' && asked.grant);
      await policy.grant(asked.grant, at === 0 ? 'run' : 'always');
      assert.equal((await policy.decide(request)).decision, 'allow');
    }
    assert.deepEqual(
      saved.map(({ kind, value }) => [kind, value]),
      [
        ['mcp', 'files/read'],
        ['program', 'd1'],
      ],
    );
    const another: PolicyRequest = { kind: 'program', name: 'files', commandLine: 'npx files', digest: 'd2' };
    assert.equal((await policy.decide(another)).decision, 'ask');
  });

  it('that cannot be saved hold for the run and say so', async () => {
    const policy = createPolicy({ rules: {} });
    const kept = await policy.grant({ kind: 'host', value: 'a.example', text: 'a' }, 'always');
    assert.equal(kept.ok, false);
    assert.equal((await policy.decide({ kind: 'host', host: 'a.example' })).decision, 'allow');
  });
});

describe('hosts', () => {
  const policy = createPolicy({
    rules: { hosts: { allow: ['*.example.org', '127.0.0.1'], deny: ['evil.example.org', '169.254.*'] } },
  });
  const cases: [string, PolicyDecision['decision']][] = [
    ['api.example.org', 'allow'],
    ['API.Example.ORG.', 'allow'],
    ['evil.example.org', 'deny'],
    ['example.org', 'ask'],
    ['api.example.org.attacker.net', 'ask'],
    ['0x7f.1', 'allow'],
    ['2130706433', 'allow'],
    ['169.254.169.254', 'deny'],
    ['0xa9fea9fe', 'deny'],
    ['::1', 'ask'],
    ['user@api.example.org', 'deny'],
    ['api.example.org/path', 'deny'],
    ['*', 'deny'],
    ['', 'deny'],
  ];
  for (const [host, expected] of cases) {
    it(`${JSON.stringify(host)}: ${expected}`, async () =>
      assert.equal((await policy.decide({ kind: 'host', host })).decision, expected));
  }
});

describe('without a parser', () => {
  it('every command asks, and says why', async () => {
    const broken = createPolicy({
      rules: { allow: ['ls'] },
      loadParser: () => Promise.reject(new Error('the file is missing')),
    });
    for (const policy of [createPolicy({ rules: { allow: ['ls'] } }), broken]) {
      const decision = await policy.decide({ kind: 'command', root: '/', command: 'ls' });
      assert.deepEqual([decision.decision, decision.rule], ['ask', 'no parser']);
    }
  });
});

describe('hostile texts', () => {
  let tree: PolicyTree;
  before(async () => (tree = await policyTree()));
  after(() => tree.remove());
  const texts: Readonly<Record<string, string>> = {
    'a hundred thousand characters': 'ls '.repeat(34_000),
    'deep nesting': '$('.repeat(3900),
    'deep parentheses': `${'('.repeat(3900)}ls${')'.repeat(3900)}`,
    'many pipes': '|'.repeat(8000),
    'many commands': 'ls;'.repeat(2600),
    'many files': `cat ${Array.from({ length: 500 }, (_, at) => `src/${at}.ts`).join(' ')}`,
    'many folders': 'cd src;'.repeat(1000),
    'many quotes': `echo ${'"$('.repeat(2000)}`,
    'many shells': `${'bash -c "'.repeat(500)}ls`,
    'many carriers': `${'env '.repeat(1900)}ls`,
    'many here-documents': 'cat <<A <<B\n'.repeat(600),
  };
  for (const [what, text] of Object.entries(texts)) {
    it(`of ${what} ask, and soon`, async () => {
      const policy = realPolicy({ allow: ['ls', 'cat'], deny: ['rm'] });
      await policy.decide({ kind: 'command', root: tree.root, command: 'ls' });
      const startedAt = performance.now();
      const decision = await policy.decide({ kind: 'command', root: tree.root, command: text });
      assert.equal(decision.decision, 'ask', JSON.stringify(decision));
      assert.ok(performance.now() - startedAt < 2000);
    });
  }
});
