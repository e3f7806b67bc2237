import type { Analysis, Complexity, Estimate, Priority, Risk } from '../model/plan';
import type { RepositoryDigest } from './repositoryDigest';
import { normalised, rolesOf, subjectsOf, wordsIn } from './vocabulary';

export interface AnalysisFacts {
  /** The task in the person's words. */
  readonly request: string;
  readonly digest?: Pick<RepositoryDigest, 'files' | 'languages'>;
}

/**
 * Judges a task by rules over its text and the size of the repository. The same input always gives the same answer.
 *
 * Complexity is a sum of points: breadth of the wording (3 for a rewrite or migration, 2 for "all", "across" ...),
 * separate demands (1 for each beyond the first, at most 4), length (1 per 60 words, at most 3), subjects (1 for each
 * beyond the second, at most 3), size of the repository (1 from 1,000 files, 2 from 10,000), and wording of a whole
 * platform (4); a wording of smallness takes 2 away. Up to 1 is simple, 4 moderate, 8 complex, more is enterprise.
 */
export function analyseTask({ request, digest }: AnalysisFacts): Analysis {
  const subjects = subjectsOf(request);
  const domains = [...rolesOf(request), ...subjects].slice(0, 6);
  const complexity = complexityOf(request, subjects.length, digest?.files ?? 0);
  return {
    complexity,
    priority: priorityOf(request),
    domains: domains.length > 0 ? domains : ['general'],
    estimateMinutes: estimateOf(complexity, domains.length),
    risks: risksOf(request, digest?.files ?? 0),
    research: researchOf(request, subjects),
    by: 'rules',
  };
}

const sweeping = [
  'rewrite',
  'migrate',
  'migration',
  'redesign',
  'rearchitect',
  're architect',
  'port to',
  'from scratch',
  'overhaul',
];
const broad = [
  'all',
  'every',
  'entire',
  'whole',
  'across',
  'everywhere',
  'throughout',
  'codebase',
  'end to end',
  'full',
];
const platform = [
  'enterprise',
  'platform',
  'multi tenant',
  'compliance',
  'distributed',
  'microservices',
  'high availability',
  'sso',
];
const small = [
  'typo',
  'rename',
  'one line',
  'small',
  'tiny',
  'simple',
  'minor',
  'single',
  'just',
  'bump',
  'wording',
  'spelling',
];

function complexityOf(request: string, subjects: number, files: number): Complexity {
  const words = normalised(request).trim().split(' ').length;
  const points =
    (wordsIn(request, sweeping).length > 0 ? 3 : 0) +
    (wordsIn(request, broad).length > 0 ? 2 : 0) +
    (wordsIn(request, platform).length > 0 ? 4 : 0) +
    Math.min(4, demandsIn(request) - 1) +
    Math.min(3, Math.floor(words / 60)) +
    Math.min(3, Math.max(0, subjects - 2)) +
    (files >= 10_000 ? 2 : files >= 1_000 ? 1 : 0) -
    (wordsIn(request, small).length > 0 ? 2 : 0);
  if (points <= 1) return 'simple';
  if (points <= 4) return 'moderate';
  return points <= 8 ? 'complex' : 'enterprise';
}

/** Separate things asked for: list items, or sentences and clauses joined by "and", "then", ";". At least 1. */
function demandsIn(request: string): number {
  const items = request.match(/^\s*(?:[-*•]|\d+[.)])\s+\S/gm)?.length ?? 0;
  const clauses = request
    .split(/[;\n]|\.\s|,?\s+(?:and|then|also|plus)\s+/i)
    .filter((part) => /[a-z]{3}/i.test(part)).length;
  return Math.max(1, items, Math.ceil(clauses / (items > 0 ? 2 : 1)));
}

const unhurried = [
  'not urgent',
  'no hurry',
  'no rush',
  'low priority',
  'nice to have',
  'cosmetic',
  'someday',
  'typo',
  'when you have time',
];
const critical = [
  'outage',
  'production is down',
  'data loss',
  'emergency',
  'critical',
  'hotfix',
  'vulnerability',
  'cve',
  'leak',
  'leaked',
  'p0',
];
const important = [
  'urgent',
  'asap',
  'immediately',
  'important',
  'high priority',
  'crash',
  'crashes',
  'broken',
  'regression',
  'failing',
  'bug',
  'blocker',
  'security',
  'p1',
];

function priorityOf(request: string): Priority {
  if (wordsIn(request, unhurried).length > 0) return 'low';
  if (wordsIn(request, critical).length > 0) return 'critical';
  return wordsIn(request, important).length > 0 ? 'high' : 'normal';
}

