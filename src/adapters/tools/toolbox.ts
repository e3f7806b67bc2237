import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { wellFormed } from '../../base/wellFormed';
import type {
  AttemptContext,
  OutsideToolbox,
  OutsideTools,
  Permit,
  Policy,
  ToolCall,
  Toolbox,
  ToolOutcome,
  ToolSession,
  ToolSpec,
} from '../../core/ports';
import type { Skill } from '../../core/model/skill';
import { skillsFor } from '../../core/planning/skillCatalogue';
import type { Sandbox } from '../process/sandbox';
import { applyPatch } from './applyPatch';
import { bashKill, bashOutput, bashTool, type Surroundings } from './bash';
import { diagnostics } from './diagnostics';
import { edit } from './edit';
import { editToolsFor, untoldTools, type EditTools } from './editTools';
import { finish } from './finish';
import { glob } from './glob';
import { grep } from './grep';
import { askUser, message } from './people';
import { read } from './read';
import { ReadRecord } from './readRecord';
import { Shells } from './shells';
import { skillTool } from './skill';
import { todo } from './todo';
import { authorise, refused, word, type Tool, type ToolScene } from './tool';
import { write } from './write';

export interface ToolboxOptions {
  readonly policy: Policy;
  /** Absolute path of ripgrep (`findRipgrep`); undefined where none was found: glob and grep then say so. */
  readonly ripgrepPath: string | undefined;
  /** What commands run in. Absent: nothing confines them. */
  readonly sandbox?: Sandbox | undefined;
  /** Whether commands find the files that steer agents and tools read-only. */
  readonly guarded?: boolean;
  /** By model id, where the choice of this program is not wanted (`editToolsFor`). */
  readonly editTools?: Readonly<Record<string, EditTools>> | undefined;
  /** Folder outside every worktree that keeps the whole output of commands, one file each. */
  readonly logFolder: string;
  /** The skills of the project and of the person, as they are known when an attempt begins; absent: none. */
  readonly skills?: () => readonly Skill[];
  /** Tools of MCP servers; absent: none. */
  readonly outside?: OutsideToolbox;
}

const allTools = (surroundings: Surroundings | undefined): readonly Tool[] => [
  ...[read, glob, grep, edit, write, applyPatch, bashTool(surroundings), bashOutput, bashKill],
  ...[todo, diagnostics, message, askUser, finish],
];

/** Every agent may speak, ask, plan and end its work, whatever its definition restricts it to. */
const alwaysThere = ['todo', 'message', 'ask_user', 'finish'];

/** The tools of `design.md` §7, confined to the attempt's worktree and to what the policy allows. */
export function createToolbox(options: ToolboxOptions): Toolbox {
  const { outside, sandbox } = options;
  const specs = new SpecBook();
  let surroundings: Surroundings | undefined;
  return {
    prepare: async (context) => {
      surroundings = await surroundingsIn(sandbox);
      return outside?.open(context, permitOf({ attempt: context, policy: options.policy }));
    },
    open: (context, offered) => new Session(context, options, offered, { specs, surroundings }),
  };
}

async function surroundingsIn(sandbox: Sandbox | undefined): Promise<Surroundings> {
  if (sandbox === undefined || (await sandbox.state()).kind !== 'ready') return 'machine';
  return (await sandbox.sharesLoopback()) ? 'session' : 'own';
}

/** `authorise` in the words of those who know nothing of tools. */
function permitOf(scene: Pick<ToolScene, 'attempt' | 'policy'>): Permit {
  return async (request, question) => (await authorise(scene, request, question))?.output;
}

class Session implements ToolSession {
  readonly specs: readonly ToolSpec[];
  readonly unlisted: readonly ToolSpec[];
  private readonly tools: ReadonlyMap<string, Tool>;
  private readonly scene: ToolScene;

