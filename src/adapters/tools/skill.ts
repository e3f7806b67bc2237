import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { Skill } from '../../core/model/skill';
import { closestNames } from '../../core/planning/closestNames';
import { skillCatalogue } from '../../core/planning/skillCatalogue';
import type { ToolOutcome } from '../../core/ports';
import { readText } from './textFile';
import { defineTool, done, refused, word, type Tool } from './tool';
import { readablePath } from './writing';

const maxChars = 48_000;
const maxFiles = 100;
const maxDepth = 4;

/** Reads these skills, whole and file by file. Runs nothing of them: a script is a text here like any other. */
export function skillTool(skills: readonly Skill[]): Tool {
  return defineTool({
    name: 'skill',
    description: `Reads a skill: instructions for one kind of work. Read the one that fits your task before you begin; \`file\` reads a file beside it that it mentions. There are:\n${skillCatalogue(skills)}`,
    schema: z.object({
      name: z.string().min(1),
      file: z.string().min(1).optional().describe('Relative to the folder of the skill.'),
    }),
    summary: ({ name, file }) => `skill ${word(name)}${file === undefined ? '' : ` ${word(file)}`}`,
    run: async ({ name, file = 'SKILL.md' }, scene) => {
      const skill = find(name, skills);
      if (!skill) return refused(unknownSkill(name, skills));
      const folder = await realpath(dirname(skill.source.path));
      const target = await readablePath({ ...scene, root: folder }, file);
      if (!target.ok)
        return refused(target.failure.output.replaceAll('the worktree', 'the folder of the skill'));
      const read = await readText(target.value);
      if (read === 'missing') return refused(await missing(skill, file, folder));
      if (!read.ok) return refused(read.failure);
      const { relative } = target.value;
      const text = bounded(relative === 'SKILL.md' ? withoutFrontMatter(read.value.text) : read.value.text);
      return relative === 'SKILL.md' ? whole(skill, text, await filesBeside(folder)) : done(text);
    },
  });
}

function find(name: string, skills: readonly Skill[]): Skill | undefined {
  const wanted = name.trim().toLowerCase();
  return skills.find((skill) => skill.name.toLowerCase() === wanted);
}

function unknownSkill(name: string, skills: readonly Skill[]): string {
  const names = skills.map((skill) => skill.name);
  const close = closestNames(name, names);
  return `There is no skill "${word(name)}". ${close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `There are: ${word(names.join(', '), 2_000)}.`}`;
}

async function missing(skill: Skill, file: string, folder: string): Promise<string> {
  const files = await filesBeside(folder);
  const there = files.length > 0 ? `There are: ${files.join(', ')}.` : 'It has no other files.';
  return `The skill ${skill.name} has no file ${word(file)}. ${there}`;
}

function whole(skill: Skill, text: string, files: readonly string[]): ToolOutcome {
  const { compatibility, source } = skill;
  const place =
    source.folder === undefined
      ? 'The skill is the person’s own and stands outside your worktree: read its files with this tool; they cannot be run.'
      : `In your worktree it stands in \`${source.folder}\`, if it is committed.`;
  const needs = compatibility === undefined ? [] : [`It says it needs: ${compatibility}`];
  const beside = files.length > 0 ? [`Files beside it: ${files.join(', ')}`] : [];
  return done([`# Skill ${skill.name}`, '', text, '', '---', ...needs, ...beside, place].join('\n'));
}

function withoutFrontMatter(text: string): string {
  return text.replace(/^\s*---[^\S\n]*\n[\s\S]*?\n(?:---|\.\.\.)[^\S\n]*(?:\n|$)/, '').trim();
}

function bounded(text: string): string {
  return text.length <= maxChars
    ? text
    : `${text.slice(0, maxChars)}\n[${text.length - maxChars} more characters are not shown]`;
}

/** Names of the files of a skill, links left out: where they lead is only looked at when one is read. */
async function filesBeside(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = path === '' ? entry.name : `${path}/${entry.name}`;
      if (found.length >= maxFiles || name === 'SKILL.md') continue;
      if (entry.isFile()) found.push(name);
      else if (
        entry.isDirectory() &&
        depth < maxDepth &&
        entry.name !== 'node_modules' &&
        entry.name !== '.git'
      )
        await walk(name, depth + 1);
    }
  };
  await walk('', 0);
  return found;
}
