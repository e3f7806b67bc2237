import { basename } from 'node:path';
import type { Place } from '../../../base/positionedText';
import type { Agent, FileProblem } from '../../../core/model/agent';
import { agentFields } from '../../../core/model/agentFile';
import { capabilitiesOf } from './capabilitiesOf';
import { cleaned, fileFields, type FileFields } from './fileFields';
import { readFrontMatter } from './frontMatter';
import { permittedTools } from './permittedTools';

export interface ReadAgent {
  readonly agent: Agent;
  /** Where the file says its name. */
  readonly place: Place;
  /** Where it says which skills it wants. */
  readonly skillsPlace: Place;
}

export interface AgentFileContent {
  readonly agent?: ReadAgent;
  readonly problems: readonly FileProblem[];
}

const maxNameChars = 100;
const maxDescriptionChars = 8_000;
const start: Place = { line: 1, column: 1 };

/**
 * An agent from the text of its file: what `agentFields` says is read, the rest has no effect and is named as such. A file
 * can only narrow what its agent may do: permissions, programs and servers it names count for nothing.
 */
export function parseAgentText(text: string, path: string, kind: 'project' | 'home'): AgentFileContent {
  const front = readFrontMatter(text);
  const fields = fileFields(front, path);
  const { problems, warn } = fields;
  if (front.errors.length > 0) return { problems };
  if (front.fields === undefined) {
    if (isPlainDocument(path)) return { problems };
    warn(
      '',
      'There is no front matter: the name is taken from the file and the description from its first line.',
    );
  }
  const name = nameOf(fields, path);
  if (front.body === '')
    warn('name', `The agent "${name}" has no instructions: the text after the front matter is empty.`);
  const description = fields.text('description', maxDescriptionChars) ?? firstLineOf(front.body);
  if (description === '')
    warn('name', `The agent "${name}" has no description, so it is only chosen by name.`);
  const { tools, without, notes } = permittedTools(fields);
  const declared = declaredCapabilities(fields);
  const unused = [...fields.unused(agentFields), ...notes];
  warnOfClaims(fields);
  const agent: Agent = {
    name,
    description,
    source: { kind, path },
    backend: 'model',
    capabilities: capabilitiesOf({ name, description, tools, declared }),
    ...(tools === undefined ? {} : { tools: [...tools] }),
    ...(without.length === 0 ? {} : { withoutTools: [...without] }),
    ...modelsOf(fields),
    ...optionalFields(fields),
    ...(unused.length === 0 ? {} : { unused }),
    instructions: front.body,
  };
  const placeOf = (key: string) => front.places.get(key) ?? start;
  return { agent: { agent, place: placeOf('name'), skillsPlace: placeOf('skills') }, problems };
}

/** Files that describe a folder and were never meant as agents. */
function isPlainDocument(path: string): boolean {
  return /^(?:readme|changelog|contributing|license|agents|claude|index)\.md$/i.test(basename(path));
}

function nameOf(fields: FileFields, path: string): string {
  const given = fields.text('name', maxNameChars)?.replace(/\s+/g, ' ').trim();
  if (given !== undefined && given !== '') return given.normalize('NFC');
  return cleaned(basename(path).replace(/(?:\.agent|\.chatmode)?\.md$/i, '')).normalize('NFC') || 'agent';
}

/** The models as the file names them; `inherit` when it names none. */
function modelsOf(fields: FileFields): Pick<Agent, 'model' | 'fallbackModels'> {
  const value = fields.value('model');
  const listed: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const named = listed.filter((one) => typeof one === 'string').map((one) => cleaned(one).trim());
  if (named.length < listed.length)
    fields.warn('model', '`model` is neither a text nor a list of texts; what is no text was left out.');
  const [model = 'inherit', ...others] = named.filter((one) => one !== '');
  return others.length === 0 ? { model } : { model, fallbackModels: others };
}

function optionalFields(fields: FileFields): Partial<Agent> {
  const maxSteps = fields.count('maxTurns');
  const effort = fields.text('effort', 20)?.toLowerCase();
  const skills = fields.strings('skills');
  const argumentHint = fields.text('argument-hint', 300);
  const handoffs = handoffsOf(fields);
  return {
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(effort === undefined || effort === '' ? {} : { effort }),
    ...(skills === undefined || skills.length === 0 ? {} : { skills }),
    ...(fields.flag('disable-model-invocation') === true ? { onlyByName: true } : {}),
    ...(argumentHint === undefined || argumentHint === '' ? {} : { argumentHint }),
    ...(handoffs.length === 0 ? {} : { handoffs }),
  };
}

function handoffsOf(fields: FileFields): NonNullable<Agent['handoffs']> {
  const value = fields.value('handoffs');
  if (value === undefined) return [];
  const listed: unknown[] = Array.isArray(value) ? value : [];
  const read = listed.flatMap((one) => {
    if (typeof one !== 'object' || one === null || !('agent' in one) || typeof one.agent !== 'string')
      return [];
    const label = 'label' in one && typeof one.label === 'string' ? one.label : one.agent;
    const prompt = 'prompt' in one && typeof one.prompt === 'string' ? cleaned(one.prompt) : undefined;
    const to = { label: cleaned(label), agent: cleaned(one.agent) };
    return [prompt === undefined ? to : { ...to, prompt }];
  });
  if (!Array.isArray(value) || read.length < listed.length)
    fields.warn(
      'handoffs',
      '`handoffs` should be a list of `{label, agent, prompt}`; what is not was left out.',
    );
  return read;
}

function declaredCapabilities(fields: FileFields): string[] {
  const own = fields.value('enterprise');
  if (own === undefined) return [];
  const listed =
    typeof own === 'object' && own !== null && 'capabilities' in own ? own.capabilities : undefined;
  const words = typeof listed === 'string' ? listed.split(',') : listed;
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
    fields.warn('enterprise', '`enterprise` should be `{capabilities: [word, …]}`; it was left out.');
    return [];
  }
  return words.map((word) => cleaned(word).trim().toLowerCase()).filter((word) => word !== '');
}

/** What a file claims that would run something or take permissions: its author has to know that it counts for nothing. */
function warnOfClaims(fields: FileFields): void {
  if (fields.has('hooks'))
    fields.warn('hooks', '`hooks` are not run: a file cannot make the engine run programs.');
  for (const key of ['mcpServers', 'mcp-servers']) {
    const servers = fields.value(key);
    const listed: unknown[] = Array.isArray(servers) ? servers : [servers];
    if (listed.some((one) => typeof one === 'object' && one !== null))
      fields.warn(
        key,
        `The servers under \`${key}\` are not started: define them in \`.mcp.json\`, where a person agrees to each.`,
      );
  }
}

function firstLineOf(body: string): string {
  const line = body.split('\n').find((one) => one.trim() !== '') ?? '';
  return cleaned(line.replace(/^#+\s*/, ''))
    .trim()
    .slice(0, 300);
}
