import { useSession } from '../state/session';
import type { ViewState } from '../state/viewState';
import { CodeText } from './codeText';
import { Icon } from './icon';

/** The answer to what a person just did, where they did it. */
export function NoticeBar({ notice }: Pick<ViewState, 'notice'>) {
  const { dispatch } = useSession();
  return (
    <div role="alert">
      {notice && (
        <div class={`notice tone-${notice.level === 'error' ? 'bad' : 'active'}`}>
          <Icon name={notice.level === 'error' ? 'warning' : 'check'} />
          <p>
            <CodeText>{notice.text}</CodeText>{' '}
            {notice.remedy && (
              <span class="notice-remedy">
                <CodeText>{notice.remedy}</CodeText>
              </span>
            )}
          </p>
          <vscode-button
            appearance="icon"
            aria-label="Dismiss"
            onClick={() => dispatch({ type: 'dismissed' })}
          >
            <Icon name="cross" />
          </vscode-button>
        </div>
      )}
    </div>
  );
}
