import type { GateAbsence, GateSpec } from '../../core/model/gate';
import type { DetectedGates } from '../../core/ports';

/** A command line that mends. The tree's own programs come first on its PATH, so it names them without a launcher. */
export interface Fixer {
  readonly run: string;
  /** Exit codes besides 0 that are no failure. */
  readonly accepts?: readonly number[];
}

/** How the repository's own linter and formatter mend what they can. */
export interface Fixers {
  readonly lint?: Fixer;
  readonly format?: Fixer;
  /** What cannot be mended automatically here, with the reason. */
  readonly absent: readonly GateAbsence[];
}

/**
 * Finds the fixers by the gates that check the same: the same program over the same files, asked to write. Nothing is
 * invented for a repository that has not set such a program up.
 */
export function fixersOf(detected: DetectedGates): Fixers {
  const lint = fixerOf('lint', detected);
  const format = fixerOf('format', detected);
  return {
    ...('run' in lint ? { lint } : {}),
    ...('run' in format ? { format } : {}),
    absent: [lint, format].flatMap((one) => ('run' in one ? [] : [one])),
  };
}

function fixerOf(name: 'lint' | 'format', { gates, absent }: DetectedGates): Fixer | GateAbsence {
  const gate = gates.find((one) => one.name === name);
  if (!gate) {
    const reason = absent.find((one) => one.name === name)?.reason ?? `there is no gate \`${name}\``;
    return { name, reason };
  }
  return writing(gate) ?? { name, reason: `nobody knows how \`${gate.command}\` could mend what it finds` };
}

function writing(gate: GateSpec): Fixer | undefined {
  const match =
    /^(?:npx (?:--no-install |--no )?)?(?:\S*\/)?(eslint|biome|xo|standard|prettier)(?=\s|$)(.*)$/s.exec(
      gate.command.trim(),
    );
  const [, program, rest = ''] = match ?? [];
  // A pipe or a list of commands is more than the one program.
  if (program === undefined || /[|&;<>]/.test(rest)) return undefined;
  switch (program) {
    case 'eslint':
    case 'xo':
    case 'standard':
      return tolerant(`${program}${rest} --fix`);
    case 'biome':
      return tolerant(`biome${rest.replace(/^\s+ci\b/, ' check').replace(/^(\s+\w+)/, '$1 --write')}`);
    case 'prettier':
      return { run: `prettier --write${rest.replace(/\s(?:--check|--list-different|-c|-l)(?=\s|$)/g, '')}` };
    default:
      return undefined;
  }
}

/** These programs end with 1 when problems remain that they cannot mend, which is no failure of the mending. */
function tolerant(run: string): Fixer {
  return { run, accepts: [1] };
}
