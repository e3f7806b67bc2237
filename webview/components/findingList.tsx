import type { FindingItem } from '../../src/protocol/runModel';
import { useSession } from '../state/session';
import { Icon } from './icon';

/** Findings, new ones first; each opens its place in the editor. */
export function FindingList({
  runId,
  findings,
  hidden,
}: {
  runId: string;
  findings: readonly FindingItem[];
  hidden: number;
}) {
  if (findings.length === 0) return null;
  return (
    <ul class="findings">
      {findings.map((finding, index) => (
        <li key={index}>
          <Finding runId={runId} finding={finding} />
        </li>
      ))}
      {hidden > 0 && <li class="quiet">{hidden} more are in the report</li>}
    </ul>
  );
}

function Finding({ runId, finding }: { runId: string; finding: FindingItem }) {
  const { send } = useSession();
  const { file, line, column, severity } = finding;
  const text = (
    <>
      <span class={`mark tone-${!finding.isNew ? 'quiet' : severity === 'error' ? 'bad' : 'attention'}`}>
        <Icon name={severity === 'error' ? 'cross' : 'warning'} />
      </span>
      <span class="finding-text">
        {finding.message} {finding.rule && <span class="quiet">{finding.rule}</span>}
        <span class="finding-place">
          {file ?? ''}
          {line !== null && `:${line}`}
          {!finding.isNew && ' · there before the run'}
        </span>
      </span>
    </>
  );
  if (file === null) return <div class="finding">{text}</div>;
  return (
    <button
      class="finding"
      onClick={() => send({ type: 'openFile', runId, path: file, line: line ?? 1, column: column ?? 1 })}
    >
      {text}
    </button>
  );
}
