import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { StoredEvent } from '../model/event';
import { foldRun, nextRun, type RunView } from '../model/run';
import type { Journal } from '../ports';

/** How many runs a list shows; older ones are still found by their id. */
const listed = 100;

/** The views of all runs of a journal, kept current as events arrive, whichever process appended them. */
export class RunViews implements Disposable {
  private readonly known = new Map<string, RunView>();
  private readonly changed = new Emitter<{ view: RunView; events: readonly StoredEvent[] }>();
  private readonly subscription: Disposable;
  /** Appends are folded one after another, so that a run read from the start cannot overtake its own events. */
  private folding: Promise<void> = Promise.resolve();

  constructor(private readonly journal: Journal) {
    this.subscription = journal.onAppend((events) => {
      this.folding = this.folding.then(() => this.fold(events)).catch(() => undefined);
    });
  }

  onChange(listener: (view: RunView, events: readonly StoredEvent[]) => void): Disposable {
    return this.changed.on(({ view, events }) => listener(view, events));
  }

  /** Newest first. */
  async all(): Promise<RunView[]> {
    const rows = await this.journal.runs();
    const views = await Promise.all(rows.slice(0, listed).map((row) => this.one(row.runId)));
    return views.filter((view) => view !== undefined);
  }

  async one(runId: string): Promise<RunView | undefined> {
    await this.folding;
    const known = this.known.get(runId);
    const later = await this.journal.read(runId, known?.lastSeq ?? 0);
    const view = known ? later.reduce<RunView | undefined>(nextRun, known) : foldRun(later);
    if (view) this.remember(view);
    return view;
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  private async fold(events: readonly StoredEvent[]): Promise<void> {
    for (const [runId, own] of byRun(events)) {
      const known = this.known.get(runId);
      const isNext = own[0]?.seq === (known?.lastSeq ?? 0) + 1;
      const view = isNext ? own.reduce<RunView | undefined>(nextRun, known) : await this.reread(runId);
      if (!view) continue;
      this.remember(view);
      this.changed.fire({ view, events: own });
    }
  }

  private async reread(runId: string): Promise<RunView | undefined> {
    const known = this.known.get(runId);
    const later = await this.journal.read(runId, known?.lastSeq ?? 0);
    return known ? later.reduce<RunView | undefined>(nextRun, known) : foldRun(later);
  }

  /** A read that started earlier may end later: the view that knows more stays. */
  private remember(view: RunView): void {
    const known = this.known.get(view.runId);
    if (!known || known.lastSeq <= view.lastSeq) this.known.set(view.runId, view);
  }
}

function byRun(events: readonly StoredEvent[]): Map<string, StoredEvent[]> {
  const runs = new Map<string, StoredEvent[]>();
  for (const event of events) runs.set(event.runId, [...(runs.get(event.runId) ?? []), event]);
  return runs;
}
