import { createHash } from 'node:crypto';
import { readFile, lstat, realpath } from 'node:fs/promises';
import { extname, join, relative, isAbsolute, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import * as z from 'zod';
import type { SecretsLine } from './secretsGate';

/**
 * The secret scanner, as a program of its own: patterns over unknown text can take for ever, and then a process can be
 * ended. Reads `{root, files}` from standard input and prints a line of JSON for each secret and one at the end.
 */
const inputSchema = z.object({ root: z.string(), files: z.array(z.string()) });

const maxBytes = 1024 * 1024;
const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };

/**
 * secretlint's profiler searches all its marks at each new one, which makes 10,000 files take many minutes instead of seconds.
 * Without marks it has nothing to search; nobody reads its measurements here.
 */
function silenceProfiler(): void {
  Object.defineProperty(performance, 'mark', { value: () => undefined });
}

async function main(): Promise<void> {
  silenceProfiler();
  const { root, files } = inputSchema.parse(JSON.parse(await text(process.stdin)));
  const realRoot = await realpath(root);
  const done = { scanned: 0, binary: 0, large: 0, unreadable: 0 };
  for (const file of files) {
    const content = await contentOf(realRoot, file);
    if (typeof content === 'string') done[content]++;
    else if (content) {
      done.scanned++;
      for (const found of await secretsIn(file, content.text)) print(found);
    }
  }
  print({ done });
}

/** Undefined for what is not there or is no file of the tree (a link, a submodule): there is nothing to scan. */
async function contentOf(
  root: string,
  file: string,
): Promise<{ text: string } | 'binary' | 'large' | 'unreadable' | undefined> {
  const path = join(root, file);
  try {
    const stat = await lstat(path);
    if (!stat.isFile() || !isInside(root, await realpath(path))) return undefined;
    if (stat.size > maxBytes) return 'large';
    const bytes = await readFile(path);
    return bytes.subarray(0, 8000).includes(0) ? 'binary' : { text: bytes.toString('utf8') };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable';
  }
}

function isInside(root: string, path: string): boolean {
  const inside = relative(root, path);
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

async function secretsIn(file: string, content: string): Promise<SecretsLine[]> {
  const result = await lintSource({
    source: { filePath: file, content, ext: extname(file), contentType: 'text' },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  return result.messages.map((found) => {
    const secret = content.slice(...found.range);
    const rule = found.ruleId.replace('@secretlint/secretlint-rule-', '');
    return {
      file,
      rule,
      // Masking is secretlint's work; taking the text itself out again costs nothing and does not depend on it.
      message: secret.length > 3 ? found.message.replaceAll(secret, '****') : found.message,
      line: found.loc.start.line,
      column: found.loc.start.column + 1,
      endLine: found.loc.end.line,
      endColumn: found.loc.end.column + 1,
      digest: createHash('sha256').update(`${rule}\0${secret}`).digest('hex').slice(0, 16),
    };
  });
}

function print(line: SecretsLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
