import { roleNames, rolesOf, subjectsOf } from '../../../core/planning/vocabulary';

export interface CapabilitySources {
  readonly name: string;
  readonly description: string;
  /** Names of our tools; absent means all of them. */
  readonly tools: readonly string[] | undefined;
  /** What the file lists under `enterprise.capabilities`. */
  readonly declared: readonly string[];
}

const rolesFromDescription = 3;
const subjectsFromDescription = 4;

/**
 * Capabilities of an agent, always the same for the same file, most certain first: what it declares; the kinds of work
 * and subjects its name says; of its description the three kinds of work and four subjects named most; `read-only` when
 * it can change no file.
 * An agent of which no kind of work is said does implementation work if it can edit.
 */
export function capabilitiesOf({ name, description, tools, declared }: CapabilitySources): string[] {
  const canEdit =
    tools === undefined ||
    tools.some((tool) => tool === 'edit' || tool === 'write' || tool === 'apply_patch');
  const found = [
    ...declared,
    ...rolesOf(name),
    ...subjectsOf(name),
    ...rolesOf(description).slice(0, rolesFromDescription),
    ...subjectsOf(description).slice(0, subjectsFromDescription),
  ];
  if (canEdit && !found.some((word) => roleNames.includes(word))) found.push('implementation');
  if (!canEdit) found.push('read-only');
  return [...new Set(found)];
}
