import type { RunDetail } from '../../src/protocol/runModel';
import { CodeText } from './codeText';
import { Icon } from './icon';

/** What went wrong, and what a person can do about it. */
export function Failures({ run }: { run: RunDetail }) {
  if (run.failures.length === 0) return null;
  return (
    <ul class="failures" aria-label="Failures">
      {run.failures.map((failure, index) => (
        <li key={index} class={`notice tone-${failure.kind === 'gate-inconclusive' ? 'attention' : 'bad'}`}>
          <Icon name={failure.kind === 'gate-inconclusive' ? 'question' : 'warning'} />
          <p>
            {failure.taskId && (
              <strong>
                {run.tasks.find((task) => task.id === failure.taskId)?.title ?? failure.taskId}:{' '}
              </strong>
            )}
            <CodeText>{failure.message}</CodeText>{' '}
            {failure.remedy && (
              <span class="notice-remedy">
                <CodeText>{failure.remedy}</CodeText>
              </span>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
