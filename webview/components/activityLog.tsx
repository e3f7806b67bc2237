import { useEffect, useRef } from 'preact/hooks';
import type { RunDetail } from '../../src/protocol/runModel';
import { CodeText } from './codeText';

/** What happened, oldest first; it follows the end unless the person scrolled away from it. */
export function ActivityLog({ run }: { run: RunDetail }) {
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lastSeq = run.activity.at(-1)?.seq;
  useEffect(() => {
    if (list.current && isAtEnd.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lastSeq]);
  const onScroll = () => {
    const element = list.current;
    if (element) isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
  };
  const titleOf = new Map(run.tasks.map((task) => [task.id, task.title]));
  return (
    <div class="activity" ref={list} onScroll={onScroll} tabIndex={0} role="log" aria-label="Activity">
      {run.activity.map((line) => (
        <div key={line.seq} class={`activity-line activity-${line.level}`}>
          <time>{clockText(line.at)}</time>
          <span class="activity-text">
            {line.taskId && <span class="activity-task">{titleOf.get(line.taskId) ?? line.taskId}</span>}
            <CodeText>{line.text}</CodeText>
          </span>
        </div>
      ))}
    </div>
  );
}

function clockText(at: string): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
