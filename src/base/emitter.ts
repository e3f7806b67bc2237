import type { Disposable } from './disposable';

/** A typed event source. Listeners run in the order of registration, each isolated from the failure of another. */
export class Emitter<T> implements Disposable {
  private listeners = new Set<(value: T) => void>();

  /** @param onError receives what a listener threw; the other listeners still run. */
  constructor(private readonly onError: (error: unknown) => void = () => undefined) {}

  on(listener: (value: T) => void): Disposable {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.onError(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
