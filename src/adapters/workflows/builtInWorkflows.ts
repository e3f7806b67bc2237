import type { Workflow } from '../../core/coordination/engine';
import type { GateSpec } from '../../core/model/gate';
import type { PlanFile } from '../../core/model/plan';
import { defaultWorkflowName } from '../../core/planning/matchWorkflow';
import type { Fixer, Fixers } from './fixersOf';

export interface WorkflowFacts {
  /** Gates that apply to the repository. */
  readonly gates: readonly GateSpec[];
  readonly fixers: Fixers;
  /** Whether there is source code to analyse. */
  readonly hasCode: boolean;
}

type FileTask = PlanFile['tasks'][number];

/**
 * The workflows that need no model, made of what the repository has. One that would have no task is not offered.
 * `check-and-tidy` always is: it is what a text without a match gets.
 */
export function builtInWorkflows(facts: WorkflowFacts): Workflow[] {
  const tidy = tidyTasks(facts);
  const analyses = analysisTasks(facts.hasCode);
  const fixed = new Set(tidy.map((task) => (task.id === 'lint-fix' ? 'lint' : task.id)));
  const checks = facts.gates.filter((gate) => !fixed.has(gate.name)).map(checkTask);
  const offered = [
    workflow(defaultWorkflowName, { tasks: [...analyses, ...tidy, ...checks] }),
    workflow('tidy', { tasks: tidy }),
    workflow('verify', { tasks: facts.gates.map(checkTask) }),
    workflow('analyse', { tasks: analyses, gates: [] }),
    workflow('document', { tasks: analyses.filter((task) => task.analysis === 'documentation'), gates: [] }),
  ];
  return offered.filter(({ file }) => file.tasks.length > 0);
}

interface Wording {
  readonly description: string;
  /** Words in a task's text that mean this workflow. */
  readonly keywords: string;
}

const wordings = {
  [defaultWorkflowName]: {
    description:
      'Analyses the code base, applies the fixes of its own linter and formatter, and runs every check.',
    keywords: 'check, tidy, clean, cleanup, clean up, improve, quality, health, everything, maintenance',
  },
  tidy: {
    description: 'Applies the fixes of the repository’s own linter and formatter.',
    keywords: 'tidy, lint, linter, eslint, format, formatting, prettier, biome, style, autofix',
  },
  verify: {
    description: 'Runs every check and changes nothing.',
    keywords:
      'verify, test, tests, audit, security, secrets, vulnerabilities, build, types, typecheck, coverage, ci',
  },
  analyse: {
    description: 'Analyses code and documentation and changes nothing.',
    keywords:
      'analyse, analyze, analysis, review, architecture, metrics, complexity, cycles, overview, report',
  },
  document: {
    description: 'Finds out what is documented and what is not, and changes nothing.',
    keywords: 'document, documentation, docs, readme, comments, links',
  },
} as const satisfies Record<string, Wording>;

interface Content {
  readonly tasks: readonly FileTask[];
  /** Gates of the combined tree; all of them when left out. */
  readonly gates?: readonly string[];
}

function workflow(name: keyof typeof wordings, { tasks, gates }: Content): Workflow {
  const { description, keywords } = wordings[name];
  const file: PlanFile = {
    name,
    description,
    tasks: [...tasks],
    ...(gates === undefined ? {} : { gates: [...gates] }),
  };
  return { name, description, source: 'built-in', keywords: keywords.split(', '), file };
}

function analysisTasks(hasCode: boolean): FileTask[] {
  const documentation: FileTask = {
    id: 'analyse-docs',
    title: 'Analyse the documentation',
    analysis: 'documentation',
  };
  return hasCode
    ? [{ id: 'analyse-code', title: 'Analyse the code base', analysis: 'code' }, documentation]
    : [documentation];
}

/** Formatting comes after the linter's fixes, because those leave code the formatter would write differently. */
function tidyTasks({ gates, fixers }: WorkflowFacts): FileTask[] {
  const present = (names: readonly string[]) =>
    names.filter((name) => gates.some((gate) => gate.name === name));
  const tasks: FileTask[] = [];
  if (fixers.lint !== undefined) {
    tasks.push({
      id: 'lint-fix',
      title: 'Fix what the linter can fix',
      agent: 'linter',
      ...work(fixers.lint),
      gates: present(['types', 'lint']),
    });
  }
  if (fixers.format !== undefined) {
    const needs = tasks.map((task) => task.id);
    tasks.push({
      id: 'format',
      title: 'Format the code',
      agent: 'formatter',
      ...work(fixers.format),
      needs,
      gates: present(['format', 'lint']),
    });
  }
  return tasks;
}

function work({ run, accepts }: Fixer): Pick<FileTask, 'run' | 'accepts'> {
  return accepts === undefined ? { run } : { run, accepts: [...accepts] };
}

function checkTask(gate: GateSpec): FileTask {
  return {
    id: `check-${slugOf(gate.name)}`,
    title: `Check: ${gate.title}`,
    activeForm: `Checking: ${gate.title}`,
    check: [gate.name],
  };
}

function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 34)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'gate' : slug;
}
