import { countText } from '../../src/protocol/labels';
import type { RunDetail } from '../../src/protocol/runModel';

/** What a person weighs before a plan is carried out: how hard, how long, how wide, what it may cost at most. */
export function PlanSummary({ run }: { run: RunDetail }) {
  const { analysis, facts, tasks } = run;
  if (!analysis) return null;
  const { low, high } = analysis.estimateMinutes;
  const first = tasks.filter((task) => task.needs.length === 0).length;
  const parts = [
    `${analysis.complexity}, ${countText(tasks.length, 'task')}`,
    `about ${low === high ? low : `${low} to ${high}`} min`,
    first > 1 ? `${Math.min(first, facts.maxParallel)} side by side` : '',
    facts.maxCostUsd === null ? '' : `at most $${facts.maxCostUsd}`,
  ];
  const text = parts.filter((part) => part !== '').join(' · ');
  return (
    <p class="plan-summary">
      {text.charAt(0).toUpperCase() + text.slice(1)}
      {analysis.basis !== null && <span class="quiet"> · estimated from {analysis.basis}</span>}
    </p>
  );
}
