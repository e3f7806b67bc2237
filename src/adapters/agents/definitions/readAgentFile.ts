import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodeText } from '../../../base/decodeText';
import { parseAgentText, type AgentFileContent } from './parseAgentText';
import { reasonOf } from './findAgentFiles';

const maxBytes = 256 * 1024;

/** Reads one agent file. Nothing in it is executed; what cannot be used is a problem. */
export async function readAgentFile(path: string, kind: 'project' | 'home'): Promise<AgentFileContent> {
  const refused = (message: string): AgentFileContent => ({
    problems: [{ path, line: 1, column: 1, severity: 'error', message }],
  });
  try {
    const { size } = await stat(path);
    if (size > maxBytes)
      return refused(
        `${basename(path)} is not loaded: ${Math.ceil(size / 1024)} KB is too large for an agent (limit 256 KB).`,
      );
    const decoded = decodeText(await readFile(path));
    if (!decoded.ok) return refused(`${basename(path)} is not loaded: ${decoded.failure}.`);
    return parseAgentText(decoded.value, path, kind);
  } catch (error) {
    return refused(`${basename(path)} cannot be read: ${reasonOf(error)}.`);
  }
}
