import { toWebviewSchema, type FromWebview, type ToWebview } from '../src/protocol/webviewMessages';

interface VsCodeHandle {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeHandle;

/** The extension host, as the webview sees it: typed in both directions, everything parsed on arrival. */
export interface Host {
  send(message: FromWebview): void;
  onMessage(listener: (message: ToWebview) => void): void;
  /** What `save` kept when the webview was last hidden. */
  restored(): unknown;
  save(state: unknown): void;
}

export function connectHost(): Host {
  const handle = acquireVsCodeApi();
  return {
    send: (message) => handle.postMessage(message),
    onMessage: (listener) =>
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        const parsed = toWebviewSchema.safeParse(event.data);
        if (parsed.success) listener(parsed.data);
        else console.error('The host sent what the webview does not know.', parsed.error.issues);
      }),
    restored: () => handle.getState(),
    save: (state) => handle.setState(state),
  };
}
