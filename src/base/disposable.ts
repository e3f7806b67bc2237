/** Something that holds a resource until `dispose` is called; a second call does nothing. */
export interface Disposable {
  dispose(): void;
}

/** Collects disposables and releases them in reverse order of their registration. */
export class Disposables implements Disposable {
  private items: Disposable[] = [];

  add<T extends Disposable>(item: T): T {
    this.items.push(item);
    return item;
  }

  dispose(): void {
    const items = this.items;
    this.items = [];
    for (const item of items.reverse()) item.dispose();
  }
}
