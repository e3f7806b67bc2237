import assert from 'node:assert/strict';
import type { Policy, PolicyDecision } from '../../../../src/core/ports';
import { policyTree, type PolicyTree } from '../../../support/policyTree';
import { realPolicy } from '../../../support/realPolicy';
import { allowed, asked, corpusRules } from './commandCorpus';
import { denied } from './deniedCommands';

describe('commands', () => {
  let tree: PolicyTree;
  let policy: Policy;
  before(async () => {
    tree = await policyTree();
    policy = realPolicy(corpusRules);
  });
  after(() => tree.remove());
  const decide = (command: string) => policy.decide({ kind: 'command', root: tree.root, command });

  const tables: [PolicyDecision['decision'], string, typeof allowed][] = [
    ['allow', 'runs', allowed],
    ['ask', 'asks before', asked],
    ['deny', 'denies', denied],
  ];
  for (const [decision, verb, table] of tables) {
    for (const [why, commands] of Object.entries(table)) {
      describe(`what ${why}`, () => {
        for (const command of commands) {
          it(`${verb} ${JSON.stringify(command)}`, async () => {
            const decided = await decide(command);
            assert.equal(decided.decision, decision, JSON.stringify(decided));
            assert.notEqual(decided.rule, '');
          });
        }
      });
    }
  }
});
