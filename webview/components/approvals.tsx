import type { RunDetail } from '../../src/protocol/runModel';
import { ApprovalCard } from './approvalCard';
import { PlanSummary } from './planSummary';

/** Everything that waits for the person, announced to a screen reader as it comes. */
export function Approvals({ run, answering }: { run: RunDetail; answering: readonly string[] }) {
  return (
    <div aria-live="assertive" class="approvals">
      {run.approvals.map((approval) => (
        <ApprovalCard
          key={approval.id}
          runId={run.item.runId}
          approval={approval}
          taskTitle={run.tasks.find((task) => task.id === approval.taskId)?.title ?? null}
          summary={approval.kind === 'plan' ? <PlanSummary run={run} /> : null}
          isAnswering={answering.includes(approval.id)}
        />
      ))}
    </div>
  );
}
