import type { Analysis } from '../model/plan';
import type { RepositoryDigest } from './repositoryDigest';

/** A question to be answered before planning. */
export interface ResearchQuestion {
  readonly text: string;
  /** The library of the repository it is about, where it names one. */
  readonly library?: string;
}

export interface QuestionFacts {
  /** The task in the person's words. */
  readonly request: string;
  readonly analysis: Pick<Analysis, 'research' | 'domains'>;
  readonly digest: Pick<RepositoryDigest, 'languages'>;
  /** Names of the libraries the repository declares. */
  readonly dependencies: readonly string[];
  /** `2026-11-20`, or any ISO 8601 that begins like that. */
  readonly today: string;
}

export const defaultQueries: readonly string[] = ['{task}', 'best practices for {technology} {current_date}'];

const maxQuestions = 6;
const maxLibraries = 2;
const taskChars = 300;

/**
 * The questions of a run: the templates with their words put in, then what the analysis wants to know; each once, six at
 * most. In braces may stand `{task}`, `{technology}` (the libraries the task names, else the main language: one question
 * for each), `{language}`, `{domain}`, `{current_date}` and `{current_year}`. A template whose word is not known here is
 * left out; one with a word nobody knows is a problem.
 */
export function researchQuestions(
  templates: readonly string[],
  facts: QuestionFacts,
): { questions: ResearchQuestion[]; problems: string[] } {
  const libraries = librariesIn(facts.request, facts.dependencies);
  const problems = templates.flatMap((template) => unknownWords(template));
  const asked = templates
    .filter((template) => unknownWords(template).length === 0)
    .flatMap((template) => filled(template, facts, libraries));
  const [library] = libraries;
  const wanted = facts.analysis.research.map((text) => ({
    text,
    ...(library === undefined ? {} : { library }),
  }));
  const questions = new Map<string, ResearchQuestion>();
  for (const question of [...asked, ...wanted]) {
    const key = question.text.toLowerCase();
    if (!questions.has(key)) questions.set(key, question);
  }
  return { questions: [...questions.values()].slice(0, maxQuestions), problems };
}

const known = new Set(['task', 'technology', 'language', 'domain', 'current_date', 'current_year']);

function unknownWords(template: string): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)].flatMap(([, word = '']) =>
    known.has(word)
      ? []
      : [`The research query ${JSON.stringify(template)} was not asked: {${word}} is not known.`],
  );
}

function filled(
  template: string,
  { request, analysis, digest, today }: QuestionFacts,
  libraries: readonly string[],
): ResearchQuestion[] {
  const language = digest.languages.find((one) => !one.language.startsWith('.'))?.language;
  const fixed: Record<string, string | undefined> = {
    task: cutLine(request, taskChars),
    language,
    domain: analysis.domains[0],
    current_date: today.slice(0, 10),
    current_year: today.slice(0, 4),
  };
  const technologies = libraries.length > 0 ? libraries : [language];
  const each = template.includes('{technology}') ? technologies : [libraries[0]];
  return each.flatMap((technology) => {
    const words: Record<string, string | undefined> = { ...fixed, technology };
    const names = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, word = '']) => word);
    if (names.some((name) => words[name] === undefined || words[name] === '')) return [];
    const text = template.replace(/\{([^{}]*)\}/g, (_, word: string) => words[word] ?? '').trim();
    const library = technology !== undefined && libraries.includes(technology) ? technology : undefined;
    return [{ text, ...(library === undefined ? {} : { library }) }];
  });
}

/** Those a text names as whole words, in the order of the text; a scope may be left out of a name. */
function librariesIn(text: string, dependencies: readonly string[]): string[] {
  const found = dependencies.flatMap((name) => {
    const short = name.slice(name.lastIndexOf('/') + 1);
    const places = [name, short].filter((word) => word.length > 1).map((word) => placeOfWord(text, word));
    const at = Math.min(...places.filter((place) => place >= 0));
    return Number.isFinite(at) ? [{ name, at }] : [];
  });
  return found
    .sort((a, b) => a.at - b.at || a.name.length - b.name.length)
    .slice(0, maxLibraries)
    .map(({ name }) => name);
}

function placeOfWord(text: string, word: string): number {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.search(new RegExp(`(?<![\\w@/-])${escaped}(?![\\w/-])`, 'i'));
}

function cutLine(text: string, maxChars: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1)}…`;
}
