import { describeFailure, type Failure } from '../core/model/failure';
import type { EditorContext } from './editorContext';

interface Offer {
  readonly title: string;
  readonly command: string;
}

/** Tells a person what went wrong, with the one thing that helps as a button. Never throws. */
export async function showFailure(editor: EditorContext, failure: Failure): Promise<void> {
  if (failure.kind === 'cancelled') return;
  editor.log.error(
    failure.kind === 'unexpected' ? failure.cause : `${failure.kind}: ${describeFailure(failure)}`,
  );
  const offers = offersFor(failure);
  const chosen = await editor.api.window.showErrorMessage(
    describeFailure(failure),
    ...offers.map((offer) => offer.title),
  );
  const offer = offers.find((candidate) => candidate.title === chosen);
  if (!offer) return;
  if (offer.command === showLog.command) editor.log.show();
  else await editor.api.commands.executeCommand(offer.command);
}

const showLog: Offer = { title: 'Show Log', command: 'log' };
const runDoctor: Offer = { title: 'Run Doctor', command: 'enterprise.doctor' };

function offersFor(failure: Failure): Offer[] {
  switch (failure.kind) {
    case 'usage':
      return failure.message.startsWith('No folder')
        ? [{ title: 'Open Folder', command: 'workbench.action.files.openFolder' }]
        : [];
    case 'denied':
      return failure.rule === 'workspace-trust'
        ? [{ title: 'Manage Trust', command: 'workbench.trust.manage' }]
        : [];
    case 'model-unavailable':
    case 'model-misbehaved':
      return [{ title: 'Configure Model', command: 'enterprise.configureModel' }];
    case 'workspace-unusable':
    case 'git-failed':
    case 'worktree-failed':
      return [runDoctor];
    case 'unexpected':
    case 'journal-failed':
      return [showLog, runDoctor];
    default:
      return [];
  }
}
