import { plainPaint } from '../../src/commandline/paint';
import type { Terminal } from '../../src/commandline/terminal';

/** A terminal that remembers; a person answers from a list, in order, and leaves when it is empty. */
export class FakeTerminal implements Terminal {
  readonly paint = plainPaint;
  readonly printed: string[] = [];
  readonly complaints: string[] = [];
  readonly pictures: string[] = [];
  readonly asked: string[] = [];
  isKept = false;

  constructor(
    readonly isInteractive = false,
    private readonly answers: string[] = [],
    readonly isLive = false,
  ) {}

  size() {
    return { width: 100, height: 24 };
  }

  print(text: string): void {
    this.printed.push(text);
  }

  complain(text: string): void {
    this.complaints.push(text);
  }

  show(picture: string): void {
    this.pictures.push(picture);
  }

  keep(): void {
    this.isKept = true;
  }

  ask(text: string, question: string): Promise<string | undefined> {
    this.asked.push(`${text}\n${question}`);
    return Promise.resolve(this.answers.shift());
  }
}