const minutes: Readonly<Record<Complexity, Estimate>> = {
  simple: { low: 2, high: 8 },
  moderate: { low: 6, high: 25 },
  complex: { low: 20, high: 75 },
  enterprise: { low: 60, high: 240 },
};

/** Wall time: the interval of the complexity, a tenth longer for each domain beyond the second. */
function estimateOf(complexity: Complexity, domains: number): Estimate {
  const factor = 1 + 0.1 * Math.max(0, domains - 2);
  const { low, high } = minutes[complexity];
  return { low: Math.round(low * factor), high: Math.round(high * factor) };
}

const riskRules: readonly { readonly words: readonly string[]; readonly risk: Risk }[] = [
  {
    words: ['migration', 'migrate', 'database', 'schema', 'sql'],
    risk: {
      risk: 'Stored data or its schema may change in a way that cannot be taken back.',
      mitigation: 'Keep migrations additive and reversible, and try them on a copy before delivery.',
    },
  },
  {
    words: [
      'auth',
      'authentication',
      'authorization',
      'security',
      'password',
      'token',
      'jwt',
      'oauth',
      'encryption',
      'permission',
    ],
    risk: {
      risk: 'A mistake opens access that should stay closed.',
      mitigation: 'Have a person review the change, and test what must be refused as well as what must work.',
    },
  },
  {
    words: ['upgrade', 'dependency', 'dependencies', 'bump', 'package', 'packages'],
    risk: {
      risk: 'A new version of a dependency behaves differently where no test looks.',
      mitigation:
        'Upgrade one dependency per task, read its changelog, and compare the gates before and after.',
    },
  },
  {
    words: ['refactor', 'rewrite', 'rename', 'restructure', 'overhaul', 'redesign', 'extract'],
    risk: {
      risk: 'Behaviour changes although only the structure was meant to.',
      mitigation:
        'Pin the present behaviour with tests first, and change in small steps that each pass the gates.',
    },
  },
  {
    words: ['api', 'endpoint', 'endpoints', 'public', 'interface', 'breaking', 'graphql', 'rest'],
    risk: {
      risk: 'Callers outside this repository depend on the interface that changes.',
      mitigation: 'Keep the old form working, or say clearly in the changelog what breaks.',
    },
  },
  {
    words: ['delete', 'remove', 'drop', 'clean up', 'dead code', 'unused'],
    risk: {
      risk: 'Something that looks unused is used in a way a search does not show.',
      mitigation:
        'Look for dynamic uses and configuration before removing, and keep removals in a task of their own.',
    },
  },
  {
    words: ['performance', 'faster', 'optimise', 'optimize', 'cache', 'caching', 'latency'],
    risk: {
      risk: 'The change is not faster, or is faster and wrong.',
      mitigation: 'Measure before and after on the same machine, and keep the results equal.',
    },
  },
  {
    words: ['concurrent', 'concurrency', 'parallel', 'race', 'async', 'lock', 'threads', 'worker'],
    risk: {
      risk: 'Errors of order show only now and then.',
      mitigation: 'Test by forcing the order of events instead of by waiting.',
    },
  },
];

function risksOf(request: string, files: number): Risk[] {
  const risks = riskRules.filter((rule) => wordsIn(request, rule.words).length > 0).map(({ risk }) => risk);
  if (normalised(request).trim().split(' ').length < 4) {
    risks.push({
      risk: 'The request is so short that it can be understood in several ways.',
      mitigation: 'Read the plan before approving it, or add what the result should look like.',
    });
  }
  if (files >= 10_000) {
    risks.push({
      risk: `The repository is large (${files} files): relevant code may be overlooked.`,
      mitigation: 'Name the folders concerned in the scope of each task.',
    });
  }
  return risks;
}

/** Questions whose answers stand in documents rather than in the repository. */
function researchOf(request: string, subjects: readonly string[]): string[] {
  const questions: string[] = [];
  if (wordsIn(request, ['upgrade', 'migrate', 'migration', 'bump']).length > 0) {
    questions.push('Which breaking changes do the changelogs of the versions in between name?');
  }
  if (subjects.includes('security'))
    questions.push('What do current security guides recommend for this kind of change?');
  if (subjects.includes('api'))
    questions.push('Which conventions do the existing interfaces of this repository follow?');
  if (subjects.includes('performance')) questions.push('Where is the time or memory really spent today?');
  if (wordsIn(request, ['integrate', 'integration with', 'sdk', 'third party', 'library']).length > 0) {
    questions.push('What does the documentation of the library or service say about its current version?');
  }
  return questions;
}