  constructor(
    attempt: AttemptContext,
    options: ToolboxOptions,
    private readonly outside: OutsideTools | undefined,
    { specs, surroundings }: { readonly specs: SpecBook; readonly surroundings: Surroundings | undefined },
  ) {
    const { tools: wanted } = attempt.agent;
    const skills = skillsFor(options.skills?.() ?? [], attempt.agent);
    const tools = [...allTools(surroundings), ...(skills.length > 0 ? [skillTool(skills)] : [])].filter(
      ({ name }) => !wanted || wanted.includes(name) || alwaysThere.includes(name),
    );
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
    const untold = untoldTools(editToolsFor(attempt.model, options.editTools), new Set(this.tools.keys()));
    this.specs = [
      ...tools.filter(({ name }) => !untold.has(name)).map((tool) => specs.of(tool)),
      ...(outside?.specs ?? []),
    ];
    this.unlisted = tools.filter(({ name }) => untold.has(name)).map((tool) => specs.of(tool));
    const { runId, task } = attempt;
    const logFolder = join(options.logFolder, runId, task.id, String(attempt.attempt));
    this.scene = {
      attempt,
      policy: options.policy,
      root: realpathSync(attempt.worktree.path),
      record: new ReadRecord(),
      shells: new Shells({
        runId,
        logFolder,
        sandbox: options.sandbox?.session(),
        guarded: options.guarded ?? false,
      }),
      logFolder,
      sandbox: options.sandbox,
      ripgrepPath: options.ripgrepPath,
    };
  }

  summary(call: ToolCall): string {
    if (this.outside && this.isOutside(call)) return this.outside.summary(call);
    const tool = this.tools.get(call.name);
    if (!tool || !isRecord(call.input)) return `${call.name} ${word(call.input)}`.trim();
    return tool.summary(call.input).trim();
  }

  async call(call: ToolCall, signal: AbortSignal): Promise<ToolOutcome> {
    if (this.outside && this.isOutside(call)) return this.outside.call(call, permitOf(this.scene), signal);
    const tool = this.tools.get(call.name);
    if (!tool) {
      const names = this.specs.map((spec) => spec.name);
      return refused(`There is no tool "${word(call.name)}". There are: ${names.join(', ')}.`);
    }
    const input = tool.schema.safeParse(withoutNulls(call.input));
    if (!input.success) return refused(invalid(tool, input.error));
    try {
      const outcome = await tool.run(input.data, this.scene, signal);
      return { ...outcome, output: wellFormed(outcome.output) };
    } catch (error) {
      return outcomeOfSystemError(error);
    }
  }

  whyInvalid(call: ToolCall): string | undefined {
    const tool = this.tools.get(call.name);
    const input = tool?.schema.safeParse(withoutNulls(call.input));
    return tool && input && !input.success ? invalid(tool, input.error) : undefined;
  }

  isRepeatable(call: ToolCall): boolean {
    return repeatable.has(call.name) && this.tools.has(call.name);
  }

  private isOutside({ name }: ToolCall): boolean {
    return !this.tools.has(name) && this.outside?.specs.some((spec) => spec.name === name) === true;
  }

  close(): Promise<void> {
    return this.scene.shells.close();
  }
}

/** What models are told about tools. Worked out once: it takes longer than opening a session may. */
class SpecBook {
  private readonly known = new Map<Tool, ToolSpec>();

  of(tool: Tool): ToolSpec {
    const known = this.known.get(tool);
    if (known) return known;
    const { name, description, schema } = tool;
    const { $schema: _, ...inputSchema } = z.toJSONSchema(schema, { io: 'input' });
    const spec = { name, description, inputSchema };
    this.known.set(tool, spec);
    return spec;
  }
}

/** Calls of these change nothing but the list of steps, which they state as a whole. */
const repeatable = new Set(['read', 'glob', 'grep', 'todo', 'diagnostics', 'ask_user', 'bash_output']);

function invalid({ name }: Tool, error: z.ZodError): string {
  return `Invalid arguments for ${name}: ${z.prettifyError(error)}\nNothing was done. Call it again with arguments that fit.`;
}

/** What the file system refuses (no space, no permission, a name too long) is for the model to read; a bug is not. */
function outcomeOfSystemError(error: unknown): ToolOutcome {
  const { code, syscall, message: text } = error as NodeJS.ErrnoException;
  if (error instanceof Error && code !== undefined && syscall !== undefined)
    return refused(`The system refused: ${text}.`);
  throw error;
}

/** Some models send null for an argument they leave out. */
function withoutNulls(input: unknown): unknown {
  return isRecord(input)
    ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
    : input;
}

function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}
