import { fail, ok, type Result } from '../../base/result';
import { sentence } from '../../core/model/failure';
import type { ResearchFinding } from '../../core/model/handoff';
import type { ResearchQuestion } from '../../core/planning/researchQuestions';
import type { ResearchSource } from '../../core/planning/researchSource';
import type { Permit } from '../../core/ports';
import { context7, isContext7 } from './context7';
import type { ServerBook } from './serverBook';
import { ServerSession } from './serverSession';
import type { ToolText } from './toolResult';
import { untrustedLine } from './untrustedText';

/** A tool a person named for research: the question is put into one argument. */
export interface ResearchTool {
  readonly server: string;
  readonly tool: string;
  readonly argument: string;
}

export interface McpResearchOptions {
  readonly book: ServerBook;
  readonly tools: readonly ResearchTool[];
  readonly runId: string;
  /** A checkout of the base. */
  readonly tree: string;
  readonly permit: Permit;
}

/** One way to have a question answered by a server. */
interface Helper {
  readonly server: string;
  /** Tools it calls; each is asked about once, with every question that will be sent. */
  readonly tools: readonly string[];
  /** What it will send for a question; undefined where it has nothing to say about it. */
  readonly sends: (question: ResearchQuestion) => string | undefined;
  readonly ask: (
    question: ResearchQuestion,
    call: (tool: string, input: Record<string, unknown>) => Promise<ToolText>,
  ) => Promise<Result<{ answer: string; source: string } | undefined, string>>;
}

/**
 * Asks MCP servers: the tools a person named in the machine's configuration, and Context7 where a server of that name is
 * configured. Every server starts and every tool is called only as the policy allows.
 */
export function createMcpResearch(options: McpResearchOptions): ResearchSource {
  return new McpResearch(options);
}

const answerChars = 2000;

class McpResearch implements ResearchSource {
  readonly name = 'MCP servers';
  private readonly sessions = new Map<string, ServerSession>();
  private readonly answered = new Map<string, Promise<ToolText>>();
  private helpers: Helper[] = [];

  constructor(private readonly options: McpResearchOptions) {}

  async prepare(questions: readonly ResearchQuestion[], signal: AbortSignal): Promise<string[]> {
    const { book, tools, runId, tree } = this.options;
    const { servers } = await book.servers();
    const problems: string[] = [];
    for (const server of servers) {
      const own = tools.filter((tool) => tool.server === server.name);
      const isAsked = own.length > 0 || (isContext7(server) && questions.some(hasLibrary));
      if (!isAsked) continue;
      const session = new ServerSession(server, book, { runId, tree });
      this.sessions.set(server.name, session);
      const listed = await session.tools(this.options.permit, signal);
      const helpers = listed.ok
        ? helpersOf(server.name, own, new Set(listed.value.map((tool) => tool.name)))
        : fail(listed.failure);
      if (helpers.ok) problems.push(...(await this.permitted(helpers.value, questions)));
      else problems.push(`${server.name} was not asked: ${sentence(helpers.failure)}`);
    }
    const missing = tools.filter((tool) => !this.sessions.has(tool.server));
    return [...problems, ...missing.map((tool) => `There is no MCP server "${tool.server}" to ask.`)];
  }

  async answer(question: ResearchQuestion, signal: AbortSignal): Promise<Result<ResearchFinding[], string>> {
    const found: ResearchFinding[] = [];
    const failures: string[] = [];
    for (const helper of this.helpers) {
      const said = await helper.ask(question, (tool, input) => this.call(helper.server, tool, input, signal));
      if (!said.ok) failures.push(`${helper.server}: ${untrustedLine(said.failure, 300)}`);
      else if (said.value) {
        const { answer, source } = said.value;
        found.push({ question: question.text, answer: answer.slice(0, answerChars), source });
      }
    }
    return found.length === 0 && failures.length > 0 ? fail(failures.join(' ')) : ok(found);
  }

  async close(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.close()));
  }

  /** Asks once for each tool, and shows everything that would leave the machine. */
  private async permitted(
    helpers: readonly Helper[],
    questions: readonly ResearchQuestion[],
  ): Promise<string[]> {
    const problems: string[] = [];
    for (const helper of helpers) {
      const sent = questions.flatMap((question) => helper.sends(question) ?? []);
      const refusals = sent.length === 0 ? [] : await this.refusalsOf(helper, [...new Set(sent)]);
      const [refusal] = refusals;
      if (refusal !== undefined) problems.push(`${helper.server} was not asked: ${sentence(refusal)}`);
      else if (sent.length > 0) this.helpers.push(helper);
    }
    return problems;
  }

  private async refusalsOf(helper: Helper, sent: readonly string[]): Promise<string[]> {
    for (const tool of helper.tools) {
      const refusal = await this.options.permit(
        { kind: 'mcp', server: helper.server, tool },
        {
          title: `Ask the MCP server ${JSON.stringify(helper.server)} about the task, with its tool ${JSON.stringify(tool)}?`,
          detail: `${helper.server}/${tool}\n\nThese questions leave this machine:\n${sent.map((text) => `- ${text}`).join('\n')}`,
        },
      );
      if (refusal !== undefined) return [refusal];
    }
    return [];
  }

  /** The same call is made once. */
  private call(
    server: string,
    tool: string,
    input: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<ToolText> {
    const key = JSON.stringify([server, tool, input]);
    const session = this.sessions.get(server);
    if (!session) return Promise.resolve({ ok: false, output: 'there is no such server' });
    const made = this.answered.get(key) ?? session.call(tool, input, this.options.permit, signal);
    this.answered.set(key, made);
    return made;
  }
}

function hasLibrary({ library }: ResearchQuestion): boolean {
  return library !== undefined;
}

function helpersOf(
  server: string,
  own: readonly ResearchTool[],
  there: ReadonlySet<string>,
): Result<Helper[], string> {
  const missing = own.find(({ tool }) => !there.has(tool));
  if (missing) return fail(`it has no tool "${missing.tool}"`);
  const documented = own.length === 0 ? context7(there) : undefined;
  if (own.length === 0 && !documented) return fail('it does not have the tools of Context7');
  return ok([
    ...own.map(({ tool, argument }) => plainHelper(server, tool, argument)),
    ...(documented ? [{ server, ...documented }] : []),
  ]);
}

function plainHelper(server: string, tool: string, argument: string): Helper {
  return {
    server,
    tools: [tool],
    sends: ({ text }) => text,
    ask: async ({ text }, call) => {
      const { ok: isOk, output } = await call(tool, { [argument]: text });
      return isOk ? ok({ answer: output, source: `${server}/${tool}` }) : fail(output);
    },
  };
}
