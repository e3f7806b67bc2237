import { allowed, asked, corpusRules } from '../unit/adapters/policy/commandCorpus';
import { denied } from '../unit/adapters/policy/deniedCommands';
import { policyTree } from '../support/policyTree';
import { realPolicy } from '../support/realPolicy';

/** How long decisions about commands take: the whole corpus, and texts made to be slow. The target is 50 ms for any. */
async function main(): Promise<void> {
  const tree = await policyTree();
  const policy = realPolicy(corpusRules);
  const time = async (command: string) => {
    const startedAt = performance.now();
    await policy.decide({ kind: 'command', root: tree.root, command });
    return performance.now() - startedAt;
  };
  console.log(`the first decision, with loading the grammar: ${(await time('ls')).toFixed(1)} ms`);
  const corpus = [allowed, asked, denied].flatMap((table) => Object.values(table).flat());
  const times: number[] = [];
  for (let round = 0; round < 5; round++) for (const command of corpus) times.push(await time(command));
  report(`${corpus.length} commands of the corpus, five times`, times);
  for (const [what, text] of Object.entries(hostile)) {
    const slow: number[] = [];
    for (let round = 0; round < 5; round++) slow.push(await time(text));
    report(what, slow);
  }
  await tree.remove();
}

const hostile: Readonly<Record<string, string>> = {
  '100 KB': 'ls '.repeat(34_000),
  'nested substitutions': '$('.repeat(3900),
  'nested parentheses': `${'('.repeat(3900)}ls${')'.repeat(3900)}`,
  pipes: '|'.repeat(8000),
  expansions: '${'.repeat(3900),
  arrays: 'a=('.repeat(2600),
  commands: 'ls;'.repeat(2600),
  files: `cat ${Array.from({ length: 500 }, (_, at) => `src/${at}.ts`).join(' ')}`,
  patterns: `cat ${'src/*.ts '.repeat(800)}`,
  folders: 'cd src;'.repeat(1000),
  'shells in shells': `${'bash -c "'.repeat(500)}ls`,
  'scripts of a carrier': `ssh ${"'ls;ls;ls;ls' ".repeat(550)}`,
  'words of a carrier': `sudo ${'x '.repeat(3900)}`,
  'long path': `cat ${'a/'.repeat(3900)}`,
  'sed script': `sed '${'s/a/b/;'.repeat(60)}x' src/a.ts`,
};

function report(what: string, times: number[]): void {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
  console.log(`${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
}

void main();
