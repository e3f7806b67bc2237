import { secretForms } from '../../../base/secretForms';

/**
 * Takes values out of everything an agent says before it is recorded or shown (law L6): it was given them, and it may
 * repeat them. Applies to texts anywhere in a value that is made of JSON.
 */
export function withoutSecrets(secrets: readonly string[]): <T>(value: T) => T {
  const forms = secrets.filter((secret) => secret.length >= 8).flatMap(secretForms);
  return (value) => {
    if (forms.length === 0) return value;
    const text = JSON.stringify(value);
    const clean = forms.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text);
    return clean === text ? value : (JSON.parse(clean) as typeof value);
  };
}
