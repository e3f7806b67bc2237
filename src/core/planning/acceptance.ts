import type { Task } from '../model/plan';
import { wordsIn } from './vocabulary';

/** Words that say a criterion is about what a gate decides. */
const deciders: Readonly<Record<string, readonly string[]>> = {
  types: ['types', 'type check', 'type checks', 'typecheck', 'type errors', 'compiles', 'compile', 'tsc'],
  lint: ['lint', 'linter', 'lints', 'eslint', 'biome'],
  tests: ['test', 'tests', 'tested', 'coverage', 'suite', 'spec', 'specs'],
  build: ['build', 'builds', 'bundle', 'bundles'],
  audit: ['audit', 'vulnerability', 'vulnerabilities', 'advisory', 'advisories'],
  secrets: ['secret', 'secrets', 'credential', 'credentials'],
};

export interface Criterion {
  readonly text: string;
  /** Gates of the task that bear on it; empty: a person has to decide. */
  readonly gates: readonly string[];
}

/** Which of a task's gates bear on each of its acceptance criteria. What none bears on is for the person. */
export function acceptanceOf(task: Pick<Task, 'acceptance' | 'gates'>): Criterion[] {
  return task.acceptance.map((text) => ({
    text,
    gates: task.gates.filter((gate) => wordsIn(text, deciders[gate] ?? [gate]).length > 0),
  }));
}
