import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';
import { untrustedLine, untrustedText } from './untrustedText';

/** As much as a file that is read. */
const maxChars = 48_000;

export interface ToolText {
  readonly ok: boolean;
  readonly output: string;
}

/** What a tool returned, as text of bounded length; what is not text is described. */
export function toolResultText(result: CallToolResult, secrets: readonly string[]): ToolText {
  const blocks = result.content.slice(0, 200).map(blockText);
  const more = result.content.length - blocks.length;
  const structured =
    result.content.length === 0 && result.structuredContent !== undefined
      ? [JSON.stringify(result.structuredContent, undefined, 2)]
      : [];
  const parts = [...blocks, ...structured, ...(more > 0 ? [`[${more} more parts are not shown]`] : [])];
  const text = untrustedText(parts.join('\n'), maxChars, secrets);
  return { ok: result.isError !== true, output: text.trim() === '' ? '(It returned nothing.)' : text };
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return `[${block.type}, ${untrustedLine(block.mimeType, 60)}, ${sizeOf(block.data)}: not shown]`;
    case 'resource':
      return 'text' in block.resource
        ? `[resource ${untrustedLine(block.resource.uri, 300)}]\n${block.resource.text}`
        : `[resource ${untrustedLine(block.resource.uri, 300)}, ${sizeOf(block.resource.blob)}: not shown]`;
    case 'resource_link':
      return `[link to the resource ${untrustedLine(block.name, 100)}: ${untrustedLine(block.uri, 300)}]`;
  }
}

/** Of base64. */
function sizeOf(data: string): string {
  return `${Math.max(1, Math.round((data.length * 3) / 4 / 1024))} KB`;
}
