import assert from 'node:assert/strict';
import { analyseTask } from '../../../../src/core/planning/analyseTask';

describe('analyseTask', () => {
  const complexities: [string, number, string][] = [
    ['Fix the typo in the README', 100, 'simple'],
    ['Rename the function getUser to findUser', 100, 'simple'],
    ['Add a --verbose option to the command line', 500, 'simple'],
    [
      'Add pagination to the users endpoint and document it, then write integration tests for it',
      500,
      'moderate',
    ],
    ['Document every exported function of src', 5_000, 'moderate'],
    [
      'Migrate the database layer from MySQL to PostgreSQL across the whole codebase, update the API endpoints and the deployment pipeline',
      5_000,
      'complex',
    ],
    [
      'Rewrite the platform as microservices with SSO and compliance reporting:\n- split the backend into services\n- migrate the database\n- redesign the frontend\n- set up Kubernetes deployment\n- document everything',
      20_000,
      'enterprise',
    ],
  ];
  for (const [request, files, expected] of complexities) {
    it(`${expected}: ${request.slice(0, 60)}`, () => {
      assert.equal(analyseTask({ request, digest: { files, languages: [] } }).complexity, expected);
    });
  }

  const priorities: [string, string][] = [
    ['Production is down: users cannot log in', 'critical'],
    ['Fix the SQL injection vulnerability in search', 'critical'],
    ['The build is broken on main', 'high'],
    ['Fix the crash when the list is empty', 'high'],
    ['Not urgent: the login button crashes on resize', 'low'],
    ['Fix a typo', 'low'],
    ['Add dark mode', 'normal'],
  ];
  for (const [request, expected] of priorities) {
    it(`${expected}: ${request}`, () => assert.equal(analyseTask({ request }).priority, expected));
  }

  it('names the domains a text is about', () => {
    assert.deepEqual(
      analyseTask({ request: 'Write unit tests for the React login form' }).domains.slice(0, 2),
      ['testing', 'implementation'],
    );
    assert.ok(
      analyseTask({ request: 'Write unit tests for the React login form' }).domains.includes('frontend'),
    );
    assert.deepEqual(analyseTask({ request: 'Hm?' }).domains, ['general']);
  });

  it('does not find a word inside another', () => {
    assert.ok(!analyseTask({ request: 'Improve the restful nap page' }).domains.includes('api'));
  });

  it('names risks with something to do about them', () => {
    const { risks, research } = analyseTask({
      request: 'Upgrade all dependencies and migrate the database schema',
    });
    assert.ok(risks.length >= 2 && risks.every(({ risk, mitigation }) => risk !== '' && mitigation !== ''));
    assert.deepEqual(research, ['Which breaking changes do the changelogs of the versions in between name?']);
  });

  it('estimates an interval that grows with the complexity, and says that rules judged', () => {
    const [simple, complex] = [complexities[0], complexities[5]].map((one) =>
      analyseTask({ request: one?.[0] ?? '' }),
    );
    assert.ok(simple && complex && simple.estimateMinutes.high < complex.estimateMinutes.low);
    assert.equal(simple.by, 'rules');
  });

  it('gives the same answer for the same text, and some answer for any text', () => {
    for (const request of [
      '',
      '   ',
      '\n\n',
      '🙂',
      'x'.repeat(50_000),
      'und jetzt bitte alles auf Deutsch',
    ]) {
      assert.deepEqual(analyseTask({ request }), analyseTask({ request }));
    }
  });
});
