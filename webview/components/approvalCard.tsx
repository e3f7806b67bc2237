import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { scopeText, visible } from '../../src/protocol/approvalWords';
import type { ApprovalItem } from '../../src/protocol/runModel';
import { useSession } from '../state/session';
import { Icon } from './icon';

const words: Record<ApprovalItem['kind'], { asks: string; allow: string; deny: string }> = {
  plan: { asks: 'Plan to approve', allow: 'Approve plan', deny: 'Reject' },
  tool: { asks: 'An agent wants to', allow: 'Allow once', deny: 'Deny' },
  delivery: { asks: 'Ready to deliver', allow: 'Deliver', deny: 'Do not deliver' },
  question: { asks: 'An agent asks', allow: 'Answer', deny: 'Decline' },
};

/** A question to the person, with exactly what will happen; the answer is bound to the digest of what is shown. */
export function ApprovalCard(props: {
  runId: string;
  approval: ApprovalItem;
  taskTitle: string | null;
  /** Stands above what is asked. */
  summary: ComponentChildren;
  isAnswering: boolean;
}) {
  const { approval, isAnswering } = props;
  const { send, dispatch } = useSession();
  const [text, setText] = useState('');
  const { asks, allow, deny } = words[approval.kind];
  const isQuestion = approval.kind === 'question';
  const answer = (decision: 'allow' | 'deny', scope?: 'run' | 'always') => {
    if (isAnswering) return;
    dispatch({ type: 'answering', id: approval.id });
    const { id, digest } = approval;
    const held = scope === undefined ? {} : { scope };
    // What is typed under a command says why it is denied; it goes nowhere else.
    const said = isQuestion || decision === 'deny' ? text.trim() || null : null;
    send({ type: 'answer', runId: props.runId, id, digest, decision, ...held, text: said });
  };
  return (
    <article class="approval" aria-label={`${asks}: ${approval.title}`}>
      <Asker asks={asks} taskTitle={props.taskTitle} />
      <h3>{visible(approval.title)}</h3>
      {props.summary}
      <ApprovalDetail approval={approval} />
      {isQuestion && (
        <vscode-text-area
          class="task-box"
          aria-label="Your answer"
          rows={2}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      {approval.rule !== null && <p class="approval-rule quiet">{scopeText(visible(approval.rule))}</p>}
      <div class="approval-row">
        <vscode-button
          disabled={isAnswering || (isQuestion && text.trim() === '')}
          onClick={() => answer('allow')}
        >
          {allow}
        </vscode-button>
        {approval.rule !== null && <LongerAnswers isAnswering={isAnswering} answer={answer} />}
        <vscode-button appearance="secondary" disabled={isAnswering} onClick={() => answer('deny')}>
          {deny}
        </vscode-button>
        <code class="digest" title={`Your answer holds for exactly this text. SHA-256 ${approval.digest}`}>
          {approval.digest.slice(0, 10)}
        </code>
      </div>
      {approval.kind === 'tool' && (
        <WhyNot text={text} setText={setText} isAnswering={isAnswering} deny={() => answer('deny')} />
      )}
    </article>
  );
}

function Asker({ asks, taskTitle }: { asks: string; taskTitle: string | null }) {
  return (
    <p class="approval-kind">
      <Icon name="bell" />
      <span>
        {asks}
        {taskTitle && <span class="quiet"> · {taskTitle}</span>}
      </span>
    </p>
  );
}

/** A denial alone leaves the agent guessing; Enter denies with what is typed. */
function WhyNot(props: {
  text: string;
  setText: (text: string) => void;
  isAnswering: boolean;
  deny: () => void;
}) {
  const { text, setText, isAnswering, deny } = props;
  return (
    <vscode-text-field
      class="approval-why"
      aria-label="Why it is denied; the agent reads it"
      placeholder="Deny and say why"
      disabled={isAnswering}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event: KeyboardEvent) => event.key === 'Enter' && text.trim() !== '' && deny()}
    />
  );
}

/** Answers that add the rule that is shown. */
function LongerAnswers(props: {
  isAnswering: boolean;
  answer: (decision: 'allow', scope: 'run' | 'always') => void;
}) {
  const { isAnswering, answer } = props;
  return (
    <>
      <vscode-button appearance="secondary" disabled={isAnswering} onClick={() => answer('allow', 'run')}>
        For this run
      </vscode-button>
      <vscode-button appearance="secondary" disabled={isAnswering} onClick={() => answer('allow', 'always')}>
        Always
      </vscode-button>
    </>
  );
}

/** How `bash` says where a command runs, before the command itself. */
const commandForm = /^(?:((?:In the|Not in a) sandbox[^\n]*)\n)?(In (?:\/|[A-Z]:)[^\n]+):\n\n([^]+)$/;

/** Every word of the detail, unless the title says it already; where a command runs stands smaller than the command. */
function ApprovalDetail({ approval: { kind, title, detail } }: { approval: ApprovalItem }) {
  if (detail === '' || detail === title) return null;
  const [, sandbox, place, command] = commandForm.exec(detail) ?? [];
  return (
    <>
      <pre
        class={`approval-detail ${kind === 'plan' ? 'approval-plan' : ''}`}
        tabIndex={0}
        aria-label="Exactly what will happen"
      >
        {visible(command ?? detail)}
      </pre>
      {sandbox !== undefined && (
        <p class={`approval-sandbox ${sandbox.startsWith('Not') ? 'approval-warning' : 'quiet'}`}>
          {visible(sandbox)}
        </p>
      )}
      {place !== undefined && <p class="approval-place">{visible(place)}</p>}
    </>
  );
}
