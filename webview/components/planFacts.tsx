import type { RunDetail } from '../../src/protocol/runModel';

/** How the task was judged and planned, and what the plan guards against. */
export function PlanFacts({ run }: { run: RunDetail }) {
  const { analysis, plan, facts } = run;
  const risks = plan && plan.risks.length > 0 ? plan.risks : (analysis?.risks ?? []);
  return (
    <div class="plan-facts">
      {plan?.rationale && <p>{plan.rationale}</p>}
      <dl class="facts">
        {analysis && (
          <Fact
            name="Complexity"
            value={`${analysis.complexity}, ${analysis.priority} priority (judged by ${analysis.by})`}
          />
        )}
        {analysis && (
          <Fact
            name="Estimate"
            value={`${analysis.estimateMinutes.low} to ${analysis.estimateMinutes.high} minutes`}
          />
        )}
        {analysis && <Fact name="Domains" value={analysis.domains.join(', ')} />}
        {plan && <Fact name="Plan" value={`revision ${plan.revision}, from ${plan.source ?? plan.origin}`} />}
        <Fact name="Model" value={facts.model === 'offline' ? 'none' : facts.model} />
        <Fact
          name="Starts from"
          value={`${facts.baseKind === 'head' ? 'commit' : 'snapshot'} ${facts.baseCommit.slice(0, 10)}`}
        />
        {facts.localChanges > 0 && (
          <Fact
            name="Left alone"
            value={`${facts.localChanges} files with local changes are not part of the run`}
          />
        )}
        <Fact name="Limits" value={limits(facts)} />
      </dl>
      {risks.length > 0 && (
        <ul class="risks" aria-label="Risks">
          {risks.map(({ risk, mitigation }) => (
            <li key={risk}>
              {risk} <span class="quiet">{mitigation}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  if (value === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function limits(facts: RunDetail['facts']): string {
  const parts = [`${facts.maxParallel} side by side`];
  if (facts.maxMinutes !== null) parts.push(`${facts.maxMinutes} minutes`);
  if (facts.maxCostUsd !== null) parts.push(`$${facts.maxCostUsd}`);
  if (facts.maxTokens !== null) parts.push(`${facts.maxTokens} tokens`);
  return parts.join(', ');
}
