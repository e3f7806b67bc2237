import type { GateAbsence, GateSpec } from '../../core/model/gate';
import type { DetectedGates } from '../../core/ports';

/** Command lines that let the repository's own linter and formatter mend what they can. */
export interface Fixers {
  readonly lint?: string;
  readonly format?: string;
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
    ...('command' in lint ? { lint: lint.command } : {}),
    ...('command' in format ? { format: format.command } : {}),
    absent: [lint, format].flatMap((one) => ('command' in one ? [] : [one])),
  };
}

function fixerOf(
  name: 'lint' | 'format',
  { gates, absent }: DetectedGates,
): { command: string } | GateAbsence {
  const gate = gates.find((one) => one.name === name);
  if (!gate)
    return {
      name,
      reason: absent.find((one) => one.name === name)?.reason ?? `there is no gate \`${name}\``,
    };
  const command = writing(gate);
  return command === undefined
    ? { name, reason: `nobody knows how \`${gate.command}\` could mend what it finds` }
    : { command };
}

function writing(gate: GateSpec): string | undefined {
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
      return tolerant(program, `${program}${rest} --fix`);
    case 'biome':
      return tolerant(
        program,
        `biome${rest.replace(/^\s+ci\b/, ' check').replace(/^(\s+\w+)/, '$1 --write')}`,
      );
    case 'prettier':
      return installed(
        `prettier --write${rest.replace(/\s(?:--check|--list-different|-c|-l)(?=\s|$)/g, '')}`,
      );
    default:
      return undefined;
  }
}

/**
 * These programs end with 1 when problems remain that they cannot mend, which is no failure of the mending. So does npx
 * for a program that is not installed: asking for its version first tells the two apart.
 */
function tolerant(program: string, command: string): string {
  return `${installed(`${program} --version`)} && { ${installed(command)} || test $? -eq 1; }`;
}

function installed(command: string): string {
  return `npx --no-install ${command}`;
}
