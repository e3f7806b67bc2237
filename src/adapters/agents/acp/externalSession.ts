import { fail, ok, type Result } from '../../../base/result';
import type { Failure } from '../../../core/model/failure';
import { childEnvironment } from '../../process/childEnvironment';
import { startAgentProcess, type AgentProcess, type ProgramEnd, type ProgramSpec } from './agentProcess';
import type { Confinement } from '../../process/run';
import { failureOfLink, misbehaved } from './externalFailure';
import type { Launch } from './launch';
import type { Link, LinkAnswer, LinkHandlers } from './link';
import { initializedSchema, promptedSchema, sessionSchema, type Prompted } from './protocol';
import { settleSession } from './sessionSettings';

export interface SessionOptions {
  /** Absolute: the folder the program is started in, and the session's. */
  readonly cwd: string;
  /** Marks every process of it as part of a run, so that it is found after a crash. */
  readonly runId?: string;
  readonly handlers: LinkHandlers;
  readonly signal: AbortSignal;
  /** The sandbox it works in, where there is one. */
  readonly confine?: (launch: Launch, cwd: string) => Promise<Confinement | undefined>;
  /** How long it may take to start and to open a session. Default: three minutes, for npx may fetch it first. */
  readonly startTimeoutMs?: number;
  /** Default: the module beside this one. A bundle may put it in a file of its own. */
  readonly load?: () => Promise<typeof import('./link')>;
}

/** A conversation with one external agent, which runs as long as it lasts. */
export interface ExternalSession {
  /** The mode the agent works in, where it has modes. */
  readonly mode: string | undefined;
  /** One turn, until the agent stops. Rejects never; an agent that is gone is a failure. */
  prompt(text: string): Promise<Result<Prompted, Failure>>;
  /** Asks the agent to end its turn; the prompt's own answer says when it did. */
  cancel(): void;
  /** Ends the program and everything it started. */
  end(): Promise<void>;
}

/**
 * Starts an agent and opens a session, with nothing offered: no files, no terminals, no servers. What it does, it does
 * itself in its folder. When this fails nothing of it is left.
 */
export async function openSession(
  launch: Launch,
  options: SessionOptions,
): Promise<Result<ExternalSession, Failure>> {
  const { openLink, protocolVersion } = await (options.load ?? (() => import('./link')))();
  const spec: ProgramSpec = {
    file: launch.file,
    args: launch.args,
    cwd: options.cwd,
    env: { ...environmentOf(launch, options.runId), ...launch.passed },
  };
  const confinement = await options.confine?.(launch, options.cwd);
  const program = startAgentProcess({ ...spec, confinement });
  const talk = new Talk(launch, program, openLink(program, options.handlers));
  try {
    const opened = await within(talk.open(options.cwd, protocolVersion), options, launch);
    if (!opened.ok) await talk.end();
    return opened;
  } catch (error) {
    await talk.end();
    throw error;
  }
}

function environmentOf(launch: Launch, runId: string | undefined): NodeJS.ProcessEnv {
  const env = childEnvironment(runId === undefined ? {} : { runId });
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...env, [key]: launch.path };
}

class Talk implements ExternalSession {
  mode: string | undefined;
  private sessionId = '';
  private logins: string[] = [];

  constructor(
    private readonly launch: Launch,
    private readonly program: AgentProcess,
    private readonly link: Link,
  ) {}

  async open(cwd: string, version: number): Promise<Result<ExternalSession, Failure>> {
    const hello = await this.ask('initialize', {
      protocolVersion: version,
      clientCapabilities: {},
      clientInfo,
    });
    if (!hello.ok) return hello;
    const agent = initializedSchema.safeParse(hello.value);
    if (!agent.success) return fail(this.odd('initialize'));
    if (agent.data.protocolVersion !== version) {
      const theirs = agent.data.protocolVersion;
      return fail(
        misbehaved(this.launch, `speaks version ${theirs} of the protocol; the engine speaks ${version}.`),
      );
    }
    this.logins = (agent.data.authMethods ?? []).map((way) => way.description ?? way.name);
    const answer = await this.ask('session/new', { cwd, mcpServers: [] });
    if (!answer.ok) return answer;
    const session = sessionSchema.safeParse(answer.value);
    if (!session.success) return fail(this.odd('session/new'));
    this.sessionId = session.data.sessionId;
    const settled = await settleSession(this.launch, session.data, (method, params) =>
      this.ask(method, params),
    );
    if (!settled.ok) return settled;
    this.mode = settled.value;
    return ok(this);
  }

  async prompt(text: string): Promise<Result<Prompted, Failure>> {
    const prompt = [{ type: 'text', text }];
    const answer = await this.ask('session/prompt', { sessionId: this.sessionId, prompt }, 'during its work');
    if (!answer.ok) return answer;
    const prompted = promptedSchema.safeParse(answer.value);
    return prompted.success ? ok(prompted.data) : fail(this.odd('session/prompt'));
  }

  cancel(): void {
    this.link.notify('session/cancel', { sessionId: this.sessionId });
  }

  async end(): Promise<void> {
    this.link.close();
    await this.program.end();
  }

  private async ask(
    method: string,
    params: Record<string, unknown>,
    during = 'while it started',
  ): Promise<Result<unknown, Failure>> {
    const answer: LinkAnswer = await this.link.request(method, params);
    if (answer.ok) return answer;
    const end = answer.failure.kind === 'closed' ? await this.soonEnded() : undefined;
    const at = { during, end, errorTail: this.program.errorTail() };
    return fail(failureOfLink(this.launch, answer.failure, at, this.logins));
  }

  /** Its output closes a moment before its end is known. */
  private soonEnded(): Promise<ProgramEnd | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), 1000);
      void this.program.ended.then((end) => {
        clearTimeout(timer);
        resolve(end);
      });
    });
  }

  private odd(method: string): Failure {
    return misbehaved(this.launch, `gave an answer to ${method} that is not the protocol's.`);
  }
}

const clientInfo = { name: 'enterprise-execution-engine', version: '1' };

const defaultStartTimeoutMs = 180_000;

/** What the work gives, or why it was not waited for. */
function within<T>(
  work: Promise<Result<T, Failure>>,
  { signal, startTimeoutMs = defaultStartTimeoutMs }: SessionOptions,
  { model }: Launch,
): Promise<Result<T, Failure>> {
  return new Promise((resolve, reject) => {
    const stop = (failure: Failure) => resolve(fail(failure));
    const onAbort = () => stop({ kind: 'cancelled', message: `The start of ${model} was stopped.` });
    const message = `${model} did not open a session within ${startTimeoutMs / 1000} seconds.`;
    const remedy =
      'Start it in a terminal to see what it waits for: it may want to be logged in or installed.';
    const late: Failure = { kind: 'timed-out', afterMs: startTimeoutMs, message, remedy };
    const timer = setTimeout(() => stop(late), startTimeoutMs);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    });
  });
}
