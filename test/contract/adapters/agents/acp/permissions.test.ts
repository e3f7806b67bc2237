import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '../../../../../src/base/result';
import type { Grant, Policy, PolicyDecision, PolicyRequest } from '../../../../../src/core/ports';
import { loggedOf, type FakeStep } from '../../../../support/fakeAcpScript';
import {
  eventLines,
  playExternal,
  removeExternal,
  type ExternalPlay,
} from '../../../../support/playExternal';

describe('Permissions an external agent asks for', function () {
  this.timeout(30_000);
  after(removeExternal);

  function askingFor(ask: Record<string, unknown>, step: Partial<FakeStep> = {}) {
    const allowed = [{ write: { path: 'done.txt', content: 'x' } }, { say: 'Did it.' }];
    return { turns: [{ steps: [{ ask, allowed, denied: [{ say: 'Did without.' }], ...step }] }] };
  }

  const command = { kind: 'execute', title: 'Run it', rawInput: { command: 'npm test' } };

  it('are given by the policy, this once, and it is asked by effect', async () => {
    const policy = deciding(() => ({ decision: 'allow', rule: 'tests' }));
    const { log, worktree, attempt } = await playExternal(askingFor(command), { options: { policy } });
    assert(existsSync(join(worktree, 'done.txt')));
    assert.deepEqual(loggedOf(log, 'outcome'), [{ outcome: 'selected', optionId: 'allow-once' }]);
    assert.deepEqual(policy.asked.slice(1), [{ kind: 'command', root: worktree, command: 'npm test' }]);
    assert.deepEqual(attempt.asked, []);
  });

  it('are refused by the policy without asking anybody, and that is recorded with its rule', async () => {
    const policy = deciding((request) =>
      request.kind === 'program' ? allow : { decision: 'deny', rule: 'no tests', reason: 'Not here.' },
    );
    const { result, log, worktree, attempt } = await playExternal(askingFor(command), {
      options: { policy },
    });
    assert(result.ok && result.value.summary === 'Did without.');
    assert(!existsSync(join(worktree, 'done.txt')));
    assert.deepEqual(loggedOf(log, 'outcome'), [{ outcome: 'selected', optionId: 'reject-once' }]);
    assert(eventLines(attempt).includes('deny no tests'));
    assert.deepEqual(attempt.asked, []);
  });

  const person = (decision: 'allow' | 'deny', scope?: 'run'): ExternalPlay => ({
    person: () => ({ decision, by: 'person', ...(scope ? { scope } : {}) }),
  });

  it('are put to a person who sees the exact command, and remembered as the person says', async () => {
    const grant: Grant = { kind: 'command', value: 'npm test', text: 'commands that begin with "npm test"' };
    const policy = deciding((request) =>
      request.kind === 'program' ? allow : { decision: 'ask', rule: 'unknown', reason: 'No rule.', grant },
    );
    const { attempt, worktree } = await playExternal(askingFor(command), {
      ...person('allow', 'run'),
      options: { policy },
    });
    assert(existsSync(join(worktree, 'done.txt')));
    assert.deepEqual(
      attempt.asked.map(({ kind, detail, rule }) => ({ kind, detail, rule })),
      [{ kind: 'tool', detail: 'npm test', rule: grant.text }],
    );
    assert.deepEqual(policy.granted, [['npm test', 'run']]);
  });

  it('are put to a person with everything that was said where it is not understood, and hold for this once', async () => {
    const unknown = { kind: 'other', title: 'Deploy', rawInput: { where: 'production' } };
    const policy = deciding(() => allow);
    const { attempt, worktree } = await playExternal(askingFor(unknown), {
      ...person('deny'),
      options: { policy },
    });
    assert(!existsSync(join(worktree, 'done.txt')));
    assert.match(attempt.asked[0]!.detail, /"where": "production"/);
    assert.equal(attempt.asked[0]!.rule, undefined);
  });

  it('are refused where nobody is there', async () => {
    const { worktree } = await playExternal(askingFor({ kind: 'other', title: 'Deploy' }));
    assert(!existsSync(join(worktree, 'done.txt')));
  });

  it('are refused where the agent would take more than this once', async () => {
    const options = [{ optionId: 'allow-always', name: 'Always', kind: 'allow_always' as const }];
    const { log } = await playExternal(askingFor(command, { options }));
    assert.deepEqual(loggedOf(log, 'outcome'), [{ outcome: 'cancelled' }]);
  });

  it('start with the program itself: its exact command line, and what it is given', async () => {
    const policy = deciding(() => ({ decision: 'ask', rule: 'unknown', reason: 'No rule.' }));
    const { attempt, result, log } = await playExternal(
      { turns: [] },
      { ...person('deny'), options: { policy }, launch: { passed: { FAKE_KEY: 'x' } } },
    );
    assert(!result.ok && result.failure.kind === 'denied');
    assert.deepEqual(log, [], 'it was not started');
    assert.match(
      attempt.asked[0]!.detail,
      /fakeAcpAgent\.ts .*script\.json\nVariables it is given: FAKE_KEY\nNot in a sandbox\./,
    );
    const [request] = policy.asked;
    assert(request?.kind === 'program' && /^[0-9a-f]{64}$/.test(request.digest));
  });
});

const allow: PolicyDecision = { decision: 'allow', rule: 'scripted' };

function deciding(decide: (request: PolicyRequest) => PolicyDecision) {
  const asked: PolicyRequest[] = [];
  const granted: [string, string][] = [];
  const policy: Policy = {
    decide: (request) => {
      asked.push(request);
      return Promise.resolve(decide(request));
    },
    grant: (grant, scope) => {
      granted.push([grant.value, scope]);
      return Promise.resolve(scope === 'run' ? ok(undefined) : fail({ kind: 'usage', message: 'Not kept.' }));
    },
  };
  return { ...policy, asked, granted };
}
