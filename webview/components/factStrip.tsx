import { costText, elapsedText, isEndedState, tokenText } from '../../src/protocol/labels';
import type { RunDetail } from '../../src/protocol/runModel';
import { agentCards } from '../state/agentCards';
import { timingOf } from '../state/timing';
import { useNow } from '../state/useNow';

/** The figures of a run at a glance; each one is counted from its events. */
export function FactStrip({ run }: { run: RunDetail }) {
  const nowMs = useNow(!isEndedState(run.item.state));
  const timing = timingOf(run, nowMs);
  const cards = agentCards(run);
  const working = cards.filter((card) => card.state === 'working' || card.state === 'asking').length;
  const judged = run.gates.filter((gate) => gate.on === 'combined' && gate.verdict !== 'running');
  const { usage, facts } = run;
  return (
    <dl class="fact-strip">
      <Figure name="Tasks done" value={`${run.item.tasks.done}`} of={`of ${run.item.tasks.total}`} />
      <Figure name="Agents at work" value={`${working}`} of={`of ${cards.length}`} />
      <Figure
        name="Gates on the result"
        value={judged.length === 0 ? '–' : `${judged.filter((gate) => gate.verdict === 'passed').length}`}
        of={judged.length === 0 ? 'not yet' : `of ${judged.length}`}
      />
      <Figure name="Elapsed" value={elapsedText(timing.elapsedMs)} of={gainText(timing)} />
      <Figure
        name="Tokens"
        value={tokenText(usage.inputTokens + usage.outputTokens)}
        of={facts.maxTokens === null ? '' : `of ${tokenText(facts.maxTokens)}`}
      />
      <Figure
        name="Cost"
        value={facts.model === 'offline' || usage.costUsd === null ? '–' : costText(usage.costUsd)}
        of={costNote(facts, usage)}
      />
    </dl>
  );
}

function costNote(facts: RunDetail['facts'], { costUsd }: RunDetail['usage']): string {
  if (facts.model === 'offline') return 'no model';
  if (costUsd === null) return 'not reported';
  return facts.maxCostUsd === null ? '' : `of ${costText(facts.maxCostUsd)}`;
}

function gainText({ spanMs, sequentialMs }: { spanMs: number; sequentialMs: number }): string {
  return spanMs > 0 && sequentialMs > spanMs * 1.05
    ? `${(sequentialMs / spanMs).toFixed(1)}× side by side`
    : '';
}

function Figure({ name, value, of }: { name: string; value: string; of: string }) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        <span class="figure-value">{value}</span>
        <span class="quiet">{of}</span>
      </dd>
    </div>
  );
}
