import type { GateItem, RunDetail } from '../../src/protocol/runModel';
import { GateRow } from './gateRow';

interface Group {
  readonly title: string;
  readonly gates: readonly GateItem[];
}

/** Verdicts on the combined result, then on the tasks' trees, then on what was there before. */
export function GateList({ run }: { run: RunDetail }) {
  const titleOf = new Map(run.tasks.map((task) => [task.id, task.title]));
  return (
    <>
      {groupsOf(run.gates).map(({ title, gates }) => (
        <div key={title} class="gate-group">
          <h3>{title}</h3>
          <GateRows runId={run.item.runId} gates={gates} titleOf={titleOf} />
        </div>
      ))}
      {run.absences.length > 0 && (
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

/** For the panel: the combined result once there is one; until then what is red or running, and how many are green. */
export function ShortGateList({ run }: { run: RunDetail }) {
  const titleOf = new Map(run.tasks.map((task) => [task.id, task.title]));
  const combined = run.gates.filter((gate) => gate.on === 'combined');
  const onTasks = run.gates.filter((gate) => gate.on !== 'combined' && gate.on !== 'base');
  const shown =
    combined.length > 0
      ? combined
      : onTasks.filter((gate) => gate.verdict !== 'passed' && gate.verdict !== 'skipped');
  const passed = onTasks.filter((gate) => gate.verdict === 'passed').length;
  return (
    <>
      <GateRows runId={run.item.runId} gates={shown} titleOf={titleOf} />
      {combined.length === 0 && (
        <p class="quiet gate-count">
          {onTasks.length === 0
            ? 'Looked at the state before the run'
            : `${passed} of ${onTasks.length} passed on the tasks so far`}
        </p>
      )}
    </>
  );
}

function GateRows(props: {
  runId: string;
  gates: readonly GateItem[];
  titleOf: ReadonlyMap<string, string>;
}) {
  return (
    <ul class="gates">
      {props.gates.map((gate) => (
        <GateRow
          key={`${gate.gate} ${gate.on}`}
          runId={props.runId}
          gate={gate}
          on={props.titleOf.get(gate.on) ?? ''}
        />
      ))}
    </ul>
  );
}

function groupsOf(gates: readonly GateItem[]): Group[] {
  const groups = [
    { title: 'Combined result', gates: gates.filter((gate) => gate.on === 'combined') },
    { title: 'Tasks', gates: gates.filter((gate) => gate.on !== 'combined' && gate.on !== 'base') },
    { title: 'Before the run', gates: gates.filter((gate) => gate.on === 'base') },
  ];
  return groups.filter((group) => group.gates.length > 0);
}
