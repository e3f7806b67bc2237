import type { EventEmitter, TextDocumentContentProvider, Uri } from 'vscode';
import type { VsCode } from './vscodeApi';

/** Read-only documents the extension writes itself, by address. */
export class TextDocuments implements TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed: EventEmitter<Uri>;

  constructor(api: VsCode) {
    this.changed = new api.EventEmitter<Uri>();
  }

  get onDidChange() {
    return this.changed.event;
  }

  write(uri: Uri, text: string): void {
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
  }

  provideTextDocumentContent(uri: Uri): string {
    return (
      this.texts.get(uri.toString()) ?? 'This document was not written in this window. Run the command again.'
    );
  }

  dispose(): void {
    this.changed.dispose();
  }
}
