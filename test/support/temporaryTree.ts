import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with files, removed by `dispose`. */
export interface TemporaryTree {
  readonly path: string;
  write(file: string, text: string | Uint8Array): void;
  /** Makes it a git repository with everything committed. */
  commit(): void;
  /** Puts one of the engine's own dependencies into its node_modules, program included. */
  install(name: string, program?: string): void;
  dispose(): void;
}

const modules = join(import.meta.dirname, '../../node_modules');

export function temporaryTree(files: Readonly<Record<string, string | Uint8Array>>): TemporaryTree {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'tree-')));
  const write = (file: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: path, stdio: 'pipe' });
  for (const [file, text] of Object.entries(files)) write(file, text);
  return {
    path,
    write,
    commit: () => {
      git('init', '--quiet');
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', 'state');
    },
    install: (name, program) => {
      mkdirSync(join(path, 'node_modules/.bin'), { recursive: true });
      mkdirSync(dirname(join(path, 'node_modules', name)), { recursive: true });
      symlinkSync(join(modules, name), join(path, 'node_modules', name));
      if (program !== undefined)
        symlinkSync(join(modules, '.bin', program), join(path, 'node_modules/.bin', program));
    },
    dispose: () => rmSync(path, { recursive: true, force: true }),
  };
}
