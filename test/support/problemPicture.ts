import type { Problem } from '../../src/adapters/gates/findings';
import { treePathsOf } from '../../src/adapters/gates/treePaths';

/** Paths as they were when the outputs in test/fixtures/gates/recorded were made. */
export const inRepo = treePathsOf('/repo');

/** Problems as lines, so that a test shows what a person would read. */
export function picture(problems: readonly Problem[]): string[] {
  return problems.map(({ file, range, severity, rule, message }) => {
    const place = range ? `:${range.startLine}:${range.startColumn}` : '';
    return `${file ?? '-'}${place} ${severity} [${rule ?? ''}] ${message.split('\n')[0] ?? ''}`;
  });
}
