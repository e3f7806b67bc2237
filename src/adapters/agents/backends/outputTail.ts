/** The end of a program's output, and its lines as they become whole. */
export class OutputTail {
  private kept = '';
  private line = '';
  private last = '';

  constructor(private readonly maxChars = 4000) {}

  /** Returns the lines that this piece completed. A carriage return overwrites a line, as progress bars do. */
  append(chunk: string): string[] {
    this.kept = (this.kept + chunk).slice(-this.maxChars);
    const pieces = (this.line + chunk).split(/\r?\n|\r/);
    this.line = (pieces.pop() ?? '').slice(-this.maxChars);
    const whole = pieces.filter((piece) => piece.trim() !== '');
    this.last = whole.at(-1) ?? this.last;
    return whole;
  }

  /** The last line with something in it, at most 200 characters. */
  lastLine(): string {
    return (this.line.trim() || this.last.trim()).slice(0, 200);
  }

  text(): string {
    return this.kept;
  }
}
