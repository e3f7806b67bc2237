import { join } from 'node:path';
import type { Agent, FileProblem, LoadedAgents, Shadowed } from '../../../core/model/agent';
import type { Skill } from '../../../core/model/skill';
import { compare } from '../../../core/planning/closestNames';
import { loadSkills } from '../skills/loadSkills';
import { builtInAgents } from './builtInAgents';
import { commandAgents } from './commandAgents';
import { findFiles, type DefinitionFolder } from './findFiles';
import { parseAgentText, type AgentFileContent, type ReadAgent } from './parseAgentText';
import { guarded, readDefinition } from './readDefinition';

export interface AgentFolders {
  /** Absolute path of the repository's root; leave out where it is not trusted. */
  readonly workspace?: string;
  /** Absolute path of the person's home folder. */
  readonly home: string;
}

/**
 * Every agent and skill there is: the project's before those of the home folder before the built-in ones; of two with one
 * name the first is taken. Whatever is wrong with a file becomes a problem at its place and never stops the others.
 */
export async function loadAgents({ workspace, home }: AgentFolders): Promise<LoadedAgents> {
  const folders = [
    ...(workspace === undefined ? [] : foldersOf(workspace, 'project')),
    ...foldersOf(home, 'home'),
    {
      kind: 'home',
      root: home,
      path: join(home, '.copilot', 'agents'),
      files: 'markdown',
      depth: 0,
    } as const,
  ];
  const [skills, found] = await Promise.all([
    loadSkills({ home, ...(workspace === undefined ? {} : { workspace }) }),
    readFolders(folders),
  ]);
  const chosen = withoutDuplicates(found.read);
  const unknownSkills = chosen.taken.flatMap((read) => missingSkills(read, skills.skills));
  return {
    agents: chosen.agents,
    skills: skills.skills,
    shadowed: [...chosen.shadowed, ...skills.shadowed],
    problems: [...found.problems, ...chosen.problems, ...unknownSkills, ...skills.problems],
  };
}

function foldersOf(root: string, kind: DefinitionFolder['kind']): DefinitionFolder[] {
  return [
    { kind, root, path: join(root, '.claude', 'agents'), files: 'markdown', depth: 10 },
    { kind, root, path: join(root, '.github', 'agents'), files: 'markdown', depth: 0 },
  ];
}

async function readFolders(
  folders: readonly DefinitionFolder[],
): Promise<{ read: ReadAgent[]; problems: FileProblem[] }> {
  const read: ReadAgent[] = [];
  const problems: FileProblem[] = [];
  const files = new Set<string>();
  for (const folder of folders) {
    const found = await findFiles(folder);
    problems.push(...found.problems);
    for (const { path, real } of found.files) {
      // The workspace may be the home folder itself, and one folder of agents a link to another.
      if (files.has(real)) continue;
      files.add(real);
      const content = await readAgent(path, folder.kind);
      problems.push(...content.problems);
      if (content.agent) read.push(content.agent);
    }
  }
  return { read, problems };
}

async function readAgent(path: string, kind: 'project' | 'home'): Promise<AgentFileContent> {
  const text = await readDefinition(path);
  if (!text.ok) return { problems: [text.failure] };
  const parsed = guarded(path, () => parseAgentText(text.value, path, kind));
  return parsed.ok ? parsed.value : { problems: [parsed.failure] };
}

interface Chosen {
  readonly agents: readonly Agent[];
  /** Those from files. */
  readonly taken: readonly ReadAgent[];
  readonly shadowed: readonly Shadowed[];
  readonly problems: readonly FileProblem[];
}

function withoutDuplicates(read: readonly ReadAgent[]): Chosen {
  const taken = new Map<string, ReadAgent>();
  const shadowed: Shadowed[] = [];
  const problems: FileProblem[] = [];
  const warn = ({ agent, place }: ReadAgent, message: string) =>
    problems.push({ path: agent.source.path ?? '', ...place, severity: 'warning', message });
  for (const one of read) {
    const key = one.agent.name.toLowerCase();
    const first = taken.get(key)?.agent.source.path;
    if (first === undefined) {
      taken.set(key, one);
      continue;
    }
    const { name, source } = one.agent;
    shadowed.push({
      what: 'agent',
      name,
      ...(source.path === undefined ? {} : { path: source.path }),
      by: first,
    });
    warn(one, `The agent "${name}" is already defined in ${first}; this definition is not used.`);
  }
  const agents = [...taken.values()].map(({ agent }) => agent);
  for (const agent of [...builtInAgents, ...commandAgents]) {
    const own = taken.get(agent.name.toLowerCase());
    if (own?.agent.source.path === undefined) {
      agents.push(agent);
      continue;
    }
    shadowed.push({ what: 'agent', name: agent.name, by: own.agent.source.path });
    warn(own, `The agent "${own.agent.name}" takes the place of the built-in one of that name.`);
  }
  return {
    agents: agents.sort((a, b) => compare(a.name, b.name)),
    taken: [...taken.values()],
    shadowed,
    problems,
  };
}

function missingSkills({ agent, skillsPlace }: ReadAgent, skills: readonly Skill[]): FileProblem[] {
  const known = new Set(skills.map((skill) => skill.name.toLowerCase()));
  const missing = (agent.skills ?? []).filter((name) => !known.has(name.toLowerCase()));
  if (missing.length === 0 || agent.source.path === undefined) return [];
  const message = `There is no skill called ${missing.map((name) => `"${name}"`).join(' or ')}; the agent works without.`;
  return [{ path: agent.source.path, ...skillsPlace, severity: 'warning', message }];
}
