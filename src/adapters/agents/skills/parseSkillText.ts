import { basename, dirname } from 'node:path';
import type { Place } from '../../../base/positionedText';
import type { FileProblem } from '../../../core/model/agent';
import { skillFields } from '../../../core/model/agentFile';
import type { Skill, SkillSource } from '../../../core/model/skill';
import { cleaned, fileFields, type FileFields } from '../definitions/fileFields';
import { readFrontMatter } from '../definitions/frontMatter';

export interface SkillFileContent {
  readonly skill?: Skill;
  /** Where the file says its name. */
  readonly place: Place;
  readonly problems: readonly FileProblem[];
}

const maxNameChars = 64;
const maxDescriptionChars = 1_024;
const start: Place = { line: 1, column: 1 };

/**
 * A skill from the text of its `SKILL.md` (format: agentskills.io). Read tolerantly, as other tools do: only a skill without a
 * description is not loaded, because nobody could know when to use it.
 */
export function parseSkillText(text: string, source: SkillSource): SkillFileContent {
  const { path } = source;
  const front = readFrontMatter(text);
  const fields = fileFields(front, path);
  const place = front.places.get('name') ?? start;
  const { problems } = fields;
  if (front.errors.length > 0) return { place, problems };
  const name = nameOf(fields, path);
  const description = fields.text('description', maxDescriptionChars) ?? '';
  if (description === '') {
    const message = `The skill "${name}" is not loaded: it has no description, so no agent could know when to use it.`;
    return { place, problems: [...problems, { path, ...place, severity: 'error', message }] };
  }
  if (front.body === '')
    fields.warn('name', `The skill "${name}" has no instructions after its front matter.`);
  fields.unused(skillFields);
  const compatibility = fields.text('compatibility', 500);
  const skill: Skill = {
    name,
    description: description.replace(/\s+/g, ' '),
    source,
    ...(compatibility === undefined || compatibility === '' ? {} : { compatibility }),
    ...(fields.flag('disable-model-invocation') === true ? { onlyByName: true } : {}),
  };
  return { skill, place, problems };
}

function nameOf(fields: FileFields, path: string): string {
  const folder = cleaned(basename(dirname(path))).normalize('NFC');
  const given = fields.text('name', maxNameChars)?.replace(/\s+/g, ' ').trim().normalize('NFC');
  if (given === undefined || given === '') {
    fields.warn('name', `The skill has no name; it is called "${folder}" like its folder.`);
    return folder;
  }
  if (given !== folder)
    fields.warn(
      'name',
      `The skill is called "${given}" but its folder "${folder}"; other tools want them to be the same.`,
    );
  else if (!/^[\p{Ll}\p{Lo}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{N}]+)*$/u.test(given))
    fields.warn(
      'name',
      `The name "${given}" is not made of small letters, digits and single hyphens, as other tools want it.`,
    );
  return given;
}
