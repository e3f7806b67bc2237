import assert from 'node:assert/strict';
import { ok } from '../../../src/base/result';
import { commandLine } from '../../../src/commandline/commandLine';
import type { LoadedAgents } from '../../../src/core/model/agent';
import { FakeEngine } from '../../support/fakeEngine';
import { FakeTerminal } from '../../support/fakeTerminal';
import { agent } from '../core/planning/sampleTasks';

const root = '/home/person/project';

const loaded: LoadedAgents = {
  agents: [
    agent('billing', ['implementation', 'billing'], {
      description: 'Writes billing\ncode.',
      source: { kind: 'project', path: `${root}/.claude/agents/billing.md` },
      model: 'opus',
      tools: ['read', 'edit', 'mcp__*'],
      withoutTools: ['mcp__db__drop'],
      maxSteps: 20,
      effort: 'high',
      skills: ['ledger', 'refunds'],
      onlyByName: true,
      argumentHint: 'which invoice',
      handoffs: [{ label: 'Test it', agent: 'test-engineer' }],
      unused: [{ field: 'color', reason: 'agents are told apart by their names' }],
    }),
    agent('implementer', ['generalist'], { description: 'Writes code.' }),
    agent('linter', ['gate:lint'], { backend: 'command', description: 'Runs the linter.' }),
  ],
  skills: [
    {
      name: 'ledger',
      description: 'Keeps the books.',
      source: { kind: 'project', path: `${root}/.agents/skills/ledger/SKILL.md` },
    },
  ],
  shadowed: [
    {
      what: 'agent',
      name: 'billing',
      path: '/home/person/.claude/agents/b.md',
      by: `${root}/.claude/agents/billing.md`,
    },
  ],
  models: {
    billing: { id: 'anthropic/claude-opus-5-5', reason: '"opus" in its file' },
    implementer: { id: 'ollama/qwen', reason: "the run's model" },
  },
  problems: [
    {
      path: `${root}/.claude/agents/broken.md`,
      line: 3,
      column: 7,
      severity: 'error',
      message: 'It is broken.',
    },
  ],
};

describe('enterprise agents', () => {
  async function enterprise(...args: string[]) {
    const terminal = new FakeTerminal();
    const code = await commandLine(['agents', ...args], {
      terminal,
      folder: root,
      environment: {},
      version: '0.1.0',
      openEngine: () => Promise.resolve(ok(new FakeEngine(root, { agents: loaded }))),
      onInterrupt: () => ({ dispose: () => undefined }),
      exitNow: () => assert.fail('the process must not be ended'),
      nowMs: () => 0,
    });
    return { code, printed: terminal.printed.join('\n'), complaints: terminal.complaints };
  }

  const billing = [
    'billing: Writes billing code.',
    '  file          .claude/agents/billing.md',
    '  model         anthropic/claude-opus-5-5: "opus" in its file',
    '  effort        high',
    '  tools         read, edit, mcp__*',
    '  never         mcp__db__drop',
    '  capabilities  implementation, billing',
    '  skills        ledger, refunds (not there)',
    '  steps         at most 20 in an attempt',
    '  chosen        only where a plan names it',
    '  to be told    which invoice',
    '  would go on   test-engineer (Test it)',
    '  no effect     color: agents are told apart by their names',
  ];

  it('explains what loaded, what did not and where, and what is not used because of what', async () => {
    const { code, printed, complaints } = await enterprise();
    assert.equal(code, 0);
    assert.equal(
      printed,
      [
        'AGENT        FROM      BACKEND  MODEL                      WHAT IT DOES',
        'billing      project   model    anthropic/claude-opus-5-5  Writes billing code.',
        'implementer  built-in  model    ollama/qwen                Writes code.',
        'linter       built-in  command  none                       Runs the linter.',
        '',
        ...billing,
        '',
        'SKILL   FILE                            WHAT IT HELPS WITH',
        'ledger  .agents/skills/ledger/SKILL.md  Keeps the books.',
        '',
        'NOT USED  NAME     FROM                              BECAUSE OF',
        'agent     billing  /home/person/.claude/agents/b.md  .claude/agents/billing.md',
      ].join('\n'),
    );
    assert.deepEqual(complaints, [`${root}/.claude/agents/broken.md:3:7: error: It is broken.`]);
  });

  it('explains one by its name, in any case of letters', async () => {
    assert.equal((await enterprise('Billing')).printed, billing.join('\n'));
    assert.match(
      (await enterprise('implementer')).printed,
      /file {10}built in\n.*\n {2}tools {9}all, those of MCP/,
    );
  });

  it('answers a name that is not there with those that look like it', async () => {
    const { code, complaints } = await enterprise('implementor');
    assert.equal(code, 2);
    assert.deepEqual(complaints, ['There is no agent "implementor".\nDid you mean implementer?']);
  });

  it('prints one agent per line for programs, without its instructions', async () => {
    const lines = (await enterprise('--json')).printed
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map(({ name }) => name),
      ['billing', 'implementer', 'linter'],
    );
    assert.deepEqual(lines[0]?.['resolvedModel'], loaded.models?.['billing']);
    assert.equal(lines[0]?.['instructions'], undefined);
  });

  it('lists the skills alone, also for programs', async () => {
    assert.match((await enterprise('--skills')).printed, /^SKILL .*\nledger .*$/);
    assert.equal((await enterprise('--skills', '--json')).printed, JSON.stringify(loaded.skills?.[0]));
  });
});
