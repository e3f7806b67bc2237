import { basename } from 'node:path';
import type { Place, TextProblem } from '../../../base/positionedText';
import type { Agent, FileProblem } from '../../../core/model/agent';
import { capabilitiesOf } from './capabilitiesOf';
import { readFrontMatter, type FrontMatter } from './frontMatter';
import { toolsOf } from './toolsOf';

export interface ReadAgent {
  readonly agent: Agent;
  /** Where the file says its name. */
  readonly place: Place;
}

export interface AgentFileContent {
  readonly agent?: ReadAgent;
  readonly problems: readonly FileProblem[];
}

/**
 * An agent from the text of its file: `name`, `description`, `tools`, `disallowedTools`, `model` and our own `enterprise` are
 * read (formats: Claude Code sub-agents, GitHub `.agent.md`), other keys belong to other tools and are ignored.
 */
export function parseAgentText(text: string, path: string, kind: 'project' | 'home'): AgentFileContent {
  const front = readFrontMatter(text);
  const problems: FileProblem[] = [
    ...front.errors.map((problem) => located(path, 'error', problem)),
    ...front.warnings.map((problem) => located(path, 'warning', problem)),
  ];
  const warn = (key: string, message: string) =>
    problems.push(
      located(path, 'warning', { ...(front.places.get(key) ?? { line: 1, column: 1 }), message }),
    );
  if (front.errors.length > 0) return { problems };
  if (front.fields === undefined) {
    if (isPlainDocument(path)) return { problems };
    warn(
      '',
      'There is no front matter: the name is taken from the file and the description from its first line.',
    );
  }
  const name = nameOf(front, path, warn);
  if (front.body === '')
    warn('name', `The agent "${name}" has no instructions: the text after the front matter is empty.`);
  const description = textField(front, 'description', warn) ?? firstLineOf(front.body);
  if (description === '')
    warn('name', `The agent "${name}" has no description, so it is only chosen by name.`);
  const tools = toolsOf(front.fields?.get('tools'), front.fields?.get('disallowedTools'));
  if (tools.unknown.length > 0)
    warn(
      'tools',
      `Not known here and left out: ${tools.unknown.join(', ')}. Tools of an MCP server are written \`server/tool\` or \`mcp__server__tool\`.`,
    );
  const agent = {
    name,
    description,
    source: { kind, path },
    backend: 'model' as const,
    capabilities: capabilitiesOf({
      name,
      description,
      tools: tools.tools,
      declared: declaredCapabilities(front, warn),
    }),
    ...(tools.tools === undefined ? {} : { tools: [...tools.tools] }),
    model: modelOf(front),
    instructions: front.body,
  };
  return { agent: { agent, place: front.places.get('name') ?? { line: 1, column: 1 } }, problems };
}

type Warn = (key: string, message: string) => void;

/** Files that describe a folder and were never meant as agents. */
function isPlainDocument(path: string): boolean {
  return /^(?:readme|changelog|contributing|license|agents|claude|index)\.md$/i.test(basename(path));
}

function nameOf(front: FrontMatter, path: string, warn: Warn): string {
  const given = textField(front, 'name', warn)?.replace(/\s+/g, ' ').trim();
  if (given !== undefined && given !== '') return given;
  return basename(path).replace(/(?:\.agent|\.chatmode)?\.md$/i, '');
}

function textField(front: FrontMatter, key: string, warn: Warn): string | undefined {
  const value = front.fields?.get(key);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value.trim();
  const text = Array.isArray(value) ? value.map(String).join(', ') : JSON.stringify(value);
  warn(key, `\`${key}\` is not a text; it was read as "${text}".`);
  return text;
}

/** The model as the file names it, the first of a list; `inherit` when it names none. */
function modelOf(front: FrontMatter): string {
  const value = front.fields?.get('model');
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first.trim() !== '' ? first.trim() : 'inherit';
}

function declaredCapabilities(front: FrontMatter, warn: Warn): string[] {
  const own = front.fields?.get('enterprise');
  if (own === undefined || own === null) return [];
  const listed = typeof own === 'object' && 'capabilities' in own ? own.capabilities : undefined;
  const words = typeof listed === 'string' ? listed.split(',') : listed;
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
    warn('enterprise', '`enterprise` should be `{capabilities: [word, …]}`; it was left out.');
    return [];
  }
  return words.map((word) => word.trim().toLowerCase()).filter((word) => word !== '');
}

function firstLineOf(body: string): string {
  const line = body.split('\n').find((one) => one.trim() !== '') ?? '';
  return line
    .replace(/^#+\s*/, '')
    .trim()
    .slice(0, 300);
}

function located(
  path: string,
  severity: FileProblem['severity'],
  { line, column, message }: TextProblem,
): FileProblem {
  return { path, line, column, severity, message };
}
