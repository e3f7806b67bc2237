/**
 * Every character of what is decided, made visible: an escape sequence or a direction mark could make a screen show
 * something else than what will happen, and so could a letter that nobody sees, a blank that is no space, or a letter of
 * another script among Latin ones.
 */
export function visible(text: string): string {
  return text
    .replace(unseen, (mark) => (mark === '\n' ? mark : mark === '\t' ? '\\t' : coded(mark)))
    .replace(/\p{L}+/gu, (word) => (/[A-Za-z]/.test(word) ? word.replace(lookAlike, coded) : word));
}

/** The blank of Chinese and Japanese texts is as wide as a letter and hides nothing. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]|(?![ \u3000])\p{Zs}/gu;
const lookAlike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu;

function coded(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** What the answers besides "once" mean, for the rule they would add. */
export function scopeText(rule: string): string {
  return (
    `“For this run” also allows, until the run ends, ${rule}. “Always” writes that rule into the configuration of this ` +
    'machine (config.json in the engine’s state folder, never into the repository), for all later runs of all projects.'
  );
}
