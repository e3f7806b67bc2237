import type { Command } from 'commander';
import type { Agent, FileProblem, LoadedAgents } from '../../core/model/agent';
import { closestNames } from '../../core/planning/closestNames';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { oneLine } from '../monitor/fitText';
import { withCommonOptions, type CommonOptions } from '../options';
import { explainAgent, placeOf } from '../explainAgent';
import { textTable } from '../textTable';
import { withEngine } from '../withEngine';

interface AgentsOptions extends CommonOptions {
  readonly skills?: boolean;
}

export function addAgents(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('agents')
    .description('the agents and skills a plan can use, and the files that do not load')
    .argument('[name]', 'explain this one: its file, its model, its tools, what it is chosen for');
  command.option('--skills', 'the skills alone');
  withCommonOptions(command).action(async (name: string | undefined, options: AgentsOptions) => {
    done(
      await withEngine(context, options, async (engine) => {
        const loaded = await engine.agents();
        if (name !== undefined) return showOne(name, loaded, engine.workspace, options, context);
        if (options.json) for (const line of jsonLines(loaded, options)) context.terminal.print(line);
        else showAll(loaded, engine.workspace, options, context);
        complainOfFiles(context, loaded.problems);
        return exitCodes.success;
      }),
    );
  });
}

function showOne(
  name: string,
  loaded: LoadedAgents,
  root: string,
  options: AgentsOptions,
  context: CommandContext,
): number {
  const { terminal } = context;
  const agent = loaded.agents.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!agent) {
    const close = closestNames(
      name,
      loaded.agents.map((one) => one.name),
    );
    const hint = close.length > 0 ? `Did you mean ${close.join(' or ')}?` : 'See them all: enterprise agents';
    terminal.complain(`There is no agent "${name}".\n${hint}`);
    return exitCodes.usage;
  }
  terminal.print(options.json ? jsonOf(agent, loaded) : explainAgent(agent, loaded, root));
  complainOfFiles(
    context,
    loaded.problems.filter(({ path }) => path === agent.source.path),
  );
  return exitCodes.success;
}

/** A table of everybody, and what has to be known of those from files: their authors are here, and wonder. */
function showAll(
  loaded: LoadedAgents,
  root: string,
  { skills }: AgentsOptions,
  { terminal }: CommandContext,
): void {
  const { width } = terminal.size();
  if (skills !== true) {
    const rows = loaded.agents.map((agent) => [
      agent.name,
      agent.source.kind,
      agent.backend,
      loaded.models?.[agent.name]?.id ?? (agent.backend === 'model' ? agent.model : 'none'),
      agent.description,
    ]);
    terminal.print(textTable(['AGENT', 'FROM', 'BACKEND', 'MODEL', 'WHAT IT DOES'], rows, width));
    for (const agent of loaded.agents.filter(({ source }) => source.kind !== 'built-in'))
      terminal.print(`\n${explainAgent(agent, loaded, root)}`);
  }
  const known = loaded.skills ?? [];
  if (known.length > 0) {
    const rows = known.map(({ name, source, description }) => [
      name,
      placeOf(source.path, root),
      description,
    ]);
    if (skills !== true) terminal.print('');
    terminal.print(textTable(['SKILL', 'FILE', 'WHAT IT HELPS WITH'], rows, width));
  } else if (skills === true) {
    terminal.print('There are no skills: no SKILL.md in .claude/skills, .github/skills or .agents/skills.');
  }
  const unused = (loaded.shadowed ?? []).filter(({ what }) => skills !== true || what === 'skill');
  const shadowed = unused.map((one) => [
    one.what,
    one.name,
    one.path === undefined ? 'built in' : placeOf(one.path, root),
    placeOf(one.by, root),
  ]);
  if (shadowed.length > 0)
    terminal.print(`\n${textTable(['NOT USED', 'NAME', 'FROM', 'BECAUSE OF'], shadowed, width)}`);
}

function jsonLines(loaded: LoadedAgents, { skills }: AgentsOptions): string[] {
  return skills === true
    ? (loaded.skills ?? []).map((skill) => JSON.stringify(skill))
    : loaded.agents.map((agent) => jsonOf(agent, loaded));
}

/** Everything but the instructions, and the model it would work with now. */
function jsonOf({ instructions: _, ...agent }: Agent, { models }: LoadedAgents): string {
  const resolved = models?.[agent.name];
  return JSON.stringify({ ...agent, ...(resolved === undefined ? {} : { resolvedModel: resolved }) });
}

/** In the form that terminals and editors make clickable. */
export function complainOfFiles({ terminal }: CommandContext, problems: readonly FileProblem[]): void {
  for (const { path, line, column, severity, message } of problems) {
    terminal.complain(
      terminal.paint(
        severity === 'error' ? 'red' : 'yellow',
        oneLine(`${path}:${line}:${column}: ${severity}: ${message}`),
      ),
    );
  }
}
