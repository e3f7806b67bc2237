import type { RunAction, RunDetail } from '../../src/protocol/runModel';
import { useSession } from '../state/session';
import { Icon, type IconName } from './icon';

const looks: Record<RunAction, { icon: IconName; text: string; title: string }> = {
  deliver: { icon: 'deliver', text: 'Deliver', title: 'Write the verified result into the workspace' },
  resume: { icon: 'play', text: 'Resume', title: 'Go on where it stopped' },
  pause: { icon: 'pause', text: 'Pause', title: 'Stop after the current steps; nothing is lost' },
  cancel: { icon: 'stop', text: 'Stop', title: 'Cancel this run; what was done stays in its worktrees' },
  review: { icon: 'diff', text: 'Review', title: 'Show the changes in the diff editor' },
  report: { icon: 'report', text: 'Report', title: 'Open the report of this run' },
  editPlan: { icon: 'edit', text: 'Edit plan', title: 'Open the plan as a document; saving hands it in' },
  changePlan: {
    icon: 'graph',
    text: 'Change plan',
    title: 'Add, cancel or change a task; you see what it comes to first',
  },
  undo: { icon: 'undo', text: 'Undo', title: 'Take the delivery back' },
};

const inOrder: readonly RunAction[] = [
  'deliver',
  'resume',
  'review',
  'report',
  'undo',
  'editPlan',
  'changePlan',
  'pause',
  'cancel',
];

/** What can be done with the run now, the most likely first. */
export function RunActions({ run }: { run: RunDetail }) {
  const { send } = useSession();
  // A question that is open has its own button; a second one beside it would only confuse.
  const isAsked = run.approvals.some((approval) => approval.kind === 'delivery');
  // A plan that can be edited as a whole is changed there, or at its tasks.
  const isEdited = run.actions.includes('editPlan');
  const isShown = (action: RunAction) =>
    !(action === 'deliver' && isAsked) && !(action === 'changePlan' && isEdited);
  const possible = inOrder.filter((action) => run.actions.includes(action) && isShown(action));
  return (
    <div class="run-actions" role="group" aria-label="Actions on this run">
      {possible.map((action) => (
        <vscode-button
          key={action}
          appearance={action === 'deliver' || action === 'resume' ? 'primary' : 'secondary'}
          title={looks[action].title}
          onClick={() => send({ type: 'act', action, runId: run.item.runId })}
        >
          <Icon name={looks[action].icon} />
          {looks[action].text}
        </vscode-button>
      ))}
    </div>
  );
}
