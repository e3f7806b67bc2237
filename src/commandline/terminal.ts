import type { Paint } from './paint';

/** What the commands see of the terminal; `processTerminal` is the real one. */
export interface Terminal {
  /** A person can watch and answer: both standard input and output are a terminal. */
  readonly isInteractive: boolean;
  /** Standard output can show a picture that is redrawn; else what happens is printed line by line. */
  readonly isLive: boolean;
  readonly paint: Paint;
  size(): { width: number; height: number };
  /** One or more lines of what was asked for, to standard output. A live picture moves below them. */
  print(text: string): void;
  /** One or more lines about it, to standard error. */
  complain(text: string): void;
  /** Shows this picture in place of the last one; only where `isLive`. */
  show(picture: string): void;
  /** Leaves the last picture standing and ends the live part. */
  keep(): void;
  /** A line a person types; rejects with the signal's reason when that comes first, `undefined` when input ends. */
  ask(text: string, question: string, signal: AbortSignal): Promise<string | undefined>;
}
