import { phaseLabel } from '../../src/protocol/labels';
import type { PhaseName, RunItem } from '../../src/protocol/runModel';
import { runLook } from './stateMark';

const phases: readonly PhaseName[] = ['analysis', 'deployment', 'execution', 'validation', 'delivery'];

/** Where a run is among its five phases. */
export function PhaseTrack({ item }: { item: RunItem }) {
  const current = phases.indexOf(item.phase);
  const isDelivered = item.state === 'delivered';
  const tone = runLook(item).tone;
  return (
    <ol class={`phases ${isDelivered ? 'phases-past' : ''}`} aria-label="Phases">
      {phases.map((phase, index) => {
        const place = index < current || isDelivered ? 'past' : index === current ? 'current' : 'future';
        return (
          <li
            key={phase}
            class={`phase phase-${place} ${place === 'current' ? `tone-${tone}` : ''}`}
            aria-current={place === 'current' ? 'step' : undefined}
          >
            <span class="phase-line">
              {place === 'current' && <span class="phase-fill" style={{ width: `${fillOf(item)}%` }} />}
            </span>
            <span class="phase-name">{phaseLabel(phase)}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** Tasks done, while they are carried out; a phase that cannot be counted is simply where the run is. */
function fillOf({ phase, tasks }: RunItem): number {
  return phase === 'execution' && tasks.total > 0 ? Math.max(4, (tasks.done / tasks.total) * 100) : 100;
}
