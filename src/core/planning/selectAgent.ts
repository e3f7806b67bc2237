import { fail, ok, type Result } from '../../base/result';
import type { Agent } from '../model/agent';
import type { Failure } from '../model/failure';
import type { Work } from '../model/plan';
import { closestNames, compare } from './closestNames';
import { normalised, roleNames, rolesOf, subjectsOf } from './vocabulary';

/** What is known of a task when its agent is chosen. */
export interface AgentlessTask {
  readonly id: string;
  readonly title: string;
  readonly work: Work;
}

export interface SelectionHints {
  /** The agent the plan's author named. */
  readonly agent?: string;
  /** Domains found by the analysis of the whole request. */
  readonly domains?: readonly string[];
}

export interface AgentChoice {
  readonly agent: Agent;
  /** Why this one, for a person; at least one. */
  readonly reasons: readonly string[];
}

/**
 * Chooses who does a task. An agent named by the author is honoured if it exists and has the right backend. Otherwise
 * each agent with the right backend is scored and the best one taken, ties by name:
 * 30 for the kind of work the task asks for first (18 for a coder where code is to be mended or restructured) and 6 for
 * each other kind, 10 for each subject, a little less for capabilities that are less certain; 8 for each word of the agent's name
 * in the title and 4 in the prompt; 8 for the generalist; 3 for the project's own agents and 2 for the person's own; minus 1 for
 * each capability not asked for (at most 6), minus 40 for one that cannot edit when files are to be changed.
 */
export function selectAgent(
  task: AgentlessTask,
  agents: readonly Agent[],
  hints: SelectionHints = {},
): Result<AgentChoice, Failure> {
  if (hints.agent !== undefined) return named(task, hints.agent, agents);
  const backend = task.work.kind === 'agent' ? 'model' : 'command';
  const wanted = wantedOf(task, hints.domains ?? []);
  const scored = agents
    .filter((agent) => agent.backend === backend)
    .map((agent) => ({ agent, ...scoreOf(agent, wanted) }))
    .sort((a, b) => b.score - a.score || compare(a.agent.name, b.agent.name));
  const [best] = scored;
  if (!best) {
    const message = `No agent can do task \`${task.id}\`: there is none with the backend \`${backend}\`.`;
    return fail({ kind: 'agent-missing', agent: backend, message });
  }
  return ok({
    agent: best.agent,
    reasons: best.reasons.length > 0 ? best.reasons : ['nobody fits better: chosen as the first by name'],
  });
}

function named(task: AgentlessTask, name: string, agents: readonly Agent[]): Result<AgentChoice, Failure> {
  const agent =
    agents.find((one) => one.name === name) ??
    agents.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const fitting = task.work.kind === 'agent' ? 'model' : 'command';
  if (!agent) {
    const close = closestNames(
      name,
      agents.map((one) => one.name),
    );
    const message = `Task \`${task.id}\` names the agent \`${name}\`, which does not exist.`;
    const remedy =
      close.length > 0
        ? `Did you mean ${close.map((one) => `\`${one}\``).join(' or ')}?`
        : 'See `enterprise agents` for those there are.';
    return fail({ kind: 'agent-missing', agent: name, message, remedy });
  }
  if (agent.backend !== fitting) {
    const message = `Task \`${task.id}\` names the agent \`${agent.name}\`, which ${abilityOf(agent)}, but the task is ${natureOf(task.work)}.`;
    return fail({
      kind: 'plan-invalid',
      message,
      problems: [message],
      remedy: 'Leave `agent` out to have one chosen.',
    });
  }
  return ok({ agent, reasons: ['named in the plan'] });
}

function abilityOf(agent: Agent): string {
  return agent.backend === 'model' ? 'works with a language model' : 'only runs programs';
}

function natureOf(work: Work): string {
  switch (work.kind) {
    case 'agent':
      return 'a prompt for a language model';
    case 'command':
      return 'a command line';
    case 'check':
      return 'a check by gates';
    case 'analysis':
      return 'an analysis by the engine';
  }
}

