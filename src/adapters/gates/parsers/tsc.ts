import { at, type Problem } from '../findings';
import type { TreePath } from '../treePaths';
import { withoutAnsi } from './ansi';

export interface TscReport {
  readonly problems: Problem[];
  /** Errors of the configuration: the compiler did not look at the code as it was meant to. */
  readonly configuration: string[];
}

const plain = /^(.+?)\((\d+),(\d+)\): (error|warning|message) (TS\d+): (.*)$/;
const pretty = /^(.+?):(\d+):(\d+) - (error|warning|message) (TS\d+): (.*)$/;
const global = /^(error|warning) (TS\d+): (.*)$/;

/** Reads what `tsc` (and `vue-tsc`) prints, with or without `--pretty`; indented lines continue a message. */
export function parseTsc(output: string, toTreePath: TreePath): TscReport {
  const problems: Problem[] = [];
  const configuration: string[] = [];
  for (const line of withoutAnsi(output).split(/\r?\n/)) {
    const placed = plain.exec(line) ?? pretty.exec(line);
    if (placed) {
      const [, path = '', row, column, category, rule = '', message = ''] = placed;
      const file = toTreePath(path);
      if (isConfiguration(rule, path)) configuration.push(`${file ?? path}: ${rule} ${message}`);
      else
        problems.push({
          ...(file && { file }),
          range: at(Number(row), Number(column)),
          severity: severity(category),
          rule,
          message,
        });
      continue;
    }
    const [, category, rule = '', message = ''] = global.exec(line) ?? [];
    if (category === undefined) continue;
    if (isConfiguration(rule, undefined)) configuration.push(`${rule} ${message}`);
    else problems.push({ severity: severity(category), rule, message });
  }
  return { problems, configuration };
}

/**
 * TS5xxx, TS6xxx and TS18000–18003 without a place or placed in a JSON file are about options and inputs. The same
 * numbers in a source file (TS5097, TS18046 …) are about its code.
 */
function isConfiguration(rule: string, path: string | undefined): boolean {
  const isOption = /^TS(5\d{3}|6\d{3}|1800[0-3])$/.test(rule);
  return isOption && (path === undefined || path.endsWith('.json'));
}

function severity(category: string | undefined): Problem['severity'] {
  return category === 'error' ? 'error' : category === 'warning' ? 'warning' : 'info';
}
