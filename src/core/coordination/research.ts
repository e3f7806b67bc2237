import type { Clock } from '../../base/clock';
import type { ApprovalAnswer, Approval } from '../model/approval';
import type { ResearchFinding } from '../model/handoff';
import { researchQuestions, type QuestionFacts, type ResearchQuestion } from '../planning/researchQuestions';
import { boundedFindings } from '../planning/researchText';
import type { ResearchSource } from '../planning/researchSource';
import type { RunSession } from './runSession';

/** Asks a person, as the run; see `Approvals.ask`. */
export type AskPerson = (question: Omit<Approval, 'id' | 'digest'>) => Promise<ApprovalAnswer>;

/** A checkout of the commit a run starts from. */
export interface BaseFolder {
  readonly path: string;
  readonly commit: string;
}

export interface ResearchDeps {
  /** Templates of questions; see `researchQuestions`. */
  readonly queries: readonly string[];
  /** Who is asked, in the order in which their answers are shown. */
  readonly sources: (session: RunSession, base: BaseFolder, ask: AskPerson) => readonly ResearchSource[];
  /** Names of the libraries the repository declares. */
  readonly dependencies: (base: BaseFolder) => Promise<readonly string[]>;
}

/** Of answering, all sources and questions together; a person who is asked may take longer. */
const limitMs = 90_000;
const findingsPerQuestion = 3;

/**
 * Answers questions about the task before it is planned, and records what was found with its sources. What goes wrong
 * is a problem in the record and stops nothing. Research that is in the journal is not done again.
 */
export async function research(
  facts: Omit<QuestionFacts, 'dependencies' | 'today'>,
  at: { readonly session: RunSession; readonly base: BaseFolder; readonly ask: AskPerson },
  deps: ResearchDeps & { readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const { session, base, ask } = at;
  if (session.view.research) return;
  const dependencies = await deps.dependencies(base);
  const today = deps.clock.now();
  const { questions, problems } = researchQuestions(deps.queries, { ...facts, dependencies, today });
  if (questions.length === 0 && problems.length === 0) return;
  const sources = deps.sources(session, base, ask);
  const answers = await Promise.all(
    sources.map((source) => answersOf(source, questions, deps.clock, signal)),
  );
  if (signal.aborted) return;
  const found = questions.flatMap((_, at) => answers.flatMap((answer) => answer.findings[at] ?? []));
  await session.emit({
    type: 'research.finished',
    findings: boundedFindings(found),
    problems: [...new Set([...problems, ...answers.flatMap((answer) => answer.problems)])],
  });
}

interface Answers {
  /** For each question. */
  readonly findings: readonly (readonly ResearchFinding[])[];
  readonly problems: readonly string[];
}

async function answersOf(
  source: ResearchSource,
  questions: readonly ResearchQuestion[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Answers> {
  const problems: string[] = [];
  const findings: ResearchFinding[][] = [];
  const limit = new AbortController();
  const done = new AbortController();
  const isOver = () => limit.signal.aborted || signal.aborted;
  try {
    problems.push(...(await source.prepare(questions, signal)));
    startLimit(clock, AbortSignal.any([signal, done.signal]), () => limit.abort());
    for (const question of questions) {
      if (isOver()) break;
      const answer = await source.answer(question, AbortSignal.any([signal, limit.signal]));
      findings.push(answer.ok ? answer.value.slice(0, findingsPerQuestion) : []);
      if (!answer.ok && !isOver()) problems.push(answer.failure);
    }
  } catch (error) {
    // A source that breaks must not take the run with it; the record says what happened.
    problems.push(`${source.name} broke: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    done.abort();
    await source.close();
  }
  if (limit.signal.aborted)
    problems.push(`${source.name} was not asked everything: research may take ${limitMs / 1000} s.`);
  return { findings, problems };
}

/** Stops by itself when the signal it is given is aborted. */
function startLimit(clock: Clock, signal: AbortSignal, onOver: () => void): void {
  clock.sleep(limitMs, signal).then(onOver, () => undefined);
}
