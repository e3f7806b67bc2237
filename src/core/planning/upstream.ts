import type { Handoff } from '../model/handoff';
import type { Task } from '../model/plan';
import { cut } from './cut';
import { fenced } from './planPrompt';

/** What a task that was needed left behind: what its agent says of it, and what the host knows. */
export interface Upstream {
  readonly task: Pick<Task, 'id' | 'title'>;
  /** In the agent's own words. */
  readonly summary: string;
  readonly handoff?: Handoff;
  /** Files that differ, with how they do: `modified src/a.ts`. */
  readonly files: readonly string[];
  /** Gates its result passed. */
  readonly passed: readonly string[];
  /** Unified diff of its result; cut here to a bounded length. */
  readonly diff: string;
}

const diffChars = 12_000;
const allDiffsChars = 30_000;
const summaryChars = 4_000;
const shownFiles = 60;

/** One section for each task that was needed, for the briefing of who builds on it. */
export function upstreamSections(upstream: readonly Upstream[]): string[] {
  const each = Math.min(diffChars, Math.floor(allDiffsChars / Math.max(1, upstream.length)));
  return upstream.map((part) =>
    [
      `## What ${part.task.id} (${part.task.title}) handed over`,
      cut(part.summary, summaryChars),
      ...handoffText(part.handoff),
      provenText(part),
      part.diff.trim() === '' ? '' : fenced(cut(part.diff, each), 'diff'),
    ]
      .filter((text) => text.trim() !== '')
      .join('\n\n'),
  );
}

function handoffText(handoff: Handoff | undefined): string[] {
  if (!handoff) return [];
  const parts: [string, readonly string[]][] = [
    ['You may rely on:', handoff.interfaces],
    ['It decided:', handoff.decisions],
    ['It left open:', handoff.open],
  ];
  return parts.filter(([, lines]) => lines.length > 0).map(([title, lines]) => `${title}\n${list(lines)}`);
}

/** What the host knows, apart from what the agent said. */
function provenText({ files, passed }: Upstream): string {
  if (files.length === 0) return 'It changed no file.';
  const more = files.length - shownFiles;
  const shown = [...files.slice(0, shownFiles), ...(more > 0 ? [`and ${more} more`] : [])];
  const gates = passed.length > 0 ? `\n\nIts result passed: ${passed.join(', ')}.` : '';
  return `It changed:\n${list(shown)}${gates}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
