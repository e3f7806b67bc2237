/** Rules of the machine's owner. They never come from a repository (law L4) and are fixed for the life of a policy. */
export interface PolicyRules {
  /**
   * Beginnings of commands that run without asking, as words: `npm test` allows `npm test` and `npm test -- --watch`,
   * not `npm testing`. They hold only for one plain command (see `plainWords`).
   */
  readonly allow?: readonly string[];
  /** Beginnings of commands that never run. Checked first, in every part of the command line. */
  readonly deny?: readonly string[];
}
