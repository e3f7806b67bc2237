/** A part of a document under one heading. */
export interface Section {
  readonly path: string;
  /** Of its heading, or of its first line; counts from 1. */
  readonly line: number;
  /** Empty for what stands before the first heading. */
  readonly title: string;
  readonly text: string;
}

/** A section without headings is divided here, so that an answer is about one thing. */
const maxLines = 60;

/** The sections of a Markdown, AsciiDoc or plain text; headings inside fenced code are code. */
export function sectionsOf(path: string, text: string): Section[] {
  const sections: Section[] = [];
  let open = { line: 1, title: '', lines: [] as string[] };
  let fence: string | undefined;
  const close = () => {
    const body = open.lines.join('\n').trim();
    if (body !== '') sections.push({ path, line: open.line, title: open.title, text: body });
  };
  text.split('\n').forEach((content, at) => {
    const [, mark] = /^\s*(```|~~~)/.exec(content) ?? [];
    if (mark !== undefined && (fence === undefined || fence === mark))
      fence = fence === undefined ? mark : undefined;
    const heading = fence === undefined ? /^(?:#{1,6}|={1,6})\s+(.+?)\s*#*$/.exec(content)?.[1] : undefined;
    const isFull = open.lines.length >= maxLines && content.trim() === '' && fence === undefined;
    if (heading !== undefined || isFull) {
      close();
      open = { line: at + (heading === undefined ? 2 : 1), title: heading ?? open.title, lines: [] };
    } else open.lines.push(content);
  });
  close();
  return sections;
}
