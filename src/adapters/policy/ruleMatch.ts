/**
 * The longest of the rules a command begins with.
 * @param words of the command; undefined where the word is only known when it runs, which no rule fits
 * @returns the rule and the number of words it covers
 */
export function longestRule(
  rules: readonly string[],
  words: readonly (string | undefined)[],
): { readonly rule: string; readonly length: number } | undefined {
  let longest: { rule: string; length: number } | undefined;
  for (const rule of rules) {
    const beginning = rule.split(/\s+/).filter(Boolean);
    if (beginning.length === 0 || beginning.length <= (longest?.length ?? 0)) continue;
    const fits = beginning.every((pattern, at) => {
      const word = words[at];
      return word !== undefined && fitsGlob(pattern, word);
    });
    if (fits) longest = { rule, length: beginning.length };
  }
  return longest;
}

/**
 * Whether a text is one a glob means: `*` is any run of characters, `?` any one, all else itself. Takes time in proportion
 * to the two lengths multiplied at worst, whatever the glob is, which a regular expression would not.
 */
export function fitsGlob(glob: string, text: string): boolean {
  let [at, from, star, resume] = [0, 0, -1, 0];
  while (from < text.length) {
    if (at < glob.length && glob[at] === '*') {
      star = at++;
      resume = from;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++resume;
    } else return false;
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}
