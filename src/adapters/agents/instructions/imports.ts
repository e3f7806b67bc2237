import { basename } from 'node:path/posix';
import { trackedFrom } from './committedFiles';

/** Files whose authors expect `@path` to bring another file in. */
export function isImporting(path: string): boolean {
  return /^(?:claude|gemini)\.md$/i.test(basename(path));
}

/**
 * The tracked files a text imports with `@path`, in order. Not inside code, and nothing from outside the repository: not from
 * the home folder, not by an absolute path. Only what is written for readers is brought in, because anything else (`@.env`)
 * would reach a model without the policy being asked.
 */
export function importsOf(path: string, text: string, tracked: ReadonlySet<string>): string[] {
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/(`+)[^\n]*?\1/g, '');
  const named = [...prose.matchAll(/(?:^|[\s(])@([^\s`@]+)/g)].map((match) => match[1] ?? '');
  const found = named.flatMap((name) => {
    const plain = name.replace(/[.,;:!?)\]}'"]+$/, '');
    return trackedFrom(path, name, tracked) ?? trackedFrom(path, plain, tracked) ?? [];
  });
  return [...new Set(found)].filter(isForReaders);
}

function isForReaders(path: string): boolean {
  return (
    /\.(?:md|mdx|mdc|markdown|txt|rst|adoc)$/i.test(path) ||
    /^(?:readme|package\.json)$/i.test(basename(path))
  );
}
