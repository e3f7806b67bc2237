/**
 * Which tools for changing files a model is told about. Models are trained on one way of writing changes and make fewer
 * mistakes with it; the other tools stay callable.
 */
export type EditTools = 'patch' | 'edit' | 'both';

/** @param configured by model id with its provider, or a beginning of it that ends in `*` */
export function editToolsFor(model: string, configured: Readonly<Record<string, EditTools>> = {}): EditTools {
  const own = Object.keys(configured)
    .filter((key) => key === model || (key.endsWith('*') && model.startsWith(key.slice(0, -1))))
    .sort((a, b) => b.length - a.length)[0];
  if (own !== undefined) return configured[own] ?? 'both';
  const name = model.slice(model.indexOf('/') + 1).toLowerCase();
  if (/gpt-([5-9]|\d\d)|codex/.test(name)) return 'patch';
  return /claude|gemini/.test(name) ? 'edit' : 'both';
}

/** The names that are not told, out of those an agent may use. */
export function untoldTools(kind: EditTools, permitted: ReadonlySet<string>): ReadonlySet<string> {
  if (kind === 'patch' && permitted.has('apply_patch')) return new Set(['edit', 'write']);
  return new Set(kind === 'edit' && permitted.has('edit') ? ['apply_patch'] : []);
}
