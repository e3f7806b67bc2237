/**
 * How to start this very Node as a program of its own. In the editor's extension host `process.execPath` is the editor,
 * which acts as Node only when it is told to; the variable must then be in the child's environment.
 */
export function nodeCommand(): { file: string; env: Record<string, string> } {
  return {
    file: process.execPath,
    env: process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' },
  };
}
