import * as z from 'zod';
import type { ToolOutcome } from '../../core/ports';
import type { ProcessResult } from '../process/run';
import type { SandboxConfinement } from '../process/sandbox';
import { sandboxSymptom } from '../process/sandboxSymptoms';
import type { Shell } from './shells';
import { authorise, defineTool, done, refused, word, type Tool, type ToolScene } from './tool';

const defaultTimeoutMs = 120_000;
const maxTimeoutMs = 600_000;
/** How long `bash_output` waits for something new, so that polling costs few steps. */
const newsMs = 5000;

/**
 * What commands of a session have in common, for the model to know: it plans its steps by it.
 * `machine`: they run without a sandbox. `session`: in one, with a common loopback. `own`: in one, each with its own.
 */
export type Surroundings = 'machine' | SandboxConfinement['loopback'];

/** Before it is known where commands run, what holds anywhere is said. */
export function bashTool(surroundings: Surroundings | undefined): Tool {
  return tools[surroundings ?? 'own'];
}

const bashIn = (place: string) =>
  defineTool({
    name: 'bash',
    description: `Runs a command line in the worktree, without standard input, for at most ${maxTimeoutMs / 1000} s (default ${defaultTimeoutMs / 1000} s); beginning and end of its output are shown. With background: true it returns an id at once and runs on until bash_kill or your end; use that for servers. Each call is a new shell. ${place}`,
    schema: z.object({
      command: z.string().min(1),
      timeoutMs: z.number().int().positive().optional(),
      background: z.boolean().optional(),
    }),
    summary: ({ command }) => `$ ${word(command, 120)}`,
    run: async ({ command, timeoutMs = defaultTimeoutMs, background = false }, scene, signal) => {
      const surroundings = (await scene.sandbox?.describe(command)) ?? 'Not in a sandbox';
      const denied = await authorise(
        scene,
        { kind: 'command', root: scene.root, command },
        {
          title: `Run${sizeOf(command)}: ${word(command, 120)}`,
          detail: `${surroundings}.\nIn ${scene.root}${background ? ', in the background' : ''}:\n\n${command}`,
        },
      );
      if (denied) return denied;
      return background
        ? inBackground(scene, command)
        : inForeground(scene, command, Math.min(timeoutMs, maxTimeoutMs), signal);
    },
  });

const inSandbox =
  'All your calls share one temporary folder, /tmp: write "$TMPDIR" for it in command lines, since paths outside the worktree are refused by name; home is empty in each, and a call neither sees the processes of another nor leaves any behind, so `&` is no way to start a server: use background: true.';
const tools: Readonly<Record<Surroundings, Tool>> = {
  machine: bashIn('What `&` starts ends with its call.'),
  session: bashIn(
    `It runs in a sandbox without network. ${inSandbox} They also share localhost, which is private to you: a background server answers your later calls, on any port. Where a command was granted the network, localhost is the machine’s instead.`,
  ),
  own: bashIn(
    `It runs in a sandbox without network. ${inSandbox} Each call has a localhost of its own: start a server and what talks to it in one call.`,
  ),
};

/** Nobody should have to scroll to learn that there is more than the lines on top. */
function sizeOf(command: string): string {
  const lines = command.trim().split('\n').length;
  if (lines > 1) return ` ${lines} lines`;
  return command.length > 400 ? ` a line of ${command.length} characters` : '';
}

async function inForeground(
  scene: ToolScene,
  command: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const shell = await scene.shells.start(command, scene.root, { timeoutMs, signal });
  const result = await shell.ended;
  const output = shell.takeOutput();
  const text = [output.trimEnd(), endOf(result, timeoutMs), hindrance(shell, result, output)]
    .filter(Boolean)
    .join('\n');
  return { ok: result.exitCode === 0, output: text };
}

async function inBackground(scene: ToolScene, command: string): Promise<ToolOutcome> {
  const shell = await scene.shells.start(command, scene.root, {});
  scene.shells.keep(shell);
  // Long enough to see a command that fails at once.
  await Promise.race([shell.ended, new Promise((resolve) => setTimeout(resolve, 300))]);
  return report(shell);
}

export const bashOutput = defineTool({
  name: 'bash_output',
  description:
    'What a background command has printed since the last look, and whether it still runs. Waits a few seconds for something new.',
  schema: z.object({ id: z.string().min(1) }),
  summary: ({ id }) => `output of ${word(id)}`,
  run: async ({ id }, scene, signal) => {
    const shell = scene.shells.find(id);
    if (!shell) return unknownShell(scene, id);
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await Promise.race([shell.news(newsMs), aborted]);
    return report(shell);
  },
});

export const bashKill = defineTool({
  name: 'bash_kill',
  description: 'Ends a background command and everything it started.',
  schema: z.object({ id: z.string().min(1) }),
  summary: ({ id }) => `end ${word(id)}`,
  run: async ({ id }, scene) => {
    const shell = scene.shells.find(id);
    if (!shell) return unknownShell(scene, id);
    await shell.stop();
    return report(shell);
  },
});

/** A model that does not know of the sandbox tries the same again and again. */
function hindrance({ command, confinement }: Shell, { exitCode }: ProcessResult, output: string): string {
  const symptom = confinement && exitCode !== 0 ? sandboxSymptom(command, output, confinement) : undefined;
  return symptom === undefined ? '' : `[${symptom}]`;
}

function report(shell: Shell): ToolOutcome {
  const seconds = Math.round((performance.now() - shell.startedAtMs) / 1000);
  const state = shell.result
    ? endOf(shell.result, 0) || '[it ended with exit code 0]'
    : `[${shell.id} runs since ${seconds} s]`;
  const output = shell.takeOutput().trimEnd();
  const obstacle = shell.result ? hindrance(shell, shell.result, output) : '';
  return done([output, state, obstacle].filter(Boolean).join('\n'));
}

function unknownShell(scene: ToolScene, id: string): ToolOutcome {
  const known =
    scene.shells.ids.length > 0
      ? `There are: ${scene.shells.ids.join(', ')}.`
      : 'None was started (or the engine was restarted, which ends them).';
  return refused(`There is no background command ${id}. ${known}`);
}

function endOf(result: ProcessResult, timeoutMs: number): string {
  if (result.startError !== undefined) return '[it could not be started]';
  if (result.timedOut)
    return `[ended by the engine: it took more than ${timeoutMs / 1000} s. Use background: true for what runs long]`;
  if (result.aborted) return '[ended by the engine]';
  if (result.exitCode === null) return `[ended by ${result.signal ?? 'a signal'}]`;
  return result.exitCode === 0 ? '' : `[exit code ${result.exitCode}]`;
}
