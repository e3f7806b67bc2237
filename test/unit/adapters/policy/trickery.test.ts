import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Policy, PolicyDecision } from '../../../../src/core/ports';
import { policyTree, type PolicyTree } from '../../../support/policyTree';
import { realPolicy } from '../../../support/realPolicy';

/** Texts that bash takes otherwise than they look: each of these once read, wrote or ran what it must not. */
const tricks: Readonly<Record<string, readonly string[]>> = {
  'takes a way back that is not the one it came': [
    'cd down && cd .. && cat ../outside.txt',
    'cd down; cd ..; cat ../outside.txt',
    'cd down && cd ../.. && grep -r text',
    "cd down && bash -c 'cd .. && cat ../outside.txt'",
    'cd deep/back && env -i bash -c "cd .. && cat outside.txt"',
    'cd deep/er && command cd ../.. && cat ../../outside.txt',
    'cd deep/er && builtin cd .. && cat ../../outside.txt',
    'cd deep/er && time cd ../.. && cat ../../outside.txt',
    "cd deep/er && eval 'cd ../..' && cat ../../outside.txt",
    'cd deep/er && find ../.. -maxdepth 1 -name README.md -execdir cat ../outside.txt \\;',
  ],
  'puts a folder in the place of a link and goes on': [
    'rm down && mkdir down && cat down/../../outside.txt',
    'rm -f ./down; mkdir down; echo x > down/../../new.txt',
  ],
  'runs a program of the project that is named like one of the machine': [
    './env ls',
    './timeout 5 ls',
    "./bash -c 'ls'",
    'src/xargs echo',
    "dash -c 'ls'",
  ],
  'has options that are files, or files that are options': [
    "awk '{print}' -F ../outside.txt",
    "awk '{print}' README.md -v ../outside.txt",
    'awk -F $x 1 README.md',
    'head -n $x README.md',
    'grep -e $x README.md',
    'ls | xargs head -n',
    'bash -c \'head -n "$@" README.md\' _ 9 ../outside.txt',
    'head -n * README.md',
    'strings @names',
    "sed 's/[/]/;/w x/p' README.md",
  ],
  'follows links it finds': [
    'find . -exec cat {} \\; -type f',
    'find linked -name leads-out -exec cat {} + -type f',
    'find . -name secret.txt -exec grep -e -type f {} \\;',
    'diff linked src',
    'diff linked outside.txt',
    'diff linked/* src/a.ts',
  ],
  'means the home where it does not look so': ['dd if=~/.ssh/id', 'dd if=README.md of=~/x', 'cat x=a:~/y'],
  'lists names of other folders': [
    'echo /home/*/.ssh/*',
    "printf '%s\\n' ../*",
    'for f in ../*; do echo "$f"; done',
  ],
  'is expanded twice': [
    "echo x >&'$(unknown)'",
    "echo x >& '`unknown`'",
    "echo x 1>&'$(unknown)'",
    'echo x >&"\\$(unknown)"',
    'echo x >&\'"secret.txt"\'',
    'echo x <&"\\`unknown\\`"',
  ],
  'sets the clock': ['date 010100002030', 'date $x'],
};

const plain = [
  'cd src && ls && cd .. && cat README.md',
  'cd deep/er && cd ../.. && cat README.md',
  'grep -e "$x" README.md',
  "awk -F: '{print $1}' README.md",
  'find . -type f -name "*.ts" -exec wc -l {} +',
  'diff src/a.ts src/b.ts',
  'rm -f src/a.ts && ls',
  'rm down',
  'ls >& listing.txt',
  'ls 2>&1 >&2',
  'date -u +%Y-%m-%d',
  'dd if=README.md of=copy.md',
  "bash -c 'ls src'",
  'echo src/*',
  'strings README.md',
  "sed 's/[a-z]/x/g' README.md",
];

describe('tricks of a shell', () => {
  let tree: PolicyTree;
  let policy: Policy;
  before(async () => {
    tree = await policyTree();
    await symlink('deep/er', join(tree.root, 'down'));
    await symlink('/bin/sh', join(tree.root, 'node_modules/.bin/dash'));
    policy = realPolicy();
  });
  after(() => tree.remove());
  const decide = async (command: string): Promise<PolicyDecision> =>
    policy.decide({ kind: 'command', root: tree.root, command });

  for (const [what, commands] of Object.entries(tricks)) {
    for (const command of commands) {
      it(`do not run unasked what ${what}: ${JSON.stringify(command)}`, async () => {
        const decided = await decide(command);
        assert.notEqual(decided.decision, 'allow', JSON.stringify(decided));
      });
    }
  }
  for (const command of plain) {
    it(`do not stand in the way of ${JSON.stringify(command)}`, async () => {
      const decided = await decide(command);
      assert.equal(decided.decision, 'allow', JSON.stringify(decided));
    });
  }
});
