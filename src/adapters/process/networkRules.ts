/**
 * Whether a command line begins with one of the given beginnings, as words: `npm ci` fits `npm ci --ignore-scripts`, not
 * `npm cite`. Only for one plain command: behind an operator or an expansion anything could go out with it.
 */
export function beginsWithOneOf(command: string, beginnings: readonly string[]): boolean {
  const line = command.trim();
  if (!/^[\w\-./:=@,+% \t]+$/.test(line)) return false;
  const words = line.split(/[ \t]+/);
  return beginnings.some((beginning) => {
    const wanted = beginning.split(/[ \t]+/).filter((word) => word !== '');
    return wanted.length > 0 && wanted.every((word, at) => words[at] === word);
  });
}
