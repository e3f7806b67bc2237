import assert from 'node:assert/strict';
import { builtInWorkflows } from '../../../../src/adapters/workflows/builtInWorkflows';
import type { Workflow } from '../../../../src/core/coordination/engine';
import { matchWorkflow } from '../../../../src/core/planning/matchWorkflow';

const gate = { name: 'types', title: 'Type check', command: 'tsc', timeoutMs: 1000 };
const builtIn = builtInWorkflows({
  gates: [gate],
  fixers: { lint: { run: 'eslint . --fix', accepts: [1] }, absent: [] },
  hasCode: true,
});

function own(name: string, keywords: string[]): Workflow {
  return { name, description: '', source: 'project', keywords, file: { tasks: [{ id: 'a', run: 'true' }] } };
}

function match(request: string, workflows: readonly Workflow[] = builtIn) {
  const found = matchWorkflow(request, workflows);
  assert.ok(found);
  return found;
}

describe('matchWorkflow', () => {
  const cases: [string, string][] = [
    ['Check and tidy this repository', 'check-and-tidy'],
    ['clean up the code', 'check-and-tidy'],
    ['tidy', 'tidy'],
    ['Lint and format everything please', 'tidy'],
    ['Run the tests', 'verify'],
    ['audit the dependencies for vulnerabilities', 'verify'],
    ['Analyse the architecture', 'analyse'],
    ['Is the documentation complete?', 'document'],
    ['Add a login page', 'check-and-tidy'],
    ['', 'check-and-tidy'],
  ];
  for (const [request, expected] of cases)
    it(`"${request}" → ${expected}`, () => assert.equal(match(request).workflow.name, expected));

  it('says that nobody read the request and what was not done', () => {
    assert.equal(
      match('Add a login page').rationale,
      'No model is configured, so nobody read the request: the workflow `check-and-tidy` was chosen because no workflow has a keyword that is in the text, so this is the default. ' +
        'It runs programs and checks only. What the text asks for beyond that was not acted on.',
    );
    assert.deepEqual(match('Run the tests').reasons, ['the text contains "tests"']);
  });

  it('prefers the project’s own workflow, and one that is named', () => {
    assert.equal(
      match('Run the tests', [...builtIn, own('zz-nightly', ['tests'])]).workflow.name,
      'zz-nightly',
    );
    assert.equal(
      match('Run verify, then the tests', [...builtIn, own('nightly', ['tests'])]).workflow.name,
      'verify',
    );
    assert.equal(
      match('Do the release check for tests', [...builtIn, own('release-check', [])]).workflow.name,
      'release-check',
    );
  });

  it('does not depend on the order of the workflows', () => {
    for (const [request] of cases)
      assert.equal(match(request).workflow.name, match(request, builtIn.toReversed()).workflow.name);
  });

  it('finds nothing only where there is nothing', () => assert.equal(matchWorkflow('x', []), undefined));
});
