import { useState } from 'preact/hooks';
import { countText, durationText } from '../../src/protocol/labels';
import type { AttemptItem, RunDetail, TaskItem } from '../../src/protocol/runModel';
import { useSession } from '../state/session';
import { Icon } from './icon';
import { Messages } from './messages';

/** A task's contract, who does it and why, and what each attempt came to. */
export function TaskDetails(props: {
  run: RunDetail;
  task: TaskItem;
  /** What it does or asks stands above already. */
  isSaidAbove?: boolean;
}) {
  const { run, task, isSaidAbove = false } = props;
  const { runId } = run.item;
  const isChangeable = run.actions.includes('changePlan');
  const { send } = useSession();
  return (
    <div class="task-details">
      {task.activity && !isSaidAbove && <p class="task-said">{task.activity}</p>}
      {task.kind === 'agent' && task.state === 'running' && <Steer runId={runId} task={task} />}
      <Messages run={run} taskId={task.id} />
      <pre class="instruction" tabIndex={0} aria-label={task.kind === 'command' ? 'Command' : 'Instruction'}>
        {task.instruction}
      </pre>
      <dl class="facts">
        <Fact name="Agent" value={task.agent} note={task.agentReasons.join('; ')} />
        <Fact name="Needs" value={task.needs.join(', ')} />
        <Fact name="May change" value={task.scope.join(', ') || 'any file'} />
        <Fact name="Gates" value={task.gates.join(', ')} />
        <Fact name="Estimate" value={`${task.estimateMinutes.low} to ${task.estimateMinutes.high} min`} />
        {task.priority !== 'normal' && <Fact name="Priority" value={task.priority} />}
      </dl>
      {isChangeable && !settled.includes(task.state) && (
        <vscode-button
          class="task-change"
          appearance="secondary"
          title="Another agent, priority, order or scope, or not at all; you see what it comes to first"
          onClick={() => send({ type: 'changeTask', runId, taskId: task.id })}
        >
          <Icon name="edit" />
          Change task
        </vscode-button>
      )}
      {task.acceptance.length > 0 && (
        <ul class="criteria" aria-label="Acceptance criteria">
          {task.acceptance.map((criterion) => (
            <li key={criterion}>{criterion}</li>
          ))}
        </ul>
      )}
      {task.attempts.length > 0 && (
        <ol class="attempts" aria-label="Attempts">
          {task.attempts.map((attempt) => (
            <Attempt key={attempt.attempt} attempt={attempt} />
          ))}
        </ol>
      )}
    </div>
  );
}

/** Tasks of which nothing can be changed any more. */
const settled: readonly TaskItem['state'][] = ['integrating', 'done', 'cancelled'];

function Fact({ name, value, note = '' }: { name: string; value: string; note?: string }) {
  if (value === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {value}
        {note && <span class="quiet"> ({note})</span>}
      </dd>
    </>
  );
}

function Attempt({ attempt }: { attempt: AttemptItem }) {
  const took =
    attempt.finishedAt === null
      ? ''
      : ` in ${durationText(Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt))}`;
  const steps = attempt.steps > 0 ? `, ${countText(attempt.steps, 'step')}` : '';
  return (
    <li>
      <span class="quiet">
        Attempt {attempt.attempt} by {attempt.agent}: {attempt.outcome}
        {took}
        {steps}
      </span>
      {attempt.outcome === 'failed' && attempt.text && <span class="attempt-text"> {attempt.text}</span>}
      {attempt.claims && attempt.claims.length > 0 && <Claims claims={attempt.claims} />}
    </li>
  );
}

/** Only what the host confirmed stands there unstruck. */
function Claims({ claims }: { claims: NonNullable<AttemptItem['claims']> }) {
  return (
    <ul class="claims" aria-label="Claims of the agent">
      {claims.map(({ claim, verdict, evidence }) => (
        <li key={claim} class={`claim claim-${verdict}`}>
          {verdict === 'confirmed' ? claim : <s>{claim}</s>}{' '}
          <span class="quiet">
            {verdict}: {evidence}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A word to the agent while it works; it reads it at its next step. */
function Steer({ runId, task }: { runId: string; task: TaskItem }) {
  const { send } = useSession();
  const [text, setText] = useState('');
  const [sent, setSent] = useState<string | null>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim() === '') return;
    send({ type: 'steer', runId, taskId: task.id, text: text.trim() });
    setSent(text.trim());
    setText('');
  };
  return (
    <form class="steer" onSubmit={submit}>
      <vscode-text-field
        aria-label={`Message to the agent of ${task.title}`}
        placeholder="Tell the agent"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event: KeyboardEvent) => event.key === 'Enter' && submit(event)}
      />
      <vscode-button appearance="secondary" disabled={text.trim() === ''} onClick={submit}>
        Send
      </vscode-button>
      {sent !== null && (
        <p class="steer-sent quiet" role="status">
          Sent, read at its next step: “{sent}”
        </p>
      )}
    </form>
  );
}
