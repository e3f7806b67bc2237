/**
 * The JSON object or list in a text: the text itself, the last fenced block that parses, or the outermost braces. A comma
 * before a closing bracket is forgiven. Undefined when there is none.
 */
export function jsonIn(text: string): unknown {
  const fences = [...text.matchAll(/```[a-z0-9]*[ \t]*\n([\s\S]*?)```/gi)]
    .map((match) => match[1] ?? '')
    .reverse();
  for (const candidate of [text, ...fences, between(text, '{', '}'), between(text, '[', ']')]) {
    const value = parsed(candidate) ?? parsed(candidate.replace(/,(\s*[}\]])/g, '$1'));
    if (value !== undefined) return value;
  }
  return undefined;
}

function between(text: string, open: string, close: string): string {
  const start = text.indexOf(open);
  return start < 0 ? '' : text.slice(start, text.lastIndexOf(close) + 1);
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.trim());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Not JSON is an expected answer here: the next candidate is tried.
    return undefined;
  }
}
