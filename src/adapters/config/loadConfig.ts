import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import { decodeText } from '../../base/decodeText';
import { checkText, parseJsonText, type ParsedText } from '../../base/positionedText';
import type { FileProblem } from '../../core/model/agent';
import type { Failure } from '../../core/model/failure';
import {
  machineConfigSchema,
  projectConfigSchema,
  type MachineConfig,
  type ProjectConfig,
} from './configSchema';
import { mergeConfig, type MergedConfig } from './mergeConfig';

export interface ConfigPlaces {
  /** The state folder. */
  readonly state: string;
  /** The repository's root; leave out where it is not trusted. */
  readonly workspace?: string;
}

export interface LoadedConfig extends MergedConfig {
  readonly problems: readonly FileProblem[];
  /**
   * Present when a file has errors. Nothing may run then: a limit or a denial that could not be read would be missing.
   */
  readonly failure?: Failure;
}

/** Reads the machine's and the project's configuration; a file that is not there says nothing. */
export async function loadConfig({ state, workspace }: ConfigPlaces): Promise<LoadedConfig> {
  const machine = await read<MachineConfig>(join(state, 'config.json'), machineConfigSchema);
  const project =
    workspace === undefined
      ? { value: {}, problems: [] }
      : await read<ProjectConfig>(
          join(workspace, '.enterprise', 'config.json'),
          projectConfigSchema,
          refusedAllowances,
        );
  const problems = [...machine.problems, ...project.problems];
  const broken = problems.find((problem) => problem.severity === 'error');
  return {
    ...mergeConfig(machine.value, project.value),
    problems,
    ...(broken ? { failure: failureOf(broken) } : {}),
  };
}

interface ReadConfig<T> {
  readonly value: T;
  readonly problems: readonly FileProblem[];
}

async function read<T extends object>(
  path: string,
  schema: z.ZodType<T>,
  inspect: (path: string, parsed: ParsedText, value: T) => FileProblem[] = () => [],
): Promise<ReadConfig<T>> {
  const broken = (message: string): ReadConfig<T> => ({
    value: {} as T,
    problems: [{ path, line: 1, column: 1, severity: 'error', message }],
  });
  try {
    const file = await stat(path);
    // A link to a device would never end.
    if (!file.isFile()) return broken('The configuration is not a file.');
    if (file.size > 1024 * 1024) return broken('The configuration is larger than 1 MB.');
    const decoded = decodeText(await readFile(path));
    if (!decoded.ok) return broken(`The configuration cannot be used: ${decoded.failure}.`);
    const parsed = parseJsonText(decoded.value);
    const checked = checkText(parsed, schema);
    if (checked.ok) return { value: checked.value, problems: inspect(path, parsed, checked.value) };
    return {
      value: {} as T,
      problems: checked.problems.map((problem) => ({ path, severity: 'error', ...problem })),
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? { value: {} as T, problems: [] }
      : broken(`The configuration cannot be read: ${message}`);
  }
}

/** Law L4: a repository cannot allow itself anything. */
function refusedAllowances(path: string, parsed: ParsedText, config: ProjectConfig): FileProblem[] {
  if (config.policy?.allow === undefined) return [];
  const message =
    'A repository cannot allow commands; this is ignored. Put the rule into the configuration of this machine.';
  return [{ path, ...parsed.placeOfKey(['policy'], 'allow'), severity: 'warning', message }];
}

function failureOf({ path, line, column, message }: FileProblem): Failure {
  return {
    kind: 'usage',
    path,
    message: `The configuration ${path}:${line}:${column} cannot be used: ${message}`,
    remedy: 'Correct the file. Nothing runs until then, because a limit in it might be overlooked.',
  };
}
