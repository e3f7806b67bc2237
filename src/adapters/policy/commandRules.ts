import type { PolicyDecision } from '../../core/ports';
import type { ParseShell } from './bashParser';
import { CommandJudge, type CommandScene } from './commandJudge';
import { grantFor } from './commandGrant';
import { readShell, type ShellScript } from './shellReader';
import { ask } from './verdicts';

/** Longer texts are not read: who must write that much can put it into a file. */
const maxChars = 8000;
/** Of the characters that mean something to a shell: where they crowd, the parser's guesses at errors take long. */
const maxMarks = 1000;

/**
 * Allow only what is understood completely and allowed in every part; deny where a denied command stands in any part;
 * everything between is a person's decision (laws L2 and L3).
 */
export async function decideCommand(command: string, scene: CommandScene): Promise<PolicyDecision> {
  const script = readText(command, scene.parse);
  const judge = new CommandJudge({ ...scene, read: (text) => readText(text, scene.parse) });
  const decision = await judge.script(script, ['.'], 0);
  if (decision.decision !== 'ask') return decision;
  const grant = grantFor(command, script);
  return grant && decision.rule === 'unknown' && judge.mayBeGranted ? { ...decision, grant } : decision;
}

function readText(text: string, parse: ParseShell): ShellScript {
  if (text.length > maxChars)
    return { commands: [], problem: `is longer than ${maxChars} characters, so it is not judged` };
  if ((text.match(/[|&;(){}<>`$"']/g) ?? []).length > maxMarks)
    return { commands: [], problem: 'has too many operators to be judged' };
  const tree = parse(text);
  if (!tree) return { commands: [], problem: 'takes too long to understand' };
  try {
    return readShell(tree, text);
  } finally {
    tree.delete();
  }
}

/** Where there is no parser, nothing is understood. */
export function decideUnparsed(why: string): PolicyDecision {
  return ask(`Commands cannot be judged here: ${why}`, 'no parser');
}
