import { readFile } from 'node:fs/promises';
import { Language, Parser, type Tree } from 'web-tree-sitter';

export interface GrammarFiles {
  /** Absolute path of `web-tree-sitter.wasm`. */
  readonly runtime: string;
  /** Absolute path of `tree-sitter-bash.wasm`. */
  readonly grammar: string;
}

/** Parses a shell text; undefined when it took too long. The caller deletes the tree. */
export type ParseShell = (text: string) => Tree | undefined;

/** How long one parse may hold the event loop. Ordinary commands take less than a millisecond. */
const parseMs = 15;

/**
 * One for the process: the library keeps one memory for all its parsers, and beginning to load it twice at a time tears
 * that memory apart.
 */
const loaded = new Map<string, Promise<ParseShell>>();

/** Loads the grammar of bash (about 20 ms), once. Rejects where a file is missing or does not fit this Node. */
export function loadBashParser(files: GrammarFiles): Promise<ParseShell> {
  const known = loaded.get(files.grammar);
  if (known) return known;
  const loading = load(files);
  loaded.set(files.grammar, loading);
  return loading;
}

async function load(files: GrammarFiles): Promise<ParseShell> {
  const [runtime, grammar] = await Promise.all([readFile(files.runtime), readFile(files.grammar)]);
  await Parser.init({ wasmBinary: runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  let isBroken = false;
  return (text) => {
    if (isBroken) return undefined;
    const endsAt = performance.now() + parseMs;
    try {
      const tree = parser.parse(text, null, { progressCallback: () => performance.now() > endsAt });
      // A parse that was cut short would otherwise be continued by the next one.
      if (!tree) parser.reset();
      return tree ?? undefined;
    } catch {
      // Its memory cannot be trusted any more: from here on nothing is understood, so everything asks.
      isBroken = true;
      return undefined;
    }
  };
}
