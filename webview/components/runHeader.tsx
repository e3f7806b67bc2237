import { countText, elapsedText, isEndedState, runStateLabel } from '../../src/protocol/labels';
import type { RunDetail } from '../../src/protocol/runModel';
import { timingOf } from '../state/timing';
import { useNow } from '../state/useNow';
import { PhaseTrack } from './phaseTrack';
import { RunActions } from './runActions';
import { Pill, runLook } from './stateMark';

/** What the run is, where it stands, and what can be done about it. */
export function RunHeader({ run }: { run: RunDetail }) {
  const { item } = run;
  const isEnded = isEndedState(item.state);
  const nowMs = useNow(!isEnded);
  const { elapsedMs } = timingOf(run, nowMs);
  return (
    <header class="run-header">
      <h2 class="run-title">{item.request}</h2>
      <p class="run-line" role="status">
        <Pill look={runLook(item)}>{runStateLabel(item)}</Pill>
        <span class="quiet">
          {item.tasks.total > 0 && `${item.tasks.done} of ${countText(item.tasks.total, 'task')} done · `}
          <span class="elapsed" aria-hidden="true">
            {elapsedText(elapsedMs)}
          </span>
        </span>
      </p>
      <PhaseTrack item={item} />
      <RunActions run={run} />
    </header>
  );
}
