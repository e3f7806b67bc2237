/** What ripgrep prints with `--null`, piece by piece: a path, and what stands after it on its line. */
export interface RipgrepRecord {
  /** From the root, with `/`. */
  readonly path: string;
  /** Empty where only paths are listed. */
  readonly rest: string;
}

/**
 * Turns output into records as it arrives. A path ends with a NUL, because it may hold a line break; with `hasText` a
 * record ends at the line break after it.
 */
export class RipgrepRecords {
  private pending = '';

  constructor(
    private readonly hasText: boolean,
    private readonly onRecord: (record: RipgrepRecord) => void,
  ) {}

  add(chunk: string): void {
    this.pending += chunk;
    for (;;) {
      const nul = this.pending.indexOf('\0');
      if (nul < 0) return;
      const end = this.hasText ? this.pending.indexOf('\n', nul) : nul;
      if (end < 0) return;
      // What ripgrep says of a binary file stands on a line of its own, without a NUL.
      const path = this.pending.slice(0, nul).replace(aside, '').replace(/^\.\//, '');
      const rest = this.hasText ? this.pending.slice(nul + 1, end).replace(/\r$/, '') : '';
      this.pending = this.pending.slice(end + 1);
      this.onRecord({ path, rest });
    }
  }

  /** What is left at the end: ripgrep's word about a binary file. */
  end(): void {
    const word = this.pending.trim().replace(/^\.\//, '');
    if (word !== '') this.onRecord({ path: word, rest: '' });
  }
}

const aside = /^(?:[^\0]*: binary file matches [^\n]*\n)+/;

/** A path on one line: as it is, or in quotes as JSON where it holds what would break the line. */
export function shownPath(path: string): string {
  return /[\p{Cc}"]/u.test(path) ? JSON.stringify(path) : path;
}
