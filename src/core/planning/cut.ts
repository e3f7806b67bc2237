/** The beginning of a text, with a line that says how much is missing. */
export function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, maxChars)}\n[cut: ${text.length - maxChars} of ${text.length} characters are not shown]`;
}
