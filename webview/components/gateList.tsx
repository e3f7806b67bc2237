import type { GateItem, RunDetail } from '../../src/protocol/runModel';
import { GateRow } from './gateRow';

/** Verdicts on the combined result, then on the tasks' trees, then what was there before. */
export function GateList({ run, isShort = false }: { run: RunDetail; isShort?: boolean }) {
  const combined = run.gates.filter((gate) => gate.on === 'combined');
  const shown = isShort && combined.length > 0 ? combined : run.gates;
  const titleOf = new Map(run.tasks.map((task) => [task.id, task.title]));
  return (
    <>
      <ul class="gates">
        {shown.map((gate) => (
          <GateRow key={`${gate.gate} ${gate.on}`} runId={run.item.runId} gate={gate} on={placeOf(gate, titleOf, shown.length === combined.length)} />
        ))}
      </ul>
      {!isShort && run.absences.length > 0 && (
        <details class="absences">
          <summary>Checks that do not apply here ({run.absences.length})</summary>
          <ul>
            {run.absences.map(({ name, reason }) => (
              <li key={name}>
                {name}: <span class="quiet">{reason}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function placeOf(gate: GateItem, titleOf: ReadonlyMap<string, string>, isCombinedOnly: boolean): string {
  if (isCombinedOnly) return '';
  if (gate.on === 'base') return 'before the run';
  return gate.on === 'combined' ? 'combined result' : (titleOf.get(gate.on) ?? gate.on);
}
