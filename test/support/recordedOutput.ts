import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a real tool printed over a repository at /repo, recorded once. */
export function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures/gates/recorded', name), 'utf8');
}
