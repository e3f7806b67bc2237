import { decodeText } from '../../base/decodeText';
import { gateInfluence, isManifest } from '../insight/gateInfluence';
import type { Deliverable } from '../model/event';
import type { Worktrees } from '../ports';
import type { RunSession } from './runSession';

/**
 * Says, once, what of a result its own gates depend on. What cannot be read is left out: this is a word to the person
 * and decides nothing.
 */
export async function sayInfluence(
  { session, worktrees }: { readonly session: RunSession; readonly worktrees: Worktrees },
  files: readonly Deliverable[],
  commit: string,
): Promise<void> {
  const { baseCommit } = session.view;
  const textAt = async (at: string, path: string) => {
    const file = await worktrees.fileAt(at, path);
    const text = file.ok && file.value ? decodeText(file.value) : undefined;
    return text?.ok === true ? text.value : undefined;
  };
  const diff = await worktrees.diff(baseCommit, commit, maxDiffChars);
  const paths = files.map(({ path }) => path).filter(isManifest);
  const manifests = await Promise.all(
    paths.slice(0, mostManifests).map(async (path) => ({
      path,
      before: await textAt(baseCommit, path),
      after: await textAt(commit, path),
    })),
  );
  const sentences = gateInfluence({ files, diff: diff.ok ? diff.value : '', manifests });
  const message = [beginning, ...sentences].join(' ');
  if (sentences.length > 0 && influenceSaid(session) !== message)
    await session.emit({ type: 'note', level: 'warning', message });
}

/** What was said last, for whoever decides about the result. */
export function influenceSaid({ events }: RunSession): string | undefined {
  const said = events.findLast((event) => event.type === 'note' && event.message.startsWith(beginning));
  return said?.type === 'note' ? said.message : undefined;
}

const beginning = 'The result changes what its own gates depend on.';
const maxDiffChars = 1_000_000;
const mostManifests = 50;
