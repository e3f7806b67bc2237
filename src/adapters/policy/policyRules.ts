/** Rules of the machine's owner. They never come from a repository (law L4) and are fixed for the life of a policy. */
export interface PolicyRules {
  /**
   * Beginnings of commands that run without asking, as words: `npm test` allows `npm test` and `npm test -- --watch`,
   * not `npm testing`. In a word `*` and `?` stand for characters as in file names.
   */
  readonly allow?: readonly string[];
  /** Beginnings of commands that never run, in whatever part of a command line. The longer of two rules that fit decides. */
  readonly deny?: readonly string[];
  /** Denials that no allowance lifts, however long it is: those a repository asks for. */
  readonly denyAlways?: readonly string[];
  /** Globs of host names: `*.example.org`. A denial goes before an allowance. */
  readonly hosts?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
  /** Globs of `server/tool`. A denial goes before an allowance. */
  readonly mcp?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
  /** Digests of the programs (MCP servers, external agents) that may be started. */
  readonly programs?: { readonly allow?: readonly string[] };
}
