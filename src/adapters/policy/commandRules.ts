import type { PolicyDecision } from '../../core/ports';
import type { PolicyRules } from './policyRules';

/**
 * Allow only what is understood completely: one simple command of plain words. Deny where a denied beginning stands
 * anywhere a command could begin. Everything between is a person's decision (law L3).
 */
export function decideCommand(command: string, rules: PolicyRules): PolicyDecision {
  const denied = (rules.deny ?? []).find((rule) => couldRun(command, rule));
  if (denied !== undefined) {
    return {
      decision: 'deny',
      rule: `deny ${denied}`,
      reason: `Commands that begin with "${denied}" are denied by the settings.`,
    };
  }
  const words = plainWords(command);
  if (!words)
    return {
      decision: 'ask',
      rule: 'unknown',
      reason: 'It is more than one plain command, so it cannot be judged by a rule.',
    };
  const allowed = (rules.allow ?? []).find((rule) => beginsWith(words, wordsOf(rule)));
  if (allowed !== undefined) return { decision: 'allow', rule: `allow ${allowed}` };
  return { decision: 'ask', rule: 'unknown', reason: 'No rule allows or denies this command.' };
}

/**
 * The words of a command that a shell would take as they stand: letters, digits and `_ - . / : = @ , + %`, divided by
 * spaces. Undefined for anything else: an operator, quote, expansion, glob, newline, an assignment in front, or a word
 * of the shell's own grammar.
 */
export function plainWords(command: string): string[] | undefined {
  const trimmed = command.replace(/^[ \t]+|[ \t]+$/g, '');
  if (!/^[\w\-./:=@,+% \t]+$/.test(trimmed)) return undefined;
  const words = wordsOf(trimmed);
  const [first = ''] = words;
  if (first.includes('=') || shellWords.has(first)) return undefined;
  return words;
}

const shellWords = new Set(
  'if then else elif fi for while until do done case esac select function time coproc eval exec source . command builtin'.split(
    ' ',
  ),
);

function beginsWith(words: readonly string[], beginning: readonly string[]): boolean {
  return beginning.length > 0 && beginning.every((word, at) => words[at] === word);
}

/**
 * Whether a denied beginning could run in a command line. Errs on the side of yes: quotes and backslashes are dropped,
 * every operator begins a command, and so does every word, since `env`, `xargs` or `sh -c` hand the rest on.
 */
function couldRun(command: string, rule: string): boolean {
  const beginning = wordsOf(rule);
  const words = command
    .replace(/['"\\]/g, '')
    .split(/[\s;&|()<>{}`$!]+/)
    .filter(Boolean);
  return words.some(
    (_, at) =>
      beginsWith([baseName(words[at] ?? ''), ...words.slice(at + 1)], beginning) ||
      beginsWith(words.slice(at), beginning),
  );
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}

function wordsOf(text: string): string[] {
  return text.split(/[ \t]+/).filter(Boolean);
}
