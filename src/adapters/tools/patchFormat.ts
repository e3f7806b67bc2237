import { fail, ok, type Result } from '../../base/result';

/**
 * The patch format that GPT and Codex models write:
 *
 *     *** Begin Patch
 *     *** Add File: path        (then lines that begin with +)
 *     *** Delete File: path
 *     *** Update File: path     (optionally *** Move to: path, then hunks)
 *     @@ a line above the hunk  (optional; may be repeated to go deeper)
 *      context / -removed / +added
 *     *** End of File           (the hunk stands at the end)
 *     *** End Patch
 */
export type PatchOperation =
  | { readonly kind: 'add'; readonly path: string; readonly content: string }
  | { readonly kind: 'delete'; readonly path: string }
  | {
      readonly kind: 'update';
      readonly path: string;
      readonly moveTo?: string;
      readonly hunks: readonly Hunk[];
    };

export interface Hunk {
  /** Lines to pass first, one after the other. */
  readonly anchors: readonly string[];
  /** Context (` `), removed (`-`) and added (`+`) lines, in order, each with its mark. */
  readonly lines: readonly string[];
  readonly atEnd: boolean;
}

/** The operations of a patch; a failure is a sentence for the model. */
export function parsePatch(patch: string): Result<PatchOperation[], string> {
  const lines = patch.replaceAll('\r\n', '\n').split('\n');
  const begin = lines.findIndex((line) => line.trim() === '*** Begin Patch');
  const end = lines.findLastIndex((line) => line.trim() === '*** End Patch');
  if (begin < 0 || end < begin)
    return fail('A patch begins with "*** Begin Patch" and ends with "*** End Patch".');
  const reader = new Lines(lines.slice(begin + 1, end));
  const operations: PatchOperation[] = [];
  while (!reader.ended) {
    const operation = parseOperation(reader);
    if (!operation.ok) return operation;
    if (operation.value) operations.push(operation.value);
  }
  return operations.length > 0 ? ok(operations) : fail('The patch is empty.');
}

function parseOperation(reader: Lines): Result<PatchOperation | undefined, string> {
  const line = reader.next();
  if (line.trim() === '') return ok(undefined);
  const header = /^\*\*\* (Add|Delete|Update) File: (.+?)\s*$/.exec(line);
  if (!header) return fail(`This line belongs to no file of the patch: "${line}".`);
  const [, verb, path = ''] = header;
  if (verb === 'Delete') return ok({ kind: 'delete', path });
  if (verb === 'Add') {
    const content = reader.takeWhile((next) => next.startsWith('+')).map((next) => next.slice(1));
    return ok({ kind: 'add', path, content: content.length > 0 ? `${content.join('\n')}\n` : '' });
  }
  const move = /^\*\*\* Move to: (.+?)\s*$/.exec(reader.peek() ?? '');
  if (move) reader.next();
  const hunks = parseHunks(reader, path);
  if (!hunks.ok) return hunks;
  if (hunks.value.length === 0 && !move) return fail(`The patch changes nothing in ${path}.`);
  return ok({ kind: 'update', path, hunks: hunks.value, ...(move?.[1] ? { moveTo: move[1] } : {}) });
}

function parseHunks(reader: Lines, path: string): Result<Hunk[], string> {
  const hunks: Hunk[] = [];
  while (!reader.ended && !/^\*\*\* (Add|Delete|Update) File: /.test(reader.peek() ?? '')) {
    const before = reader.position;
    const anchors = reader.takeWhile((line) => line.startsWith('@@')).map((line) => line.slice(2).trim());
    const body = reader.takeWhile((line) => line === '' || /^[ +-]/.test(line));
    const atEnd = reader.peek()?.trim() === '*** End of File';
    if (atEnd) reader.next();
    // An empty line between two files is no context line.
    if (!atEnd && isBoundary(reader.peek())) while (body.at(-1) === '') body.pop();
    if (body.length > 0) hunks.push(hunkOf(anchors, body, atEnd));
    else if (anchors.length > 0 || reader.position === before) {
      return fail(
        `In the patch of ${path}, this line is neither context (a space first), removed (-) nor added (+): "${reader.peek() ?? ''}".`,
      );
    }
  }
  return ok(hunks);
}

function isBoundary(line: string | undefined): boolean {
  return line === undefined || line.startsWith('*** ');
}

function hunkOf(anchors: readonly string[], body: readonly string[], atEnd: boolean): Hunk {
  // Some models leave out the space of an empty line of context.
  const lines = body.map((line) => (line === '' ? ' ' : line));
  return { anchors: anchors.filter((anchor) => anchor !== ''), lines, atEnd };
}

class Lines {
  private at = 0;

  constructor(private readonly lines: readonly string[]) {}

  get position(): number {
    return this.at;
  }

  get ended(): boolean {
    return this.at >= this.lines.length;
  }

  peek(): string | undefined {
    return this.lines[this.at];
  }

  next(): string {
    return this.lines[this.at++] ?? '';
  }

  takeWhile(test: (line: string) => boolean): string[] {
    const taken: string[] = [];
    while (!this.ended && test(this.peek() ?? '')) taken.push(this.next());
    return taken;
  }
}
