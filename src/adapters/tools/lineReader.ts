import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { readFlags } from './textFile';

export interface Slice {
  /** The lines from `offset` on, without line ends, each cut to `maxLineChars` characters. */
  readonly lines: readonly Line[];
  /** Lines of the file, as far as it was looked at. */
  readonly total: number;
  /** False when the file is so long that nobody looked to its end. */
  readonly isAll: boolean;
  /** SHA-256 of the bytes; absent when they were not all looked at. */
  readonly digest?: string;
}

export interface Line {
  readonly text: string;
  /** Characters of the line beyond `text`. */
  readonly more: number;
}

export interface SliceLimits {
  readonly offset: number;
  readonly lines: number;
  readonly lineChars: number;
  readonly chars: number;
}

const chunkBytes = 1 << 20;
/** Counting the lines of more than this is not worth the wait. */
const maxScannedBytes = 512 * chunkBytes;
const newline = 0x0a;

/** Reads some lines of a file of any size in bounded memory. Bytes that are no UTF-8 become U+FFFD. */
export async function readLines(path: string, limits: SliceLimits): Promise<Slice> {
  const file = await open(path, readFlags);
  try {
    const hash = createHash('sha256');
    const taken = new Taken(limits);
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let scanned = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) return { ...taken.end(), isAll: true, digest: hash.digest('hex') };
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      taken.add(chunk);
      scanned += bytesRead;
      if (scanned >= maxScannedBytes && taken.isFull) return { ...taken.end(), isAll: false };
    }
  } finally {
    await file.close();
  }
}

class Taken {
  private readonly lines: Line[] = [];
  private number = 1;
  private chars = 0;
  private text = '';
  private more = 0;
  private hasLine = false;
  private decoder = new StringDecoder('utf8');
  isFull = false;

  constructor(private readonly limits: SliceLimits) {}

  add(chunk: Buffer): void {
    for (let from = 0; from < chunk.length;) {
      const end = chunk.indexOf(newline, from);
      const to = end < 0 ? chunk.length : end;
      this.extend(chunk.subarray(from, to));
      if (end >= 0) this.endLine();
      from = to + 1;
    }
  }

  end(): { lines: readonly Line[]; total: number } {
    if (this.hasLine) this.endLine();
    return { lines: this.lines, total: this.number - 1 };
  }

  private extend(bytes: Buffer): void {
    this.hasLine = true;
    if (this.isFull || this.number < this.limits.offset) return;
    const text = this.decoder.write(bytes);
    const room = this.limits.lineChars - this.text.length;
    this.text += text.slice(0, Math.max(0, room));
    this.more += Math.max(0, text.length - Math.max(0, room));
  }

  private endLine(): void {
    if (!this.isFull && this.number >= this.limits.offset) this.take();
    this.number++;
    this.text = '';
    this.more = 0;
    this.hasLine = false;
    this.decoder = new StringDecoder('utf8');
  }

  private take(): void {
    const text = this.more === 0 ? this.text.replace(/\r$/, '') : this.text;
    this.chars += text.length + 8;
    this.isFull = this.chars > this.limits.chars || this.lines.length + 1 >= this.limits.lines;
    if (this.chars <= this.limits.chars || this.lines.length === 0)
      this.lines.push({ text, more: this.more });
  }
}
