import type { RunDetail } from '../../src/protocol/runModel';
import { TaskRow } from './taskRow';

export function TaskList({ run }: { run: RunDetail }) {
  return (
    <ul class="tasks">
      {run.tasks.map((task) => (
        <TaskRow key={task.id} run={run} task={task} />
      ))}
    </ul>
  );
}