interface Wanted {
  readonly work: Work;
  readonly roles: readonly string[];
  readonly subjects: readonly string[];
  readonly title: string;
  readonly prompt: string;
}

/** Words of the title weigh more than those of the prompt: a long prompt mentions much in passing. */
function wantedOf(task: AgentlessTask, domains: readonly string[]): Wanted {
  const { work, title } = task;
  const prompt = textOf(work);
  if (work.kind === 'check' || work.kind === 'analysis') {
    const wanted = work.kind === 'check' ? work.gates.map((gate) => `gate:${gate}`) : [`analysis:${work.of}`];
    return { work, roles: wanted, subjects: [], title, prompt };
  }
  // Unless it leads, "change" or "add" says nothing about who should do it.
  const roles = unique([...rolesOf(title), ...rolesOf(prompt).slice(0, 3)]).filter(
    (role, index) => index === 0 || role !== 'implementation',
  );
  const subjects = unique([
    ...subjectsOf(title),
    ...subjectsOf(prompt).slice(0, 4),
    ...(work.kind === 'agent' ? domains.filter(isSubject) : []),
  ]);
  return { work, roles, subjects, title: normalised(title), prompt: normalised(prompt) };
}

function textOf(work: Work): string {
  switch (work.kind) {
    case 'agent':
      return work.prompt;
    case 'command':
      return work.run;
    case 'check':
      return work.gates.join(' ');
    case 'analysis':
      return work.of;
  }
}

function isSubject(domain: string): boolean {
  return domain !== 'general' && !roleNames.includes(domain);
}

function scoreOf(agent: Agent, wanted: Wanted): { score: number; reasons: string[] } {
  const reasons: string[] = [];
  const roles = wanted.roles.filter((role) => agent.capabilities.includes(role));
  const subjects = wanted.subjects.filter((subject) => agent.capabilities.includes(subject));
  const [first] = wanted.roles;
  const leads = first !== undefined && roles.includes(first);
  let score = leads ? 30 - doubt(agent, first) : canDoInstead(agent, first) ? 18 : 0;
  score += 6 * (roles.length - (leads ? 1 : 0));
  for (const subject of subjects) score += 10 - doubt(agent, subject);
  if (roles.length > 0) reasons.push(`does this kind of work: ${roles.map(plain).join(', ')}`);
  if (subjects.length > 0) reasons.push(`knows the subject: ${subjects.join(', ')}`);
  const inTitle = nameWords(agent).filter((word) => wanted.title.includes(` ${word} `));
  const inPrompt = nameWords(agent).filter(
    (word) => !inTitle.includes(word) && wanted.prompt.includes(` ${word} `),
  );
  score += 8 * inTitle.length + 4 * inPrompt.length;
  if (inTitle.length + inPrompt.length > 0)
    reasons.push(`its name is in the task: ${[...inTitle, ...inPrompt].join(', ')}`);
  if (agent.capabilities.includes('generalist')) {
    score += 8;
    if (reasons.length === 0) reasons.push('takes what no specialist fits');
  }
  if (reasons.length > 0 && agent.source.kind !== 'built-in') {
    score += agent.source.kind === 'project' ? 3 : 2;
    reasons.push(agent.source.kind === 'project' ? 'defined in this project' : 'defined in your home folder');
  }
  if (changesFiles(wanted) && !canEdit(agent)) score -= 40;
  score -= Math.min(6, agent.capabilities.length - roles.length - subjects.length);
  return { score, reasons };
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

function nameWords(agent: Agent): string[] {
  const words = normalised(agent.name).trim().split(' ');
  return [...new Set(words)].filter((word) => word.length > 3 && !commonInNames.has(word));
}

/** Everything but a pure review, design or research may have to write. */
function changesFiles(wanted: Wanted): boolean {
  const [first] = wanted.roles;
  return (
    wanted.work.kind === 'agent' && first !== 'review' && first !== 'research' && first !== 'architecture'
  );
}

function canEdit(agent: Agent): boolean {
  return (
    agent.tools === undefined ||
    agent.tools.some((tool) => tool === 'edit' || tool === 'write' || tool === 'apply_patch')
  );
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
