import { useId, useState } from 'preact/hooks';
import { durationText, taskStateLabel } from '../../src/protocol/labels';
import type { RunDetail, TaskItem } from '../../src/protocol/runModel';
import { Icon } from './icon';
import { ProgressBar } from './progressBar';
import { StateMark, taskLook } from './stateMark';
import { TaskDetails } from './taskDetails';

/** One task in a list; unfolds into its details. */
export function TaskRow({ run, task }: { run: RunDetail; task: TaskItem }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <li class="task">
      <button class="task-head" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        <StateMark look={taskLook(task.state)} />
        <span class="task-text">
          <span class="task-title">{task.title}</span>
          <span class="task-note">
            <span class="task-agent">{task.agent}</span>
            <span class="task-activity">{noteOf(task)}</span>
          </span>
        </span>
        <span class="task-chevron">
          <Icon name="chevron" />
        </span>
      </button>
      {task.state === 'running' && task.percent !== null && (
        <ProgressBar percent={task.percent} label={`Progress of ${task.title}`} />
      )}
      <div id={id} hidden={!isOpen}>
        {isOpen && <TaskDetails run={run} task={task} isSaidAbove={task.state !== 'done'} />}
      </div>
    </li>
  );
}

function noteOf(task: TaskItem): string {
  const percent = task.percent === null ? '' : ` ${Math.round(task.percent)}%`;
  if (task.state === 'running') return `${task.activity ?? 'Running'}${percent}`;
  const took =
    task.startedAt !== null && task.finishedAt !== null
      ? ` in ${durationText(Date.parse(task.finishedAt) - Date.parse(task.startedAt))}`
      : '';
  const said = task.activity !== null && task.state !== 'done' ? `: ${task.activity}` : '';
  return `${taskStateLabel(task.state)}${took}${said}`;
}
