/** The value classes and enumerations of the editor's API, as far as this extension uses them. */

export class FakeUri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
    readonly query: string,
  ) {}

  static file(path: string): FakeUri {
    return new FakeUri('file', path, '');
  }

  static from({ scheme, path, query = '' }: { scheme: string; path: string; query?: string }): FakeUri {
    return new FakeUri(scheme, path, query);
  }

  static joinPath(base: FakeUri, ...segments: string[]): FakeUri {
    const parts = base.path.split('/').filter(Boolean);
    for (const segment of segments) {
      if (segment === '..') parts.pop();
      else parts.push(segment);
    }
    return new FakeUri(base.scheme, `/${parts.join('/')}`, base.query);
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}:${this.path}${this.query === '' ? '' : `?${this.query}`}`;
  }
}

export class FakeEventEmitter<T> {
  private readonly listeners = new Set<(value: T) => unknown>();

  readonly event = (listener: (value: T) => unknown) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(...args: [Position, Position] | [number, number, number, number]) {
    if (args.length === 4)
      [this.start, this.end] = [new Position(args[0], args[1]), new Position(args[2], args[3])];
    else [this.start, this.end] = args;
  }
}

class Diagnostic {
  source: string | undefined;
  code: string | undefined;

  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity: number,
  ) {}
}

class TreeItem {
  constructor(
    public label: string,
    public collapsibleState = 0,
  ) {}
}

class ThemeColor {
  constructor(readonly id: string) {}
}

class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}

class FileSystemError extends Error {
  static FileNotFound(uri: FakeUri): FileSystemError {
    return new FileSystemError(`There is no ${uri.toString()}`);
  }

  static NoPermissions(message: string): FileSystemError {
    return new FileSystemError(message);
  }
}

class CompletionItem {
  insertText: string | undefined;
  detail: string | undefined;
  range: Range | undefined;

  constructor(
    readonly label: string,
    readonly kind: number,
  ) {}
}

class MarkdownString {
  constructor(readonly value: string) {}
}

class Hover {
  constructor(
    readonly contents: MarkdownString,
    readonly range: Range,
  ) {}
}

export const fakeClasses = {
  CompletionItem,
  CompletionItemKind: { Field: 4, Value: 11 },
  Hover,
  MarkdownString,
  Uri: FakeUri,
  EventEmitter: FakeEventEmitter,
  Position,
  Range,
  Diagnostic,
  TreeItem,
  ThemeColor,
  ThemeIcon,
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  TreeItemCheckboxState: { Unchecked: 0, Checked: 1 },
  StatusBarAlignment: { Left: 1, Right: 2 },
  ProgressLocation: { Notification: 15 },
  QuickPickItemKind: { Separator: -1, Default: 0 },
  ConfigurationTarget: { Global: 1 },
  FileSystemError,
  FileType: { File: 1 },
  FileChangeType: { Changed: 1 },
  ViewColumn: { Active: -1 },
};
