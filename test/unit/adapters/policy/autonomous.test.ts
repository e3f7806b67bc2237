import assert from 'node:assert/strict';
import { autonomousPolicy } from '../../../../src/adapters/policy/autonomous';
import { ok } from '../../../../src/base/result';
import type { Policy, PolicyDecision, PolicyRequest } from '../../../../src/core/ports';

const asks: PolicyDecision = { decision: 'ask', rule: 'unknown', reason: 'No rule.' };
const command: PolicyRequest = { kind: 'command', root: '/tree', command: 'make all' };

function policy(decision: PolicyDecision): Policy {
  return { decide: () => Promise.resolve(decision), grant: () => Promise.resolve(ok(undefined)) };
}

function decide(decision: PolicyDecision, request: PolicyRequest, isSandboxed = true, hasNetwork = false) {
  return autonomousPolicy(policy(decision), {
    isSandboxed: () => Promise.resolve(isSandboxed),
    hasNetwork: () => Promise.resolve(hasNetwork),
  }).decide(request);
}

describe('autonomousPolicy', () => {
  it('lets a command run unasked that no rule is about, and names why', async () => {
    assert.deepEqual(await decide(asks, command), {
      decision: 'allow',
      rule: 'autonomous, in the sandbox without network',
    });
  });

  it('asks where there is no sandbox', async () => {
    assert.equal(await decide(asks, command, false), asks);
  });

  it('asks about a command that reaches the network', async () => {
    assert.equal(await decide(asks, command, true, true), asks);
  });

  it('asks about a command that would change a protected path', async () => {
    const protectedPath = { ...asks, touchesProtected: true };
    assert.equal(await decide(protectedPath, command), protectedPath);
  });

  it('denies what is denied', async () => {
    const denied: PolicyDecision = { decision: 'deny', rule: 'deny rm', reason: 'Denied.' };
    assert.equal(await decide(denied, command), denied);
  });

  const others: PolicyRequest[] = [
    { kind: 'write', root: '/tree', path: '.vscode/tasks.json' },
    { kind: 'host', host: 'example.com' },
    { kind: 'mcp', server: 'docs', tool: 'search' },
    { kind: 'program', name: 'docs', commandLine: 'docs', digest: '1' },
  ];
  for (const request of others) {
    it(`asks about ${request.kind} as before`, async () => {
      assert.equal(await decide(asks, request), asks);
    });
  }
});
