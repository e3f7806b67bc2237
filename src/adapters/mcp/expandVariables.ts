import { homedir } from 'node:os';
import { basename, sep } from 'node:path';
import { fail, ok, type Result } from '../../base/result';

export interface VariableScope {
  /** What `${workspaceFolder}` stands for. */
  readonly workspaceFolder: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface Expanded {
  readonly text: string;
  /** Names of the variables of the person's environment that were put in. */
  readonly used: readonly string[];
}

/**
 * Puts values in the place of `${NAME}` and `${NAME:-default}` (as `.mcp.json` writes them), `${env:NAME}`,
 * `${workspaceFolder}`, `${workspaceFolderBasename}`, `${userHome}`, `${pathSeparator}` and `${/}` (as `.vscode/mcp.json`
 * does). Fails, in words, for anything it cannot know: an input only the editor asks for, a variable that is not set.
 */
export function expandVariables(text: string, scope: VariableScope): Result<Expanded, string> {
  const used: string[] = [];
  let complaint: string | undefined;
  const expanded = text.replace(/\$\{([^}]*)\}/g, (_, inside: string) => {
    const known = fixed(inside, scope);
    if (known !== undefined) return known;
    const [, name, fallback] = /^(?:env:)?([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inside) ?? [];
    if (name === undefined) {
      complaint ??= unknown(inside);
      return '';
    }
    const value = scope.environment[name];
    if (value !== undefined && value !== '') used.push(name);
    else if (fallback === undefined)
      complaint ??= `it needs the environment variable ${name}, which is not set`;
    return value !== undefined && value !== '' ? value : (fallback ?? '');
  });
  return complaint === undefined ? ok({ text: expanded, used }) : fail(complaint);
}

function fixed(inside: string, { workspaceFolder }: VariableScope): string | undefined {
  switch (inside) {
    case 'workspaceFolder':
      return workspaceFolder;
    case 'workspaceFolderBasename':
      return basename(workspaceFolder);
    case 'userHome':
      return homedir();
    case 'pathSeparator':
    case '/':
      return sep;
    default:
      return undefined;
  }
}

function unknown(inside: string): string {
  const [, input] = /^input:(.*)$/s.exec(inside) ?? [];
  return input === undefined
    ? `\${${inside}} is not known here`
    : `it needs the input "${input}", which only the editor can ask for; put the value into an environment variable and write \${env:NAME}`;
}
