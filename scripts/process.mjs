// Starts the programs the scripts need and hands their exit code on.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

/** This environment with the programs of the project first, so that `node` is the Node 24 it depends on. */
export function environment(root) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [key]: `${join(root, 'node_modules/.bin')}${delimiter}${process.env[key] ?? ''}` };
}

/** Whether a program of this name can be started. */
export function isOnPath(name) {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => endings.some((ending) => existsSync(join(folder, name + ending))));
}

/** The command line of npm: the one this script was started by, else the one on the PATH. */
export function npm(...args) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, [script, ...args]] : ['npm', args];
}

/**
 * Runs a program on this terminal, or hands its output to `onOutput`; resolves to its exit code (128 + n for a signal,
 * as shells say it). Ctrl-C reaches the program by itself; it decides when to end, and we wait for it. After
 * `timeoutMs` it is killed.
 */
export function run(command, args, { cwd, env = process.env, onOutput, timeoutMs } = {}) {
  const isScript = process.platform === 'win32' && !/[\\/]|\.exe$/.test(command);
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: onOutput === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    shell: isScript,
  });
  const wait = () => undefined;
  const terminate = () => child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', terminate);
  child.stdout?.on('data', onOutput);
  child.stderr?.on('data', onOutput);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', wait).off('SIGTERM', terminate);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
