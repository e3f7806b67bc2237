import type { Environment, SurroundingAction } from '../../src/protocol/webviewMessages';
import { useSession } from '../state/session';
import { EmptyState } from './emptyState';
import { Icon, type IconName } from './icon';

/** What keeps a run from starting at all; null when nothing does. */
export function obstacleOf(environment: Environment): 'no-folder' | 'untrusted' | null {
  if (environment.folders.length === 0) return 'no-folder';
  return environment.trusted ? null : 'untrusted';
}

const obstacles: Record<
  'no-folder' | 'untrusted',
  { icon: IconName; title: string; text: string; button: string; action: SurroundingAction }
> = {
  'no-folder': {
    icon: 'folder',
    title: 'Open the folder of a project',
    text: 'A run works on the files of a folder: a git repository at best, any other folder too.',
    button: 'Open Folder',
    action: 'openFolder',
  },
  untrusted: {
    icon: 'shield',
    title: 'This workspace is not trusted',
    text: 'Nothing is run in it: no agent, no check, no git command. Trust it if you know where its files come from.',
    button: 'Manage Workspace Trust',
    action: 'manageTrust',
  },
};

export function Obstacle({ kind }: { kind: 'no-folder' | 'untrusted' }) {
  const { send } = useSession();
  const { icon, title, text, button, action } = obstacles[kind];
  return (
    <EmptyState icon={icon} title={title}>
      <p>{text}</p>
      <vscode-button onClick={() => send({ type: 'surrounding', action })}>{button}</vscode-button>
    </EmptyState>
  );
}

/** Things that do not stop a run but that a person should know before one. */
export function Hints({ environment }: { environment: Environment }) {
  const { send } = useSession();
  const act = (action: SurroundingAction) => () => send({ type: 'surrounding', action });
  return (
    <>
      {environment.problem && (
        <div class="notice tone-bad">
          <Icon name="warning" />
          <p>
            {environment.problem.message} <span class="notice-remedy">{environment.problem.remedy}</span>{' '}
            <button class="link" onClick={act('doctor')}>
              Run Doctor
            </button>
          </p>
        </div>
      )}
      {environment.git === 'no-repository' && (
        <Hint>
          This folder has no git repository. A run works on a snapshot of it, and its result can be undone as
          always. With git you also see the changes beside your history.{' '}
          <button class="link" onClick={act('initialiseGit')}>
            Initialise git
          </button>
        </Hint>
      )}
      {environment.git === 'no-commits' && (
        <Hint>This repository has no commit yet. A run works on a snapshot of its files.</Hint>
      )}
      {environment.model === 'offline' && (
        <Hint>
          No model is configured. Runs analyse, fix, check and report with the programs of the project.{' '}
          <button class="link" onClick={act('configureModel')}>
            Configure a model
          </button>
        </Hint>
      )}
    </>
  );
}

function Hint({ children }: { children: preact.ComponentChildren }) {
  return (
    <div class="notice tone-quiet">
      <Icon name="dots" />
      <p>{children}</p>
    </div>
  );
}
