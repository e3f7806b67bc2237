import { useEffect, useMemo, useRef } from 'preact/hooks';
import { taskStateLabel } from '../../src/protocol/labels';
import type { TaskItem } from '../../src/protocol/runModel';
import { graphLayout, neighbour, nodeSize } from '../state/graphLayout';
import { StateMark, taskLook } from './stateMark';

/** The plan as a graph. Arrow keys move between tasks; the chosen one shows its details beside the graph. */
export function TaskGraph(props: {
  tasks: readonly TaskItem[];
  selected: string | null;
  onSelect: (id: string) => void;
}) {
  const { tasks, selected, onSelect } = props;
  const shape = JSON.stringify(tasks.map(({ id, needs }) => ({ id, needs })));
  const layout = useMemo(() => graphLayout(JSON.parse(shape) as { id: string; needs: string[] }[]), [shape]);
  const canvas = useRef<HTMLDivElement>(null);
  const isMoving = useRef(false);
  useEffect(() => {
    if (!isMoving.current || selected === null) return;
    isMoving.current = false;
    canvas.current?.querySelector<HTMLElement>(`[data-task="${selected}"]`)?.focus();
  }, [selected]);
  const focusable = selected ?? tasks[0]?.id;
  const onKeyDown = (event: KeyboardEvent, id: string) => {
    const next = neighbour(layout.nodes, id, event.key);
    if (next === undefined) return;
    event.preventDefault();
    isMoving.current = true;
    onSelect(next);
  };
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return (
    <div class="graph" role="group" aria-label="Task graph, arrow keys move between tasks">
      <div
        class="graph-canvas"
        ref={canvas}
        style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
      >
        <svg class="graph-edges" width={layout.width} height={layout.height} aria-hidden="true">
          {layout.edges.map(({ from, to, path }) => (
            <path
              key={`${from} ${to}`}
              d={path}
              class={edgeClass(byId.get(from), byId.get(to), from === selected || to === selected)}
            />
          ))}
        </svg>
        {layout.nodes.map(({ id, x, y }) => (
          <GraphNode
            key={id}
            task={byId.get(id)}
            x={x}
            y={y}
            isSelected={id === selected}
            isFocusable={id === focusable}
            onSelect={() => onSelect(id)}
            onKeyDown={(event) => onKeyDown(event, id)}
          />
        ))}
      </div>
    </div>
  );
}

function GraphNode(props: {
  task: TaskItem | undefined;
  x: number;
  y: number;
  isSelected: boolean;
  isFocusable: boolean;
  onSelect: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}) {
  const { task } = props;
  if (!task) return null;
  const look = taskLook(task.state);
  return (
    <button
      class={`graph-node tone-${look.tone} ${props.isSelected ? 'selected' : ''}`}
      style={{
        left: `${props.x}px`,
        top: `${props.y}px`,
        width: `${nodeSize.width}px`,
        height: `${nodeSize.height}px`,
      }}
      data-task={task.id}
      tabIndex={props.isFocusable ? 0 : -1}
      aria-pressed={props.isSelected}
      aria-label={`${task.title}, ${taskStateLabel(task.state)}${task.needs.length > 0 ? `, needs ${task.needs.join(', ')}` : ''}`}
      title={task.title}
      onClick={props.onSelect}
      onKeyDown={props.onKeyDown}
    >
      <StateMark look={look} />
      <span class="graph-text">
        <span class="graph-title">{task.title}</span>
        <span class="quiet">
          {taskStateLabel(task.state)}
          {task.percent !== null && ` ${Math.round(task.percent)}%`} · {task.agent}
        </span>
      </span>
    </button>
  );
}

function edgeClass(from: TaskItem | undefined, to: TaskItem | undefined, isSelected: boolean): string {
  const isDone = from?.state === 'done';
  const isFlowing = isDone && to !== undefined && taskLook(to.state).tone === 'active';
  return [
    'edge',
    isDone ? 'edge-done' : '',
    isFlowing ? 'edge-flowing' : '',
    isSelected ? 'edge-selected' : '',
  ]
    .filter(Boolean)
    .join(' ');
}
