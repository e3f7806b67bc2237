import { Disposables, type Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { Engine } from '../core/coordination/engine';
import { isRunEnded, type RunView } from '../core/model/run';
import type { PlaceFile } from './filePlaces';
import type { Attendance } from '../protocol/runModel';

export interface RunChange {
  readonly view: RunView;
  /** The view before; undefined for a run that was not known. */
  readonly previous: RunView | undefined;
  readonly attendance: Attendance;
}

interface KnownRun {
  readonly view: RunView;
  readonly engine: Engine;
  readonly attendance: Attendance;
}

/** A process that dies says nothing: how often runs that another one works at are looked after. */
export const lookAfterMs = 2000;

/** The runs of every engine that was opened, kept current, who works at each, and which of them is looked at. */
export class Runs implements Disposable {
  private readonly known = new Map<string, KnownRun>();
  private readonly attached = new Map<Engine, { disposables: Disposables; place: PlaceFile }>();
  private readonly changed: Emitter<RunChange>;
  private readonly listed: Emitter<void>;
  private chosen: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly onError: (error: unknown) => void) {
    this.changed = new Emitter(onError);
    this.listed = new Emitter(onError);
  }

  /** Reads the runs of an engine and follows them. */
  async attach(engine: Engine, place: PlaceFile): Promise<void> {
    const disposables = new Disposables();
    this.attached.set(engine, { disposables, place });
    disposables.add(engine.onChange((view) => this.follow(engine, view)));
    for (const view of await engine.runs()) {
      const attendance = await attendanceNow(engine, view);
      // What was announced meanwhile is newer.
      if (!this.known.has(view.runId)) this.known.set(view.runId, { view, engine, attendance });
    }
    this.lookAfter();
    this.listed.fire();
  }

  /** Makes sure a run is known, also before its first change was announced. */
  async refresh(engine: Engine, runId: string): Promise<void> {
    if (this.known.has(runId)) return;
    const view = await engine.run(runId);
    if (view && !this.known.has(runId)) this.follow(engine, view);
  }

  detach(engine: Engine): void {
    this.attached.get(engine)?.disposables.dispose();
    this.attached.delete(engine);
    for (const [runId, run] of this.known) if (run.engine === engine) this.known.delete(runId);
    this.listed.fire();
  }

  /** Newest first. */
  list(): RunView[] {
    const views = [...this.known.values()].map((run) => run.view);
    return views.sort((a, b) => b.startedAt.localeCompare(a.startedAt) || b.runId.localeCompare(a.runId));
  }

  get(runId: string): RunView | undefined {
    return this.known.get(runId)?.view;
  }

  engineOf(runId: string): Engine | undefined {
    return this.known.get(runId)?.engine;
  }

  /** Where the editor has a file that a run names; undefined for a run that is not known. */
  placeOf(runId: string, file: string): string | undefined {
    const engine = this.engineOf(runId);
    return engine && this.attached.get(engine)?.place(file);
  }

  attendanceOf(runId: string): Attendance {
    return this.known.get(runId)?.attendance ?? 'nobody';
  }

  /** The run that is looked at: the one a person chose, else the newest that has not ended, else the newest. */
  current(): RunView | undefined {
    const chosen = this.chosen === undefined ? undefined : this.get(this.chosen);
    if (chosen) return chosen;
    const all = this.list();
    return all.find((view) => !isRunEnded(view.state)) ?? all[0];
  }

  select(runId: string): void {
    this.chosen = runId;
    this.listed.fire();
  }

  /** This window started or took up the run: it is attended until the engine says that it settled. */
  attend(engine: Engine, runId: string): void {
    this.setAttendance(engine, runId, 'here');
    engine.settled(runId).then(
      (view) => {
        if (!isRunEnded(view.state)) this.setAttendance(engine, runId, 'nobody');
      },
      (error: unknown) => {
        // The journal failed under the run: it stands still until somebody resumes it.
        this.setAttendance(engine, runId, 'nobody');
        this.onError(error);
      },
    );
  }

  onDidChange(listener: (change: RunChange) => void): Disposable {
    return this.changed.on(listener);
  }

  /** The list itself changed: an engine was opened or closed, or another run is looked at. */
  onDidList(listener: () => void): Disposable {
    return this.listed.on(listener);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const { disposables } of this.attached.values()) disposables.dispose();
    this.attached.clear();
    this.changed.dispose();
    this.listed.dispose();
  }

  private follow(engine: Engine, view: RunView): void {
    const before = this.known.get(view.runId);
    const attendance = before?.attendance === 'here' ? 'here' : 'elsewhere';
    this.known.set(view.runId, { view, engine, attendance });
    this.changed.fire({ view, previous: before?.view, attendance });
    this.lookAfter();
  }

  /** As long as another process works at a run: sees when it no longer does. */
  private lookAfter(): void {
    const isNeeded = [...this.known.values()].some(
      (run) => run.attendance === 'elsewhere' && !isRunEnded(run.view.state),
    );
    if (!isNeeded) return;
    this.timer ??= setTimeout(() => {
      this.lookNow()
        .catch(this.onError)
        .finally(() => {
          this.timer = undefined;
          this.lookAfter();
        });
    }, lookAfterMs);
    this.timer.unref();
  }

  private async lookNow(): Promise<void> {
    for (const [runId, { view, engine, attendance }] of this.known) {
      if (attendance !== 'elsewhere' || isRunEnded(view.state)) continue;
      const now = await attendanceNow(engine, view);
      // It may have been taken up here meanwhile.
      if (this.attendanceOf(runId) === 'elsewhere') this.setAttendance(engine, runId, now);
    }
  }

  private setAttendance(engine: Engine, runId: string, attendance: Attendance): void {
    const known = this.known.get(runId);
    if (!known || known.engine !== engine || known.attendance === attendance) return;
    this.known.set(runId, { ...known, attendance });
    this.changed.fire({ view: known.view, previous: known.view, attendance });
  }
}

/** A run of this window is attended only once `attend` says so: what is at work for a moment, like an undo, is not. */
async function attendanceNow(engine: Engine, view: RunView): Promise<Attendance> {
  if (isRunEnded(view.state)) return 'nobody';
  return (await engine.attendance(view.runId)) === 'other' ? 'elsewhere' : 'nobody';
}
