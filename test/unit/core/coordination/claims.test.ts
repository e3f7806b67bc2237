import assert from 'node:assert/strict';
import { commandsIn, mayChangeFiles } from '../../../../src/core/coordination/checkCommands';
import { transcriptEvidence } from '../../../../src/core/coordination/claimEvidence';
import { claimsOf } from '../../../../src/core/coordination/claims';
import type { StoredEvent } from '../../../../src/core/model/event';

/** What is claimed by a summary, as `subject` or `subject!` where it speaks for all. */
function subjects(summary: string, verified: string[] = []): string {
  return claimsOf(summary, verified)
    .map(({ subject = 'other', isWhole }) => `${subject}${isWhole ? '!' : ''}`)
    .join(' ');
}

type Call = readonly [tool: string, input: unknown, ok?: boolean, output?: string];

function transcript(...calls: Call[]): StoredEvent[] {
  return calls.flatMap(([tool, input, ok = true, output = ''], at): StoredEvent[] => {
    const ids = { runId: 'r', at: '', taskId: 't', attempt: 1, callId: `c${at}`, tool };
    return [
      { ...ids, seq: 2 * at + 1, type: 'tool.called', step: at, input, summary: '' },
      { ...ids, seq: 2 * at + 2, type: 'tool.returned', ok, output, durationMs: 1 },
    ];
  });
}

const bash = (command: string, ok = true, output = ''): Call => ['bash', { command }, ok, output];
const edit: Call = ['edit', { path: 'a', old: 'x', new: 'y' }];

function verdict(claim: string, ...calls: Call[]): string {
  const [one] = claimsOf(claim, []);
  assert(one, `"${claim}" is a claim`);
  return transcriptEvidence(one, transcript(...calls))?.verdict ?? 'nothing';
}

describe('the claims of an agent', () => {
  const said: [string, string][] = [
    ['All tests pass.', 'tests!'],
    ['The tests are green', 'tests'],
    ['Fixed the bug. Tests: 12 passed, 0 failed.', 'tests'],
    ['The build works and types check.', 'types build'],
    ['Types, lint and tests pass', 'tests types lint'],
    ['It compiles without errors.', 'build'],
    ['- **Lint** is clean\n- test suite passes ✅', 'lint tests'],
    ['Fixed the failing test and now all tests pass.', 'tests!'],
    ['The tests pass, but lint does not.', 'tests'],
    ['Type checking succeeds with no errors', 'types'],
    ['I added two tests and the whole suite is green', 'tests!'],
    ['eslint reports no problems.', 'lint'],
    ['Ran `npm test`: it passes.', 'tests'],
  ];
  for (const [text, wanted] of said)
    it(`are found in "${text.replace(/\n/g, ' ')}"`, () => {
      assert.equal(subjects(text).split(' ').sort().join(' '), wanted.split(' ').sort().join(' '));
    });

  const silent = [
    'The tests do not pass.',
    'I could not run the tests.',
    'The tests should pass now.',
    'Added tests for the parser.',
    'Two tests fail.',
    'Tests were not run, the build is broken.',
    'Make sure that all tests pass before you merge.',
    'It passes the token to the server.',
    'Renamed the type of the argument.',
    'All tests pass except the flaky one',
    '```\nall tests pass\n```',
  ];
  for (const text of silent)
    it(`are not found in "${text.replace(/\n/g, ' ')}"`, () => {
      assert.equal(subjects(text), '');
    });

  it('of `verified` are all kept, those about nothing known too', () => {
    assert.equal(
      subjects('Done.', ['npm test', 'opened the page in a browser', 'tsc --noEmit is clean']),
      'tests other types',
    );
    assert.equal(subjects('All tests pass.', ['npm test: 12 passed']), 'tests', 'said once');
    assert.equal(subjects('Done.', ['could not run the tests']), '');
  });
});

