/** Calls a function at most once per interval, and once more after the last touch: what comes in between is one call. */
export class Paced {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isDue = false;

  constructor(
    private readonly intervalMs: number,
    private readonly act: () => void,
  ) {}

  touch(): void {
    if (this.timer !== undefined) {
      this.isDue = true;
      return;
    }
    this.act();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.isDue) this.again();
    }, this.intervalMs);
  }

  /** Does now what is due, and nothing later. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.isDue) return;
    this.isDue = false;
    this.act();
  }

  private again(): void {
    this.isDue = false;
    this.touch();
  }
}
