import assert from 'node:assert/strict';
import { mergeConfig } from '../../../../src/adapters/config/mergeConfig';

describe('mergeConfig', () => {
  it('takes the lower of two limits and the only one of one', () => {
    const { config } = mergeConfig(
      { budget: { maxParallel: 2, maxMinutes: 30 } },
      { budget: { maxParallel: 9, maxMinutes: 10, maxCostUsd: 5 } },
    );
    assert.deepEqual(config.budget, { maxParallel: 2, maxMinutes: 10, maxCostUsd: 5 });
  });

  it('adds denials of the project and refuses its allowances, in words', () => {
    const { config, notes } = mergeConfig(
      { policy: { allow: ['npm test'], deny: ['rm'] } },
      { policy: { allow: ['curl'], deny: ['rm', 'npm publish'] } },
    );
    const { allow, deny, denyAlways } = config.policy;
    assert.deepEqual(
      { allow, deny, denyAlways },
      { allow: ['npm test'], deny: ['rm'], denyAlways: ['rm', 'npm publish'] },
    );
    assert.deepEqual(notes, [
      'The project denies these commands: rm, npm publish.',
      'The project wants to allow commands; a repository cannot do that, so they still ask.',
    ]);
  });

  it('shows gates the project turns off or adds', () => {
    const { config, notes } = mergeConfig(
      { gates: { disable: ['audit'], add: [{ name: 'licences', command: 'check-licences' }] } },
      {
        gates: {
          disable: ['audit', 'lint'],
          add: [
            { name: 'licences', command: 'true' },
            { name: 'e2e', command: 'npm run e2e' },
          ],
        },
      },
    );
    assert.deepEqual(config.gates, {
      disabled: ['audit', 'lint'],
      added: [
        { name: 'licences', command: 'check-licences' },
        { name: 'e2e', command: 'npm run e2e' },
      ],
    });
    assert.deepEqual(notes, [
      'The project turns these gates off: lint.',
      'The project adds the gate `e2e`: npm run e2e',
      "The project's gate `licences` is not used: this machine has one of that name.",
    ]);
  });

  it('never gives more than the machine alone, whatever the project says', () => {
    const machine = { model: 'a/b', budget: { maxParallel: 3 }, policy: { allow: ['x'], deny: ['y'] } };
    for (const project of [
      {},
      { budget: { maxParallel: 99, maxTokens: 1 } },
      { policy: { allow: ['z'], deny: [] } },
    ]) {
      const { config } = mergeConfig(machine, project);
      assert.ok((config.budget.maxParallel ?? Infinity) <= 3);
      assert.deepEqual(config.policy.allow, ['x']);
      assert.ok(config.policy.deny.includes('y'));
      assert.equal(config.model, 'a/b');
    }
  });

  it('takes MCP servers from the machine only, and lets the project turn them off, which is said', () => {
    const { config, notes } = mergeConfig(
      { mcp: { servers: { docs: { url: 'https://docs.test/mcp' } }, disable: ['old'] } },
      { mcp: { disable: ['old', 'docs'] } },
    );
    assert.deepEqual(config.mcp, {
      servers: { docs: { url: 'https://docs.test/mcp' } },
      disabled: ['old', 'docs'],
    });
    assert.deepEqual(notes, ['The project turns these MCP servers off: docs.']);
  });

  it('lets the project ask questions and turn research off, not say whom to ask', () => {
    const tools = [{ server: 'wiki', tool: 'search', argument: 'q' }];
    assert.deepEqual(
      mergeConfig({ research: { tools } }, { research: { queries: ['{task}'] } }).config.research,
      {
        enabled: true,
        queries: ['{task}'],
        tools,
      },
    );
    assert.equal(mergeConfig({}, { research: { enabled: false } }).config.research.enabled, false);
    const own = mergeConfig({ research: { queries: ['mine'] } }, { research: { queries: ['theirs'] } });
    assert.deepEqual(own.config.research.queries, ['mine']);
  });

  it('takes external agents from the machine', () => {
    const acp = { mine: { command: '/opt/mine', args: ['--acp'], env: ['MINE_KEY'] } };
    assert.deepEqual(mergeConfig({ acp }, {}).config.acp, acp);
  });
});
