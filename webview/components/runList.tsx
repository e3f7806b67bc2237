import { agoText, runStateLabel } from '../../src/protocol/labels';
import type { RunItem } from '../../src/protocol/runModel';
import { useSession } from '../state/session';
import { useNow } from '../state/useNow';
import { runLook, StateMark } from './stateMark';

/** Runs, newest first; the shown one is marked. */
export function RunList({ runs, shown }: { runs: readonly RunItem[]; shown: string | null }) {
  const { send } = useSession();
  const nowMs = useNow(false);
  return (
    <ul class="runs">
      {runs.map((item) => (
        <li key={item.runId}>
          <button
            class="run-row"
            aria-current={item.runId === shown ? 'true' : undefined}
            onClick={() => send({ type: 'select', runId: item.runId })}
          >
            <StateMark look={runLook(item)} />
            <span class="run-row-text">
              <span class="run-row-title">{item.request}</span>
              <span class="quiet">
                {runStateLabel(item)}
                {item.tasks.total > 0 && ` · ${item.tasks.done}/${item.tasks.total}`}
                {` · ${agoText(item.startedAt, nowMs)}`}
              </span>
            </span>
            {item.approvals > 0 && <span class="count">{item.approvals}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
