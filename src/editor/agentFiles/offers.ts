import type { LoadedAgents } from '../../core/model/agent';
import { agentFields, agentTools, modelNames, skillFields, type FileField } from '../../core/model/agentFile';
import { frontMatterAt, wordAt } from './frontMatterAt';

/** What can be offered and explained in the front matter of an agent's or a skill's file, without the editor. */

export interface Offer {
  readonly label: string;
  readonly insert: string;
  readonly detail: string;
  readonly kind: 'field' | 'value';
  /** Columns of what it takes the place of. */
  readonly start: number;
  readonly end: number;
}

export type FileKind = 'agent' | 'skill';

export function offersAt(
  kind: FileKind,
  lines: readonly string[],
  line: number,
  column: number,
  known: LoadedAgents,
): Offer[] {
  const place = frontMatterAt(lines, line, column);
  if (!place) return [];
  const span = { start: place.start, end: column };
  if (place.kind === 'field')
    return fieldsOf(kind)
      .filter(({ name, unused }) => unused === undefined && !place.used.includes(name))
      .map(({ name, effect }) => ({
        label: name,
        insert: `${name}: `,
        detail: plain(effect),
        kind: 'field',
        ...span,
      }));
  return valuesOf(kind, place.field, known).map(({ value, detail }) => ({
    label: value,
    insert: value,
    detail: plain(detail),
    kind: 'value',
    ...span,
  }));
}

/** Whether what can be offered depends on the agents, models and skills of the open folders. */
export function asksForNames(lines: readonly string[], line: number, column: number): boolean {
  const place = frontMatterAt(lines, line, column);
  return place?.kind === 'value' && ['model', 'skills', 'handoffs.agent'].includes(place.field);
}

export interface Explanation {
  /** Markdown. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export function explanationAt(
  kind: FileKind,
  lines: readonly string[],
  line: number,
  column: number,
  known: LoadedAgents,
): Explanation | undefined {
  const word = wordAt(lines, line, column);
  if (!word) return undefined;
  const { field, value, start, end } = word;
  const text = value === undefined ? fieldText(kind, field) : valueText(kind, field, value, known);
  return text === undefined ? undefined : { text, start, end };
}

function fieldsOf(kind: FileKind): readonly FileField[] {
  return kind === 'agent' ? agentFields : skillFields;
}

function fieldText(kind: FileKind, name: string): string {
  const field = fieldsOf(kind).find((one) => one.name === name);
  return field ? `**${name}**: ${field.effect}` : `\`${name}\` is not known here and has no effect.`;
}

function valueText(kind: FileKind, field: string, value: string, known: LoadedAgents): string | undefined {
  const found = valuesOf(kind, field, known).find((one) => one.value.toLowerCase() === value.toLowerCase());
  return found === undefined ? undefined : `\`${value}\`: ${found.detail}`;
}

function valuesOf(kind: FileKind, field: string, known: LoadedAgents): { value: string; detail: string }[] {
  if (kind === 'agent' && (field === 'tools' || field === 'disallowedTools'))
    return agentTools
      .filter(({ isAlways }) => isAlways !== true)
      .map(({ name, effect }) => ({ value: name, detail: effect }));
  if (kind === 'agent' && field === 'skills')
    return (known.skills ?? []).map(({ name, description }) => ({ value: name, detail: description }));
  if (kind === 'agent' && field === 'handoffs.agent')
    return known.agents
      .filter(({ backend }) => backend === 'model')
      .map(({ name, description }) => ({ value: name, detail: description }));
  if (kind === 'agent' && field === 'model') return models(known);
  const found = fieldsOf(kind).find((one) => one.name === field);
  return (found?.values ?? []).map((value) => ({ value, detail: found?.effect ?? '' }));
}

/** The names of tiers, and the models that agents of this window work with. */
function models({ models: resolved = {} }: LoadedAgents): { value: string; detail: string }[] {
  const tiers = modelNames.map((value) => ({
    value,
    detail: value === 'inherit' ? 'The model of the run.' : `The model that \`${value}\` stands for here.`,
  }));
  const ids = [...new Set(Object.values(resolved).map(({ id }) => id))].filter((id) => id !== 'offline');
  return [...tiers, ...ids.sort().map((value) => ({ value, detail: 'A model that agents work with here.' }))];
}

function plain(text: string): string {
  return text.replaceAll('`', '');
}
