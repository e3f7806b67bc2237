import type { Disposable } from '../../base/disposable';
import type { EditorContext } from '../editorContext';
import { PlanFiles } from './planFiles';
import { followPlans } from './planProblems';
import { planScheme } from './planUri';

/** Makes the plans of runs files that can be edited. */
export function registerPlans(editor: EditorContext): Disposable[] {
  const files = new PlanFiles(editor);
  const provider = editor.api.workspace.registerFileSystemProvider(planScheme, files, {
    isCaseSensitive: true,
  });
  return [files, provider, followPlans(editor)];
}
