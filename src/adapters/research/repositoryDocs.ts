import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import MiniSearch from 'minisearch';
import { decodeText } from '../../base/decodeText';
import { ok } from '../../base/result';
import type { ResearchSource } from '../../core/planning/researchSource';
import { sectionsOf, type Section } from './sections';

export interface RepositoryDocsOptions {
  /** A folder that shows the commit a run starts from. */
  readonly root: string;
  /** Tracked paths of that commit, with `/`. */
  readonly paths: () => Promise<readonly string[]>;
}

const maxFiles = 400;
const maxFileBytes = 256 * 1024;
const maxAllBytes = 6 * 1024 * 1024;
const findings = 2;
const answerChars = 1200;

/**
 * Answers questions out of the documents of a repository: the sections whose words fit best (BM25+), each with the place
 * it stands at. Nothing leaves the machine, so nobody is asked.
 */
export function createRepositoryDocs(options: RepositoryDocsOptions): ResearchSource {
  let index: Promise<Index> | undefined;
  return {
    name: 'The documents of the repository',
    prepare: async () => {
      index = indexOf(options);
      const { problems } = await index;
      return problems;
    },
    answer: async (question) => {
      index ??= indexOf(options);
      const { search, sections } = await index;
      const results = search.search(question.text, { combineWith: 'OR', boost: { title: 2 } });
      const [best] = results;
      // What shares one word of many with the question is no answer to it.
      const enough = results.filter(
        ({ score, queryTerms }) => score > (best?.score ?? 0) / 3 && isAbout(queryTerms, question.text),
      );
      return ok(
        enough.slice(0, findings).flatMap(({ id }) => {
          const section = sections[Number(id)];
          return section ? [{ question: question.text, ...answerOf(section) }] : [];
        }),
      );
    },
    close: () => Promise.resolve(),
  };
}

interface Index {
  readonly search: MiniSearch;
  readonly sections: readonly Section[];
  readonly problems: readonly string[];
}

async function indexOf({ root, paths }: RepositoryDocsOptions): Promise<Index> {
  const documents = (await paths()).filter(isDocument).sort(byWorth);
  const sections: Section[] = [];
  let bytes = 0;
  for (const path of documents.slice(0, maxFiles)) {
    const text = await textOf(root, path);
    bytes += text.length;
    if (bytes > maxAllBytes) break;
    sections.push(...sectionsOf(path, text));
  }
  const search = new MiniSearch({ fields: ['title', 'text'], processTerm });
  search.addAll(sections.map(({ title, text }, id) => ({ id, title, text })));
  const isCut = documents.length > maxFiles || bytes > maxAllBytes;
  return {
    search,
    sections,
    problems: isCut ? ['Only a part of the repository’s documents was searched.'] : [],
  };
}

function isDocument(path: string): boolean {
  return (
    /\.(md|mdx|markdown|rst|adoc|txt)$/i.test(path) &&
    !/(^|\/)(node_modules|vendor|fixtures?|__snapshots__|licenses?)\//i.test(path) &&
    !/(^|\/)(licen[cs]e|copying|notice|requirements.*|robots)(\.\w+)?$/i.test(path)
  );
}

/** What is written for readers goes first: the top of the repository, then folders of documents, then the rest. */
function byWorth(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(path: string): number {
  if (!path.includes('/')) return 0;
  return /(^|\/)(docs?|documentation|adrs?|decisions|rfcs?|wiki)\//i.test(path) ? 1 : 2;
}

/** Words that say nothing about what a text is about. */
const stopWords = new Set(
  `a about after all also an and any are as at be been before best but by can could do does for from get has have how i if in
  into is it its make more must need new no not of on one or our out practices should so some than that the their them then
  there these they this to up use used using was we were what when where which while who why will with would you your
  add change fix implement update please`.split(/\s+/),
);

/** Lower case, without the endings that only say how a word is used; undefined for a word that says nothing. */
function processTerm(term: string): string | null {
  const word = term.toLowerCase();
  if (stopWords.has(word) || /^\d+$/.test(word) || word.length < 2) return null;
  return word.length > 4 ? word.replace(/(?:ies)$/, 'y').replace(/(?:ing|ed|es|s)$/, '') : word;
}

/** At least two words of the question, or the only one it has. */
function isAbout(found: readonly string[], question: string): boolean {
  const words = new Set(question.split(/[^\p{L}\p{N}]+/u).map(processTerm));
  words.delete(null);
  return new Set(found).size >= Math.min(2, words.size);
}

function answerOf({ path, line, title, text }: Section): { answer: string; source: string } {
  const whole = title === '' ? text : `${title}\n${text}`;
  const answer = whole.length <= answerChars ? whole : `${whole.slice(0, answerChars)}…`;
  return { answer, source: `${path}:${line}` };
}

/** Empty for what is no text, is too large or is a link: that could show anything of the disk. */
async function textOf(root: string, path: string): Promise<string> {
  try {
    const [top, file] = await Promise.all([realpath(root), realpath(join(root, path))]);
    if (file !== join(top, path) || (await stat(file)).size > maxFileBytes) return '';
    const decoded = decodeText(await readFile(file));
    return decoded.ok ? decoded.value : '';
  } catch (error) {
    // Not in this checkout (a sparse one), or not readable: there is nothing to search.
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
