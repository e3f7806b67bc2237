import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../base/result';
import { expandVariables } from './expandVariables';
import { addressDetail, programDetail, quoted } from './launchDetail';
import { expandAll, folderOf, pathWord, type LaunchPlace } from './launchWords';
import { contentDigest, findProgram } from './programFile';
import type { ServerDefinition } from './serverDefinitions';

export interface Launch {
  readonly definition: ServerDefinition;
  readonly target: ProgramTarget | AddressTarget;
  /** SHA-256 over everything that decides what will run or be called; the same in every worktree. */
  readonly digest: string;
  /** One line for people; values of variables do not stand in it. */
  readonly commandLine: string;
  /** What a person is shown before it starts. */
  readonly detail: string;
  /** Values that no model may read and no event may hold, longest first. */
  readonly secrets: readonly string[];
}

export interface ProgramTarget {
  readonly kind: 'program';
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  /**
   * Absent: an empty folder of its own, which is the default because programs look for code where they stand (`npx` in
   * `node_modules`, others for configuration that names code): in the worktree an agent could put it there, and in the
   * person's checkout a server that writes where it stands would change it (N3).
   */
  readonly cwd?: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface AddressTarget {
  readonly kind: 'address';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Server-sent events only, as the definition says. */
  readonly isSse: boolean;
}

/** Works out what starting a server would run. Nothing is started; why it cannot be started is a part of a sentence. */
export async function planLaunch(
  definition: ServerDefinition,
  place: LaunchPlace,
): Promise<Result<Launch, string>> {
  const { envFile, url } = definition.entry;
  if (envFile !== undefined) return fail('its envFile is not read; name the variables it needs under `env`');
  return url === undefined ? programLaunch(definition, place) : addressLaunch(definition, url, place);
}

/** Variables by which a file could have other code loaded than the command line names. */
const loaders =
  /^(PATH|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|PERL5OPT|PERL5LIB|RUBYOPT|RUBYLIB|CLASSPATH)$|^(LD_|DYLD_|PYTHON|GIT_|JAVA_TOOL|_JAVA|npm_config_|ENTERPRISE_)/i;

async function programLaunch(
  definition: ServerDefinition,
  place: LaunchPlace,
): Promise<Result<Launch, string>> {
  const { command = '', args = [], env = {}, cwd } = definition.entry;
  const loader = Object.keys(env).find((name) => loaders.test(name));
  if (loader !== undefined && definition.source.kind === 'project')
    return fail(`it sets ${loader}, which decides what code runs; a repository may not do that`);
  const words = await pathWords(args, place);
  if (!words.ok) return words;
  const variables = expandAll(env, place);
  if (!variables.ok) return variables;
  const named = expandVariables(command, { ...place, workspaceFolder: place.workspace });
  if (!named.ok) return named;
  const program = await findProgram(named.value.text, place);
  if (!program.ok) return program;
  const folder = cwd === undefined ? ok(undefined) : await folderOf(cwd, place);
  if (!folder.ok) return folder;
  const used = [...named.value.used, ...words.value.used, ...variables.value.used];
  const { texts } = words.value;
  const digest = digestOf({
    program: program.value,
    // What the arguments become matters, except for the tree of the day.
    args: texts.map((text) => text.replaceAll(place.tree, '${workspaceFolder}')),
    cwd: cwd ?? null,
    env: sorted(variables.value.values),
    code: await Promise.all([program.value, ...texts].map((path) => contentDigest(path, place))),
  });
  return ok({
    definition,
    target: {
      kind: 'program',
      program: program.value,
      args: texts,
      ...(folder.value === undefined ? {} : { cwd: folder.value }),
      variables: variables.value.values,
    },
    digest,
    commandLine: [program.value, ...args].map(quoted).join(' '),
    detail: programDetail(definition, program.value, used),
    secrets: secretsOf([...Object.values(variables.value.values), ...valuesOf(used, place)]),
  });
}

async function pathWords(
  args: readonly string[],
  place: LaunchPlace,
): Promise<Result<{ texts: string[]; used: string[] }, string>> {
  const texts: string[] = [];
  const used: string[] = [];
  for (const arg of args) {
    const word = await pathWord(arg, place);
    if (!word.ok) return word;
    texts.push(word.value.text);
    used.push(...word.value.used);
  }
  return ok({ texts, used });
}

function addressLaunch(
  definition: ServerDefinition,
  address: string,
  place: LaunchPlace,
): Result<Launch, string> {
  const expanded = expandVariables(address, { ...place, workspaceFolder: place.tree });
  if (!expanded.ok) return expanded;
  const headers = expandAll(definition.entry.headers ?? {}, place);
  if (!headers.ok) return headers;
  const url = URL.canParse(expanded.value.text) ? new URL(expanded.value.text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return fail(`${quoted(address)} is not an http(s) address`);
  const used = [...expanded.value.used, ...headers.value.used];
  return ok({
    definition,
    target: { kind: 'address', url, headers: headers.value.values, isSse: definition.entry.type === 'sse' },
    digest: digestOf({ url: url.href, headers: sorted(headers.value.values) }),
    commandLine: address,
    detail: addressDetail(definition, address, used),
    secrets: secretsOf([...Object.values(headers.value.values), ...valuesOf(used, place)]),
  });
}

function valuesOf(names: readonly string[], { environment }: LaunchPlace): string[] {
  return names.map((name) => environment[name] ?? '');
}

/** Shorter ones stand in innocent texts by chance. */
function secretsOf(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value.length >= 6))].sort((a, b) => b.length - a.length);
}

function sorted(values: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

function digestOf(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
