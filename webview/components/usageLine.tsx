import { costText, countText, tokenText } from '../../src/protocol/labels';
import type { RunDetail } from '../../src/protocol/runModel';

/** What the run has used so far, in one line. */
export function UsageLine({ run }: { run: RunDetail }) {
  const { usage, facts } = run;
  if (usage.modelCalls === 0) {
    return (
      <p class="usage quiet">
        {facts.model === 'offline' ? 'No model takes part in this run.' : `${facts.model}, not called yet`}
      </p>
    );
  }
  const limit = facts.maxCostUsd === null ? '' : ` of ${costText(facts.maxCostUsd)}`;
  return (
    <p class="usage quiet">
      {facts.model} · {countText(usage.modelCalls, 'call')} · {tokenText(usage.inputTokens)} in,{' '}
      {tokenText(usage.outputTokens)} out ·{' '}
      {usage.costUsd === null ? 'cost not reported' : `${costText(usage.costUsd)}${limit}`}
      {usage.costUsd !== null && usage.pricesAsOf !== undefined && ` at list prices of ${usage.pricesAsOf}`}
      {usage.estimatedCalls !== undefined && ' · tokens estimated'}
    </p>
  );
}
