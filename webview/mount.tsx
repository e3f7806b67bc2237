import { render, type ComponentType } from 'preact';
import { useEffect, useMemo, useReducer } from 'preact/hooks';
import { registerControls } from './controls';
import { connectHost, type Host } from './host';
import { SessionContext } from './state/session';
import { nextState, restoreState, savedState, type ViewState } from './state/viewState';

const saveDelayMs = 250;

/** Connects a view to the host and keeps it drawn: what was last shown appears at once, news replace it. */
export function mount(View: ComponentType<{ state: ViewState }>): void {
  registerControls();
  const root = document.getElementById('root');
  if (root) render(<Connected host={connectHost()} View={View} />, root);
}

function Connected({ host, View }: { host: Host; View: ComponentType<{ state: ViewState }> }) {
  const [state, dispatch] = useReducer(nextState, undefined, () => restoreState(host.restored()));
  useEffect(() => {
    host.onMessage((message) => dispatch({ type: 'received', message }));
    host.send({ type: 'ready' });
  }, [host]);
  useEffect(() => {
    const timer = setTimeout(() => host.save(savedState(state)), saveDelayMs);
    return () => clearTimeout(timer);
  }, [host, state]);
  const session = useMemo(
    () => ({ send: (message: Parameters<Host['send']>[0]) => host.send(message), dispatch }),
    [host],
  );
  return (
    <SessionContext.Provider value={session}>
      <View state={state} />
    </SessionContext.Provider>
  );
}
