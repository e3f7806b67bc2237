import { useId, useState } from 'preact/hooks';
import { countText, durationText } from '../../src/protocol/labels';
import type { GateItem } from '../../src/protocol/runModel';
import { CodeText } from './codeText';
import { FindingList } from './findingList';
import { Icon } from './icon';
import { StateMark, verdictLook } from './stateMark';

/** One gate's verdict on one tree; unfolds into its reason and findings. */
export function GateRow({ runId, gate, on }: { runId: string; gate: GateItem; on: string }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <li class="gate">
      <button class="gate-head" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        <StateMark look={verdictLook(gate.verdict)} />
        <span class="gate-title">{gate.title}</span>
        <span class="gate-note">{summary(gate, on)}</span>
        <span class="task-chevron">
          <Icon name="chevron" />
        </span>
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && <GateDetails runId={runId} gate={gate} />}
      </div>
    </li>
  );
}

function summary(gate: GateItem, on: string): string {
  const parts: string[] = [gate.verdict];
  if (gate.newFindings > 0) parts.push(countText(gate.newFindings, 'new finding'));
  else if (gate.tests)
    parts.push(`${gate.tests.passed} passed${gate.tests.failed > 0 ? `, ${gate.tests.failed} failed` : ''}`);
  if (gate.coverage && gate.coverage.total > 0)
    parts.push(`${Math.round((gate.coverage.covered / gate.coverage.total) * 100)}% covered`);
  if (gate.durationMs !== null) parts.push(durationText(gate.durationMs));
  // The verdict first: what stands last is cut where there is little room.
  return [...parts, ...(on === '' ? [] : [on])].join(' · ');
}

function GateDetails({ runId, gate }: { runId: string; gate: GateItem }) {
  return (
    <div class="gate-details">
      <p>
        <CodeText>{gate.reason}</CodeText>
        {gate.baselineFindings > 0 &&
          ` (${countText(gate.baselineFindings, 'finding')} there before the run)`}
      </p>
      {gate.command && <code class="command">{gate.command}</code>}
      <FindingList runId={runId} findings={gate.findings} hidden={gate.hidden} />
      {gate.outputTail && (
        <pre class="instruction" tabIndex={0} aria-label="End of the output">
          {gate.outputTail}
        </pre>
      )}
    </div>
  );
}
