import type { CompletionItem, Disposable, Hover, Position, TextDocument } from 'vscode';
import type { AgentLibrary } from '../agentLibrary';
import { windowRefusal } from '../folders';
import type { VsCode } from '../vscodeApi';
import { asksForNames, explanationAt, offersAt, type FileKind, type Offer } from './offers';

/** The files of agents and of skills, as patterns of the editor. */
export const definitionPatterns: Readonly<Record<FileKind, readonly string[]>> = {
  agent: ['**/.claude/agents/**/*.md', '**/.github/agents/*.md', '**/.copilot/agents/*.md'],
  skill: ['**/.{claude,github,agents,copilot}/skills/**/SKILL.md'],
};

/** Offers names and values in agent files and skills, and explains what is there. Nothing is read before somebody writes. */
export function definitionLanguage(api: VsCode, library: AgentLibrary): Disposable[] {
  return (['agent', 'skill'] as const).flatMap((kind) => {
    const selector = definitionPatterns[kind].map((pattern) => ({ scheme: 'file', pattern }));
    return [
      api.languages.registerCompletionItemProvider(
        selector,
        {
          provideCompletionItems: (document, position) => completions(api, library, kind, document, position),
        },
        ' ',
        ',',
        '[',
      ),
      api.languages.registerHoverProvider(selector, {
        provideHover: (document, position) => hover(api, library, kind, document, position),
      }),
    ];
  });
}

async function completions(
  api: VsCode,
  library: AgentLibrary,
  kind: FileKind,
  document: TextDocument,
  { line, character }: Position,
): Promise<CompletionItem[]> {
  const lines = linesOf(document);
  const isUnread = library.current().agents.length === 0;
  if (isUnread && !windowRefusal(api) && asksForNames(lines, line, character)) await library.load();
  return offersAt(kind, lines, line, character, library.current()).map((offer) => itemOf(api, offer, line));
}

function itemOf(
  api: VsCode,
  { label, insert, detail, kind, start, end }: Offer,
  line: number,
): CompletionItem {
  const { Field, Value } = api.CompletionItemKind;
  const item = new api.CompletionItem(label, kind === 'field' ? Field : Value);
  item.insertText = insert;
  item.detail = detail;
  item.range = new api.Range(line, start, line, end);
  if (insert.endsWith(' '))
    item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest values' };
  return item;
}

function hover(
  api: VsCode,
  library: AgentLibrary,
  kind: FileKind,
  document: TextDocument,
  { line, character }: Position,
): Hover | undefined {
  const found = explanationAt(kind, linesOf(document), line, character, library.current());
  if (!found) return undefined;
  return new api.Hover(new api.MarkdownString(found.text), new api.Range(line, found.start, line, found.end));
}

/** Of a long file only its beginning: no front matter is longer. */
function linesOf(document: TextDocument): string[] {
  const count = Math.min(document.lineCount, 500);
  return Array.from({ length: count }, (_, line) => document.lineAt(line).text);
}
