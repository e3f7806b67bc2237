import type { Grant } from '../../core/ports';
import type { ShellScript } from './shellReader';

/** Programs whose first words name what they do, so that the rest may differ. */
const named: readonly [RegExp, number][] = [
  [/^(npm|pnpm|yarn|bun|deno) run [\w:.-]+( |$)/, 3],
  [/^(npm|pnpm|yarn) [a-z][\w:-]*( |$)/, 2],
  [/^(cargo|go|dotnet|mvn|gradle|make|composer|poetry|bundle|mix|gh) [a-z][\w:-]*( |$)/, 2],
  [/^git [a-z][a-z-]*( |$)/, 2],
];

/** What these do stands in files that agents change: scripts of a manifest, targets, tests, settings that are programs. */
const runsTheProject =
  /^(npm|pnpm|yarn|bun|deno) (run|test|t|start|install|i|ci|add|build|lint)\b|^(make|cargo|go|dotnet|mvn|gradle|composer|poetry|bundle|mix) |^(node|python3?|ruby|perl|tsx|pytest|mocha|jest|vitest|eslint|tsc)\b|^\.?[\w-]*\//;

/**
 * The rule a person may give for a command: its plain beginning. Only for one command of plain words; what runs other
 * programs, computes its words or sets variables can be allowed only as it stands, once.
 */
export function grantFor(text: string, { commands, problem }: ShellScript): Grant | undefined {
  if (/[^\w\-./:=@,+% \t'"]/.test(text.trim())) return undefined;
  const [command, ...more] = commands;
  if (problem !== undefined || !command || more.length > 0) return undefined;
  const { words, assigned, redirects } = command;
  if (assigned.length > 0 || redirects.length > 0 || words.length > 12) return undefined;
  if (!words.every((word) => word.kind === 'literal' && /^[\w\-./:=@,+%]+$/.test(word.text)))
    return undefined;
  const line = words.map((word) => word.text).join(' ');
  const length = named.find(([pattern]) => pattern.test(line))?.[1] ?? words.length;
  const value = words
    .slice(0, length)
    .map((word) => word.text)
    .join(' ');
  const changing = runsTheProject.test(value) ? ', whatever the project’s files make them do by then' : '';
  return { kind: 'command', value, text: `commands that begin with "${value}"${changing}` };
}
