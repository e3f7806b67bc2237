import { foldRun, type RunView } from '../model/run';
import type { Journal } from '../ports';

/** So many runs are enough to learn from, and reading them delays no plan. */
const mostRuns = 12;
/** A longer journal costs more to read than it teaches. */
const mostEvents = 20_000;

/** The latest runs of a repository, newest first. */
export async function pastRuns(journal: Pick<Journal, 'runs' | 'read'>): Promise<RunView[]> {
  const rows = await journal.runs();
  const short = rows.filter((row) => row.lastSeq <= mostEvents).slice(0, mostRuns);
  const views = await Promise.all(short.map(async ({ runId }) => foldRun(await journal.read(runId))));
  return views.filter((view) => view !== undefined);
}
