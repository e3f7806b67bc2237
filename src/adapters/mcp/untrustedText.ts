import { stripVTControlCharacters } from 'node:util';
import { secretForms } from '../../base/secretForms';
import { BoundedText } from '../process/boundedText';

/**
 * Text of a server, fit to be read by a model and shown to a person: no control sequences, no characters that nobody
 * sees (with them a description can say something else to a model than to a person), no secrets, no more than the given
 * number of characters (head and tail).
 */
export function untrustedText(text: string, maxChars: number, secrets: readonly string[] = []): string {
  // A bound before the work, because the work takes time in proportion to the length.
  const bounded = bound(text, 2 * maxChars);
  const visible = stripVTControlCharacters(bounded.replace(/\r\n?/g, '\n')).replace(invisible, '');
  return bound(withoutSecrets(visible, secrets), maxChars);
}

/** The same in one line. */
export function untrustedLine(text: string, maxChars: number, secrets: readonly string[] = []): string {
  const line = untrustedText(text.slice(0, 4 * maxChars), 4 * maxChars, secrets)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1)}…`;
}

/** Joiners stay: words of some languages need them. */
const invisible = /(?![\n\t])\p{Cc}|(?![\u200c\u200d])\p{Cf}|[\u{e0100}-\u{e01ef}]/gu;

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap(secretForms);
  return forms.reduce((rest, form) => rest.replaceAll(form, '[secret]'), text);
}

function bound(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const bounded = new BoundedText(maxChars);
  bounded.append(text);
  return bounded.text();
}
