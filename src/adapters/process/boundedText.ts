/** Collects text of any length in bounded memory: the first and the last characters stay, what is between is counted. */
export class BoundedText {
  private head = '';
  private tail = '';
  private dropped = 0;

  constructor(private readonly limit: number) {}

  get truncated(): boolean {
    return this.dropped > 0;
  }

  append(chunk: string): void {
    const headRoom = Math.ceil(this.limit / 2) - this.head.length;
    if (headRoom > 0) {
      this.head += chunk.slice(0, headRoom);
      chunk = chunk.slice(headRoom);
    }
    this.tail += chunk;
    // Cutting at twice the room keeps the number of copies small.
    if (this.tail.length > this.limit) this.cut();
  }

  text(): string {
    this.cut();
    return this.dropped === 0
      ? this.head + this.tail
      : `${this.head}\n… ${this.dropped} characters left out …\n${this.tail}`;
  }

  private cut(): void {
    const room = Math.floor(this.limit / 2);
    if (this.tail.length <= room) return;
    this.dropped += this.tail.length - room;
    this.tail = room === 0 ? '' : this.tail.slice(-room);
  }
}
