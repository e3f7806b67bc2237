import type { RunDetail } from '../../src/protocol/runModel';
import { useSession } from '../state/session';

/** Files the run adds, changes or removes; each opens. */
export function DeliverableList({ run }: { run: RunDetail }) {
  const { send } = useSession();
  return (
    <ul class="files">
      {run.deliverables.map(({ path, change, insertions, deletions }) => (
        <li key={path}>
          <button
            class="file"
            onClick={() => send({ type: 'openFile', runId: run.item.runId, path, line: 1, column: 1 })}
          >
            <span class={`file-change file-${change}`} title={change} aria-label={change}>
              {change.charAt(0).toUpperCase()}
            </span>
            <span class="file-path">{path}</span>
            {insertions !== null && deletions !== null && (
              <span class="file-lines">
                <span class="plus">+{insertions}</span> <span class="minus">−{deletions}</span>
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
