import type { RunDetail } from '../../src/protocol/runModel';
import { CodeText } from './codeText';

const person = 'person';

/** What the agent of a task wrote to others and what was written to it, oldest first, as far as the run's log reaches back. */
export function Messages({ run, taskId }: { run: Pick<RunDetail, 'activity' | 'tasks'>; taskId: string }) {
  const lines = run.activity.flatMap(({ seq, message }) => (message ? [{ seq, ...message }] : []));
  const own = lines.filter(({ from, to }) => from === taskId || to === taskId);
  if (own.length === 0) return null;
  const nameOf = (end: string) =>
    end === person ? 'a person' : (run.tasks.find(({ id }) => id === end)?.title ?? end);
  return (
    <ul class="messages" aria-label="Messages">
      {own.map(({ seq, from, to, text }) => (
        <li key={seq}>
          <span class="quiet">{from === taskId ? `To ${nameOf(to)}: ` : `From ${nameOf(from)}: `}</span>
          <CodeText>{text}</CodeText>
        </li>
      ))}
    </ul>
  );
}