describe('a command line', () => {
  const proves = (line: string) =>
    commandsIn(line)
      .filter((part) => part.subject && part.provesSuccess)
      .map((part) => `${part.subject ?? ''}${part.isPartial ? '~' : ''}`)
      .join(' ');

  const cases: [string, string][] = [
    ['npm test', 'tests'],
    ['npm test --silent 2>&1', 'tests'],
    ['cd packages/a && npm test', 'tests'],
    ['npm run lint && npm run build && npm test', 'lint build tests'],
    ['npm test | tail -5', ''],
    ['npm test || true', ''],
    ['npm test; echo done', ''],
    ['npm test &', ''],
    ['npm test\necho ok', ''],
    ['CI=1 timeout 60 npx vitest run', 'tests'],
    ['npx mocha test/unit/a.test.ts', 'tests~'],
    ['pytest -k parser', 'tests~'],
    ['go test ./...', 'tests'],
    ['npx tsc --noEmit -p .', 'types'],
    ['npx --no-install eslint .', 'lint'],
    ['python -m pytest', 'tests'],
    ['echo "npm test"', ''],
    ['cat package.json', ''],
    ['npm run typecheck', 'types'],
    ['cargo clippy', 'lint'],
    ['npx prettier --check .', 'format'],
  ];
  for (const [line, wanted] of cases)
    it(`\`${line.replace('\n', '⏎')}\` proves ${wanted || 'nothing'}`, () =>
      assert.equal(proves(line), wanted));

  it('that looks does not change files, and others may', () => {
    for (const line of [
      'ls -la',
      'git status && git diff',
      'cat a | grep b',
      'npm test',
      'npm test 2>&1',
      'ls 2>/dev/null',
    ])
      assert.equal(mayChangeFiles(line), false, line);
    for (const line of [
      'sed -i s/a/b/ x',
      'echo x > a.ts',
      'node scripts/gen.js',
      'npx eslint . --fix',
      'git checkout a',
    ])
      assert.equal(mayChangeFiles(line), true, line);
  });
});

describe('the transcript', () => {
  it('confirms a claim by a run after the last change', () => {
    assert.equal(verdict('Tests pass.', edit, bash('npm test')), 'confirmed');
    assert.equal(verdict('Tests pass.', edit, bash('npm test'), bash('git diff'), ['read', {}]), 'confirmed');
  });

  it('refutes a claim whose last run failed, and names the end of its output', () => {
    assert.equal(verdict('Tests pass.', bash('npm test'), bash('npm test', false)), 'refuted');
    const [claim] = claimsOf('Tests pass.', []);
    const evidence = transcriptEvidence(claim!, transcript(bash('npm test', false, 'x\n2 failing\n')));
    assert.equal(evidence?.text, '`npm test` failed when it was run last: 2 failing');
  });

  it('says nothing when something changed after the run', () => {
    assert.equal(verdict('Tests pass.', bash('npm test'), edit), 'nothing');
    assert.equal(verdict('Tests pass.', bash('npm test'), bash('npx prettier --write .')), 'nothing');
    assert.equal(verdict('Tests pass.', bash('npm test && sed -i s/a/b/ x')), 'nothing');
  });

  it('says nothing by a pipe, a part, a background command or no run at all', () => {
    assert.equal(verdict('Tests pass.', bash('npm test | tail -3')), 'nothing');
    assert.equal(verdict('All tests pass.', bash('npx mocha test/a.test.ts')), 'nothing');
    assert.equal(verdict('Tests pass.', ['bash', { command: 'npm test', background: true }]), 'nothing');
    assert.equal(verdict('Tests pass.', bash('npm run build')), 'nothing');
  });

  it('shows the very command that a claim names', () => {
    assert.equal(verdict('`npm run test:e2e` passes, tests are green.', bash('npm test')), 'nothing');
    assert.equal(
      verdict('`npm run test:e2e` passes, tests are green.', bash('npm run test:e2e')),
      'confirmed',
    );
  });

  it('believes what `diagnostics` returned', () => {
    const result: Call = [
      'diagnostics',
      {},
      true,
      'types: passed (no findings)\n\ntests: failed (2 tests failed)',
    ];
    assert.equal(verdict('Types check.', edit, result), 'confirmed');
    assert.equal(verdict('Tests pass.', edit, result), 'refuted');
  });
});
