import type { Agent } from '../model/agent';
import { experienceText, experienceWith, pointsOf, type TrackRecord } from './outcomes';
import { changesFiles, type TaskNeeds } from './taskNeeds';
import { normalised } from './vocabulary';

export interface Fit {
  readonly score: number;
  /** Why it fits, for a person; empty where nothing speaks for it. */
  readonly reasons: readonly string[];
}

/** What is known beside the task and the agent. */
export interface FitFacts {
  readonly record?: TrackRecord;
  /** Tasks of the same plan the agent has been given already. */
  readonly load: number;
}

interface Points {
  readonly points: number;
  readonly reason?: string;
}

/**
 * How well an agent fits a task:
 * 30 for the kind of work the task asks for first (18 for a coder where code is to be mended or restructured) and 6 for
 * each other kind, 10 for each subject, a little less for capabilities that are less certain; 8 for each word of the agent's name
 * in the title and 4 in the prompt; 6 for each MCP server of its tools that the task names; 8 for the generalist; 3 for the
 * project's own agents and 2 for the person's own; minus 1 for each capability not asked for (at most 6), minus 40 for one that
 * cannot edit when files are to be changed and minus 5 for one that cannot run what it wrote; up to 8 either way for how its
 * earlier tasks of this kind ended; minus half a point for each task of this plan it has already (at most 2).
 */
export function fitOf(agent: Agent, needs: TaskNeeds, { record, load }: FitFacts): Fit {
  const capable = capability(agent, needs);
  const named = [byName(agent, needs), byServers(agent, needs)];
  const speaking = [...capable, ...named].flatMap(({ reason }) => reason ?? []);
  const isGeneralist = agent.capabilities.includes('generalist');
  const general = isGeneralist && speaking.length === 0 ? ['takes what no specialist fits'] : [];
  const reasons = [...speaking, ...general];
  const further = reasons.length > 0 ? [origin(agent), experience(agent, needs, record)] : [];
  const all = [...capable, ...named, { points: isGeneralist ? 8 : 0 }, ...further, ...lacks(agent, needs)];
  const score = all.reduce((sum, { points }) => sum + points, 0) - Math.min(2, load / 2);
  return { score, reasons: [...reasons, ...further.flatMap(({ reason }) => reason ?? [])] };
}

function capability(agent: Agent, needs: TaskNeeds): Points[] {
  const roles = needs.roles.filter((role) => agent.capabilities.includes(role));
  const subjects = needs.subjects.filter((subject) => agent.capabilities.includes(subject));
  const [first] = needs.roles;
  const leads = first !== undefined && roles.includes(first);
  const leading = leads ? 30 - doubt(agent, first) : canDoInstead(agent, first) ? 18 : 0;
  const others = 6 * (roles.length - (leads ? 1 : 0));
  const known = subjects.reduce((sum, subject) => sum + 10 - doubt(agent, subject), 0);
  const unasked = Math.min(6, agent.capabilities.length - roles.length - subjects.length);
  return [
    said(leading + others, roles.length > 0 && `does this kind of work: ${roles.map(plain).join(', ')}`),
    said(known, subjects.length > 0 && `knows the subject: ${subjects.join(', ')}`),
    { points: -unasked },
  ];
}

function byName(agent: Agent, needs: TaskNeeds): Points {
  const words = nameWords(agent.name);
  const inTitle = words.filter((word) => needs.title.includes(` ${word} `));
  const inPrompt = words.filter((word) => !inTitle.includes(word) && needs.prompt.includes(` ${word} `));
  const found = [...inTitle, ...inPrompt];
  return said(
    8 * inTitle.length + 4 * inPrompt.length,
    found.length > 0 && `its name is in the task: ${found.join(', ')}`,
  );
}

/** Servers an agent was given by name are part of what it is for. */
function byServers(agent: Agent, needs: TaskNeeds): Points {
  const servers = (agent.tools ?? []).flatMap((tool) => /^mcp__(.+?)__/.exec(tool)?.[1]?.toLowerCase() ?? []);
  const found = [...new Set(servers)].filter((server) =>
    [needs.title, needs.prompt].some((text) => text.includes(normalised(server))),
  );
  return said(6 * found.length, found.length > 0 && `has the tools of ${found.join(', ')}`);
}

function origin({ source }: Agent): Points {
  if (source.kind === 'built-in') return { points: 0 };
  return source.kind === 'project'
    ? { points: 3, reason: 'defined in this project' }
    : { points: 2, reason: 'defined in your home folder' };
}

function experience(agent: Agent, needs: TaskNeeds, record: TrackRecord | undefined): Points {
  const known = experienceWith(needs, agent.name, record);
  if (!known) return { points: 0 };
  const points = pointsOf(known);
  return { points, reason: `${points < 0 ? 'although only ' : ''}${experienceText(known)}` };
}

function lacks(agent: Agent, needs: TaskNeeds): Points[] {
  if (!changesFiles(needs)) return [];
  const has = (wanted: RegExp) => agent.tools === undefined || agent.tools.some((tool) => wanted.test(tool));
  return [{ points: has(/^(?:edit|write|apply_patch)$/) ? 0 : -40 }, { points: has(/^bash$/) ? 0 : -5 }];
}

function said(points: number, reason: string | false): Points {
  return reason === false ? { points } : { points, reason };
}

/** Derived capabilities are listed most certain first; what stands further back counts for less. */
function doubt(agent: Agent, capability: string): number {
  if (agent.source.kind === 'built-in') return 0;
  return Math.min(12, 3 * agent.capabilities.indexOf(capability));
}

/** Whoever writes code can also mend and restructure it. */
function canDoInstead(agent: Agent, role: string | undefined): boolean {
  return (role === 'debugging' || role === 'refactoring') && agent.capabilities.includes('implementation');
}

function plain(role: string): string {
  return role.replace(/^(?:gate|analysis):/, '');
}

/** Words that stand in the names of agents of every kind. */
const commonInNames = new Set(
  'agent assistant code developer engineer expert first lead master mode page phase senior specialist team with write'.split(
    ' ',
  ),
);

function nameWords(name: string): string[] {
  const words = normalised(name).trim().split(' ');
  return [...new Set(words)].filter((word) => word.length > 3 && !commonInNames.has(word));
}
