import { fail, ok, type Result } from '../../base/result';
import type { ResearchQuestion } from '../../core/planning/researchQuestions';
import type { ServerDefinition } from './serverDefinitions';
import type { ToolText } from './toolResult';

/**
 * Documentation of libraries by Context7 (https://github.com/upstash/context7): `resolve-library-id` finds the id of a
 * library by its name, `query-docs` (before 2026 `get-library-docs`) answers out of its documents.
 */
export function isContext7({ name, entry }: ServerDefinition): boolean {
  const words = [name, entry.command ?? '', ...(entry.args ?? []), entry.url ?? ''];
  return words.some((word) => /context7/i.test(word));
}

type Call = (tool: string, input: Record<string, unknown>) => Promise<ToolText>;

/** Undefined for a server that has not its tools. */
export function context7(tools: ReadonlySet<string>) {
  const docs = ['query-docs', 'get-library-docs'].find((name) => tools.has(name));
  if (docs === undefined || !tools.has('resolve-library-id')) return undefined;
  return {
    tools: ['resolve-library-id', docs],
    sends: ({ text, library }: ResearchQuestion) =>
      library === undefined ? undefined : `${library}: ${text}`,
    ask: async (
      { text, library }: ResearchQuestion,
      call: Call,
    ): Promise<Result<{ answer: string; source: string } | undefined, string>> => {
      if (library === undefined) return ok(undefined);
      const resolved = await call('resolve-library-id', { libraryName: library, query: library });
      if (!resolved.ok) return fail(resolved.output);
      const id = libraryId(resolved.output);
      if (id === undefined) return fail(`it does not know the library ${library}`);
      const input =
        docs === 'query-docs'
          ? { libraryId: id, query: text }
          : { context7CompatibleLibraryID: id, topic: text, tokens: 2000 };
      const answered = await call(docs, input);
      return answered.ok ? ok({ answer: answered.output, source: `Context7 ${id}` }) : fail(answered.output);
    },
  };
}

/** The best match stands first: `- Context7-compatible library ID: /org/project`. */
function libraryId(text: string): string | undefined {
  const labelled = /library ID:\s*(\/[\w.-]+\/[\w.@/-]+)/i.exec(text);
  const plain = /(?:^|[\s`"'(])(\/[\w.-]+\/[\w.@/-]+)/.exec(text);
  return (labelled ?? plain)?.[1];
}
