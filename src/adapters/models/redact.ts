import { secretForms } from '../../base/secretForms';

/** Replaces every secret in a text, in whatever way it is written. Source: law L6 of the threat model. */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret.length >= 4).flatMap(secretForms);
  return forms.reduce((clean, form) => clean.replaceAll(form, '[redacted]'), text);
}
