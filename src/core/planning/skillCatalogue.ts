import type { Agent } from '../model/agent';
import type { Skill } from '../model/skill';

/** What an agent is told of the skills before it reads one: names and descriptions, in bounded length. */

const maxChars = 8_000;
const maxDescriptionChars = 400;

/** The skills an agent may read, those its definition names first; a skill that hides itself only where it is named. */
export function skillsFor(skills: readonly Skill[], agent: Pick<Agent, 'skills'>): Skill[] {
  const wanted = (agent.skills ?? []).map((name) => name.toLowerCase());
  const named = wanted.flatMap((name) => skills.find((skill) => skill.name.toLowerCase() === name) ?? []);
  return [...named, ...skills.filter((skill) => !named.includes(skill) && skill.onlyByName !== true)];
}

/** A line per skill; where there are more than fit, the rest by their names, and then by their number. */
export function skillCatalogue(skills: readonly Skill[]): string {
  const lines: string[] = [];
  let room = maxChars;
  for (const { name, description } of skills) {
    const line = `- ${name}: ${clip(description)}`;
    if (room < line.length) break;
    room -= line.length + 1;
    lines.push(line);
  }
  const rest = skills.slice(lines.length).map(({ name }) => name);
  if (rest.length === 0) return lines.join('\n');
  const named = rest.slice(0, 50);
  const more = rest.length > named.length ? ` and ${rest.length - named.length} more` : '';
  return [...lines, `- without description here: ${named.join(', ')}${more}`].join('\n');
}

function clip(description: string): string {
  return description.length <= maxDescriptionChars
    ? description
    : `${description.slice(0, maxDescriptionChars - 1)}…`;
}
