import type { Event, EventEmitter, ProviderResult, TreeDataProvider, TreeItem } from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { VsCode } from '../vscodeApi';

/** Frames are far enough apart that a busy run costs nothing, and near enough to look live. */
const refreshMs = 150;

/** A tree whose elements are made by two plain functions and redrawn at most every `refreshMs`. */
export class Tree<T> implements TreeDataProvider<T>, Disposable {
  private readonly changed: EventEmitter<undefined>;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    api: VsCode,
    private readonly parts: {
      children(element: T | undefined): ProviderResult<T[]>;
      item(element: T): TreeItem;
    },
  ) {
    this.changed = new api.EventEmitter<undefined>();
  }

  get onDidChangeTreeData(): Event<undefined> {
    return this.changed.event;
  }

  getChildren(element?: T): ProviderResult<T[]> {
    return this.parts.children(element);
  }

  getTreeItem(element: T): TreeItem {
    return this.parts.item(element);
  }

  refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.changed.fire(undefined);
    }, refreshMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.changed.dispose();
  }
}
