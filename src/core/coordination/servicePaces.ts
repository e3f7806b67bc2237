import type { Clock } from '../../base/clock';
import { nextPace, openPace, startsIn, type Pace, type PaceEvent } from './pace';

/** The paces of all services, by model id, because services limit each model by itself. Shared by all runs of a process. */
export class ServicePaces {
  private readonly services = new Map<string, ServicePace>();

  constructor(
    private readonly clock: Clock,
    /** From 0 to below 1. */
    private readonly random: () => number,
  ) {}

  of(model: string): ServicePace {
    let service = this.services.get(model);
    if (!service) {
      service = new ServicePace(this.clock, this.random);
      this.services.set(model, service);
    }
    return service;
  }
}

/** A place among the calls of a service that are under way. Given back once, by one of these. */
export interface Turn {
  answered(): void;
  refused(retryAfterMs: number | undefined): void;
  ended(): void;
}

/** Lets calls of one service start in the order in which they came, as many at once as it bears. */
export class ServicePace {
  private pace: Pace = openPace;
  private readonly waiting: (() => void)[] = [];
  private alarm: AbortController | undefined;
  private lastAnswerMs = -Infinity;
  private rest: { readonly untilMs: number; readonly told: Set<string> } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /**
   * Waits for a place; rejects with the signal's reason when it is aborted first. `onWait` is called when there is none
   * now, with the milliseconds until there may be one, where they are known.
   */
  async enter(signal: AbortSignal, onWait: (waitMs: number | undefined) => Promise<void>): Promise<Turn> {
    signal.throwIfAborted();
    const wait = startsIn(this.pace, this.clock.monotonicMs());
    if (wait === 0 && this.waiting.length === 0) return this.turn();
    const [turn] = await Promise.all([this.queue(signal), onWait(wait === 'busy' ? undefined : wait)]);
    return turn;
  }

  /** Whether a call that started then and was refused may hope: another one was let through, or is still being served. */
  letsOthersThrough(sinceMs: number): boolean {
    return this.pace.underWay > 0 || this.lastAnswerMs >= sinceMs;
  }

  /** Milliseconds until the service may be asked again; 0 where only places are short. */
  get waitMs(): number {
    return Math.max(0, this.pace.notBeforeMs - this.clock.monotonicMs());
  }

  /** Nobody asks this model for a while: it was given up. */
  giveUp(durationMs: number): void {
    this.rest = { untilMs: this.clock.monotonicMs() + durationMs, told: new Set() };
  }

  get isGivenUp(): boolean {
    return this.rest !== undefined && this.clock.monotonicMs() < this.rest.untilMs;
  }

  /** True the first time somebody hears that the model was given up. */
  isNewsTo(somebody: string): boolean {
    if (!this.rest || this.rest.told.has(somebody)) return false;
    this.rest.told.add(somebody);
    return true;
  }

  private turn(): Turn {
    const { era } = this.pace;
    this.happened({ type: 'started' });
    return {
      answered: () => {
        this.lastAnswerMs = this.clock.monotonicMs();
        this.happened({ type: 'answered' });
      },
      refused: (retryAfterMs) => this.happened({ type: 'refused', era, retryAfterMs, random: this.random() }),
      ended: () => this.happened({ type: 'ended' }),
    };
  }

  private queue(signal: AbortSignal): Promise<Turn> {
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', abandon);
        resolve(this.turn());
      };
      const abandon = () => {
        this.waiting.splice(this.waiting.indexOf(start), 1);
        this.startDue();
        reject(signal.reason as Error);
      };
      this.waiting.push(start);
      signal.addEventListener('abort', abandon, { once: true });
      this.startDue();
    });
  }

  private happened(event: PaceEvent): void {
    this.pace = nextPace(this.pace, event, this.clock.monotonicMs());
    if (event.type !== 'started') this.startDue();
  }

  /** Starts who may start; where time must pass first, looks again then. */
  private startDue(): void {
    this.alarm?.abort();
    this.alarm = undefined;
    while (this.waiting.length > 0) {
      const wait = startsIn(this.pace, this.clock.monotonicMs());
      if (wait === 'busy') return;
      if (wait > 0) {
        this.lookAgainIn(wait);
        return;
      }
      this.waiting.shift()?.();
    }
  }

  private lookAgainIn(durationMs: number): void {
    const alarm = new AbortController();
    this.alarm = alarm;
    this.clock.sleep(durationMs, alarm.signal).then(
      () => {
        if (!alarm.signal.aborted) this.startDue();
      },
      (error: unknown) => {
        // Called off, because something else happened first.
        if (!alarm.signal.aborted) throw error;
      },
    );
  }
}
