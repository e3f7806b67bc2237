import type { Work } from '../model/plan';
import { normalised, roleNames, rolesOf, subjectsOf } from './vocabulary';

/** What a task asks of whoever does it, in the words of the vocabulary. */
export interface TaskNeeds {
  readonly work: Work;
  /** Kinds of work, the one that leads first. */
  readonly roles: readonly string[];
  readonly subjects: readonly string[];
  /** As words between blanks. */
  readonly title: string;
  readonly prompt: string;
}

/** Words of the title weigh more than those of the prompt: a long prompt mentions much in passing. */
export function needsOf(
  task: { readonly title: string; readonly work: Work },
  domains: readonly string[] = [],
): TaskNeeds {
  const { work, title } = task;
  const prompt = textOf(work);
  if (work.kind === 'check' || work.kind === 'analysis') {
    const wanted = work.kind === 'check' ? work.gates.map((gate) => `gate:${gate}`) : [`analysis:${work.of}`];
    return { work, roles: wanted, subjects: [], title, prompt };
  }
  // Unless it leads, "change" or "add" says nothing about who should do it.
  const roles = unique([...rolesOf(title), ...rolesOf(prompt).slice(0, 3)]).filter(
    (role, index) => index === 0 || role !== 'implementation',
  );
  const subjects = unique([
    ...subjectsOf(title),
    ...subjectsOf(prompt).slice(0, 4),
    ...(work.kind === 'agent' ? domains.filter(isSubject) : []),
  ]);
  return { work, roles, subjects, title: normalised(title), prompt: normalised(prompt) };
}

function textOf(work: Work): string {
  switch (work.kind) {
    case 'agent':
      return work.prompt;
    case 'command':
      return work.run;
    case 'check':
      return work.gates.join(' ');
    case 'analysis':
      return work.of;
  }
}

function isSubject(domain: string): boolean {
  return domain !== 'general' && !roleNames.includes(domain);
}

/** Everything but a pure review, design or research may have to write. */
export function changesFiles({ work, roles: [first] }: TaskNeeds): boolean {
  return work.kind === 'agent' && first !== 'review' && first !== 'research' && first !== 'architecture';
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
