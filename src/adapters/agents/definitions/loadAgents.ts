import { join } from 'node:path';
import type { Place } from '../../../base/positionedText';
import type { Agent, FileProblem, LoadedAgents } from '../../../core/model/agent';
import { compare } from '../../../core/planning/closestNames';
import { builtInAgents } from './builtInAgents';
import { commandAgents } from './commandAgents';
import { findAgentFiles, type AgentFolder } from './findAgentFiles';
import type { ReadAgent } from './parseAgentText';
import { readAgentFile } from './readAgentFile';

export interface AgentFolders {
  /** Absolute path of the repository's root; leave out where it is not trusted. */
  readonly workspace?: string;
  /** Absolute path of the person's home folder. */
  readonly home: string;
}

/**
 * Every agent there is: the project's before those of the home folder before the built-in ones; of two with one name the
 * first is taken. Whatever is wrong with a file becomes a problem at its place and never stops the others.
 */
export async function loadAgents({ workspace, home }: AgentFolders): Promise<LoadedAgents> {
  const folders = [
    ...(workspace === undefined ? [] : foldersOf(workspace, 'project')),
    ...foldersOf(home, 'home'),
  ];
  const read: ReadAgent[] = [];
  const problems: FileProblem[] = [];
  for (const folder of folders) {
    const found = await findAgentFiles(folder);
    problems.push(...found.problems);
    for (const path of found.paths) {
      const file = await readAgentFile(path, folder.kind);
      problems.push(...file.problems);
      if (file.agent) read.push(file.agent);
    }
  }
  return withoutDuplicates(read, problems);
}

function foldersOf(root: string, kind: AgentFolder['kind']): AgentFolder[] {
  return [
    { kind, root, path: join(root, '.claude', 'agents'), isDeep: true },
    { kind, root, path: join(root, '.github', 'agents'), isDeep: false },
  ];
}

function withoutDuplicates(read: readonly ReadAgent[], problems: FileProblem[]): LoadedAgents {
  const taken = new Map<string, { agent: Agent; place: Place }>();
  const files = new Set<string>();
  for (const { agent, place } of read) {
    const path = agent.source.path ?? '';
    // The workspace may be the home folder itself.
    if (files.has(path)) continue;
    files.add(path);
    const first = taken.get(agent.name.toLowerCase());
    if (first) {
      const message = `The agent "${agent.name}" is already defined in ${first.agent.source.path ?? 'the engine'}; this definition is not used.`;
      problems.push({ path, ...place, severity: 'warning', message });
    } else {
      taken.set(agent.name.toLowerCase(), { agent, place });
    }
  }
  for (const agent of [...builtInAgents, ...commandAgents]) {
    const own = taken.get(agent.name.toLowerCase());
    if (own?.agent.source.path !== undefined) {
      const message = `The agent "${own.agent.name}" takes the place of the built-in one of that name.`;
      problems.push({ path: own.agent.source.path, ...own.place, severity: 'warning', message });
    } else {
      taken.set(agent.name.toLowerCase(), { agent, place: { line: 1, column: 1 } });
    }
  }
  return {
    agents: [...taken.values()].map(({ agent }) => agent).sort((a, b) => compare(a.name, b.name)),
    problems,
  };
}
