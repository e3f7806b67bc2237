import { durationText, isEndedState, taskStateLabel } from '../../src/protocol/labels';
import type { RunDetail } from '../../src/protocol/runModel';
import { timingOf } from '../state/timing';
import { useNow } from '../state/useNow';
import { taskLook } from './stateMark';

/** When each task ran, side by side, on one scale. */
export function Timeline({
  run,
  selected,
  onSelect,
}: {
  run: RunDetail;
  selected: string | null;
  onSelect: (id: string) => void;
}) {
  const timing = timingOf(run, useNow(!isEndedState(run.item.state)));
  return (
    <div class="timeline">
      {timing.bars.map(({ task, startPercent, widthPercent, durationMs }) => (
        <button
          key={task.id}
          class={`timeline-row ${task.id === selected ? 'selected' : ''}`}
          onClick={() => onSelect(task.id)}
          aria-label={`${task.title}, ${taskStateLabel(task.state)}, ${durationText(durationMs)}`}
        >
          <span class="timeline-name">{task.title}</span>
          <span class="timeline-track">
            <span
              class={`timeline-bar tone-${taskLook(task.state).tone}`}
              style={{ left: `${startPercent}%`, width: `max(3px, ${widthPercent}%)` }}
            />
          </span>
          <span class="timeline-time">{durationText(durationMs)}</span>
        </button>
      ))}
      <p class="quiet timeline-foot">
        {durationText(timing.spanMs)} from first to last, {durationText(timing.sequentialMs)} one after
        another
      </p>
    </div>
  );
}
