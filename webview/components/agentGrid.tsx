import type { RunDetail } from '../../src/protocol/runModel';
import { agentCards, type AgentCard } from '../state/agentCards';
import { Icon } from './icon';
import { ProgressBar } from './progressBar';
import type { Tone } from './stateMark';

const looks: Record<AgentCard['state'], { tone: Tone; text: string }> = {
  asking: { tone: 'attention', text: 'Asks you' },
  working: { tone: 'active', text: 'At work' },
  failed: { tone: 'bad', text: 'Failed' },
  waiting: { tone: 'quiet', text: 'Waits' },
  done: { tone: 'good', text: 'Done' },
  idle: { tone: 'quiet', text: 'Idle' },
};

/** Every agent with a part in this run, and what it does now. */
export function AgentGrid({ run, onSelect }: { run: RunDetail; onSelect: (taskId: string) => void }) {
  return (
    <ul class="agents">
      {agentCards(run).map((card) => (
        <li key={card.name}>
          <button
            class={`agent tone-${looks[card.state].tone}`}
            disabled={card.task === null}
            onClick={() => card.task && onSelect(card.task.id)}
          >
            <span class="agent-head">
              <Icon name={card.backend === 'model' ? 'spark' : 'terminal'} />
              <span class="agent-name">{card.name}</span>
              <span class="agent-state">{looks[card.state].text}</span>
            </span>
            <span class="agent-task">{taskText(card)}</span>
            <ProgressBar
              percent={card.total === 0 ? 0 : (card.done / card.total) * 100}
              label={`Tasks of ${card.name} done`}
            />
            <span class="quiet agent-foot">
              {card.done} of {card.total} done
              {card.attempts > card.total && ` · ${card.attempts} attempts`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function taskText({ task, state }: AgentCard): string {
  if (!task) return '';
  return state === 'working' && task.activity ? task.activity : task.title;
}
