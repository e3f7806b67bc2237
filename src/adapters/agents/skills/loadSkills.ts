import { realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { FileProblem, Shadowed } from '../../../core/model/agent';
import type { Skill } from '../../../core/model/skill';
import { compare } from '../../../core/planning/closestNames';
import { findFiles, type DefinitionFolder } from '../definitions/findFiles';
import { guarded, readDefinition } from '../definitions/readDefinition';
import { parseSkillText, type SkillFileContent } from './parseSkillText';

export interface SkillFolders {
  /** Absolute path of the repository's root; leave out where it is not trusted. */
  readonly workspace?: string;
  /** Absolute path of the person's home folder. */
  readonly home: string;
}

export interface LoadedSkills {
  /** In the order of their names. */
  readonly skills: readonly Skill[];
  readonly shadowed: readonly Shadowed[];
  readonly problems: readonly FileProblem[];
}

const folderNames = ['.claude', '.github', '.agents'];
const homeFolderNames = [...folderNames, '.copilot'];
/** Skills may be grouped in folders. */
const depth = 4;

/**
 * Every skill there is: the project's before those of the home folder; of two with one name the first is taken. Only their
 * names and descriptions are kept. Whatever is wrong with a file becomes a problem at its place and never stops the others.
 */
export async function loadSkills({ workspace, home }: SkillFolders): Promise<LoadedSkills> {
  const folders = [
    ...(workspace === undefined ? [] : foldersOf(workspace, 'project', folderNames)),
    ...foldersOf(home, 'home', homeFolderNames),
  ];
  const problems: FileProblem[] = [];
  const shadowed: Shadowed[] = [];
  const taken = new Map<string, Skill>();
  const files = new Set<string>();
  for (const folder of folders) {
    const found = await findFiles(folder);
    problems.push(...found.problems);
    for (const { path, real } of found.files) {
      // A folder of skills is often a link to that of another tool.
      if (files.has(real)) continue;
      files.add(real);
      if (folder.kind === 'project' && !(await isAmongSkills(path, folder.root).catch(() => false))) {
        problems.push({ path, line: 1, column: 1, severity: 'error', message: elsewhere });
        continue;
      }
      const read = await readSkill(path, folder);
      problems.push(...read.problems);
      if (!read.skill) continue;
      const key = read.skill.name.toLowerCase();
      const first = taken.get(key);
      if (first) {
        shadowed.push({ what: 'skill', name: read.skill.name, path, by: first.source.path });
        problems.push({ path, ...read.place, severity: 'warning', message: alreadyThere(read.skill, first) });
      } else taken.set(key, read.skill);
    }
  }
  return { skills: [...taken.values()].sort((a, b) => compare(a.name, b.name)), shadowed, problems };
}

const elsewhere = 'Not loaded: it is a link to a folder that is not one of skills.';

/**
 * Whether the folder of a skill stands, with every link followed, in one that is called `skills`. Agents may read all of
 * it, in the person's checkout: a link to the project itself would show them files that were never committed.
 */
async function isAmongSkills(path: string, root: string): Promise<boolean> {
  const [folder, project] = await Promise.all([realpath(dirname(path)), realpath(root)]);
  return dirname(relative(project, folder))
    .split(sep)
    .some((name) => name.toLowerCase() === 'skills');
}

function foldersOf(
  root: string,
  kind: DefinitionFolder['kind'],
  names: readonly string[],
): DefinitionFolder[] {
  return names.map((name) => ({ kind, root, path: join(root, name, 'skills'), files: 'skill', depth }));
}

async function readSkill(path: string, { kind, root }: DefinitionFolder): Promise<SkillFileContent> {
  const place = { line: 1, column: 1 };
  const text = await readDefinition(path);
  if (!text.ok) return { place, problems: [text.failure] };
  const inRepository = relative(root, dirname(path)).split(sep).join('/');
  const source = { kind, path, ...(kind === 'project' ? { folder: inRepository } : {}) };
  const parsed = guarded(path, () => parseSkillText(text.value, source));
  return parsed.ok ? parsed.value : { place, problems: [parsed.failure] };
}

function alreadyThere(skill: Skill, first: Skill): string {
  return `The skill "${skill.name}" is already defined in ${first.source.path}; this definition is not used.`;
}
