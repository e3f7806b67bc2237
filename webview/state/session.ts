import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { FromWebview } from '../../src/protocol/webviewMessages';
import type { Action } from './viewState';

/** How components act: on the host, and on the view's own state. */
export interface Session {
  readonly send: (message: FromWebview) => void;
  readonly dispatch: (action: Action) => void;
}

export const SessionContext = createContext<Session>({ send: () => undefined, dispatch: () => undefined });

export function useSession(): Session {
  return useContext(SessionContext);
}
