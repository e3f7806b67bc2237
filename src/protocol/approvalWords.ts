/**
 * Every character of what is decided, made visible: an escape sequence or a direction mark could make a screen show
 * something else than what will happen.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (mark) => {
    if (mark === '\n') return mark;
    const code = mark.codePointAt(0) ?? 0;
    return mark === '\t' ? '\\t' : `\\u{${code.toString(16)}}`;
  });
}

/** What the answers besides "once" mean, for the rule they would add. */
export function scopeText(rule: string): string {
  return (
    `“For this run” also allows ${rule} until this run ends. “Always” writes that rule into the configuration of this ` +
    'machine (config.json in the engine’s state folder, never into the repository), for all later runs of all projects.'
  );
}
