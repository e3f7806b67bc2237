import { join } from 'node:path';

/** Files that run as workers or programs of their own: bundles beside this one, or the sources when run from there. */
export interface RuntimeFiles {
  readonly journalWorker: string;
  /** Arguments for Node that start the secret scanner. */
  readonly secretsChild: readonly string[];
  /** Arguments for Node that start the analysis. */
  readonly analysisChild: readonly string[];
  /** Where ripgrep is looked for first. */
  readonly binFolder: string;
  /** The parser of shell commands and its grammar of bash. */
  readonly shellGrammar: { readonly runtime: string; readonly grammar: string };
}

export function runtimeFiles(): RuntimeFiles {
  const isSource = __filename.endsWith('.ts');
  if (!isSource) {
    return {
      journalWorker: join(__dirname, 'journalWorker.js'),
      secretsChild: [join(__dirname, 'secretsChild.js')],
      analysisChild: [join(__dirname, 'analysisChild.js')],
      binFolder: join(__dirname, 'bin'),
      shellGrammar: {
        runtime: join(__dirname, 'web-tree-sitter.wasm'),
        grammar: join(__dirname, 'tree-sitter-bash.wasm'),
      },
    };
  }
  const source = (path: string) => join(__dirname, 'adapters', path);
  const child = (path: string) => ['--import', require.resolve('tsx'), source(path)];
  return {
    journalWorker: source('journal/journalWorker.ts'),
    secretsChild: child('gates/secretsChild.ts'),
    analysisChild: child('analysis/analysisChild.ts'),
    binFolder: join(__dirname, '..', 'dist', 'bin'),
    shellGrammar: {
      runtime: require.resolve('web-tree-sitter/web-tree-sitter.wasm'),
      grammar: require.resolve('tree-sitter-bash/tree-sitter-bash.wasm'),
    },
  };
}
