// Loads an extension and activates it once, with a fake `vscode` of which everything can be called, constructed and
// read. Prints milliseconds as JSON: reading and compiling the file alone, loading it, activating it.
// node activateOnce.mjs /absolute/path/of/extension.js
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { Script } from 'node:vm';

const [, , path] = process.argv;

function anything() {
  const properties = new Map();
  return new Proxy(function () {}, {
    get(target, name) {
      if (name === Symbol.iterator) return () => [][Symbol.iterator]();
      if (name === Symbol.toPrimitive) return () => '';
      if (name === 'then') return undefined;
      if (name === 'prototype') return target.prototype;
      if (!properties.has(name)) properties.set(name, anything());
      return properties.get(name);
    },
    apply: () => anything(),
    construct: () => anything(),
  });
}

const parts =
  'commands window workspace languages Uri EventEmitter TreeItem TreeItemCollapsibleState TreeItemCheckboxState ThemeIcon ThemeColor ' +
  'Diagnostic DiagnosticSeverity Range Position ConfigurationTarget StatusBarAlignment ViewColumn ProgressLocation';
const vscode = Object.fromEntries(parts.split(' ').map((name) => [name, anything()]));
const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

function timed(work) {
  const start = performance.now();
  const value = work();
  return { value, ms: performance.now() - start };
}

const compile = timed(() => new Script(Module.wrap(readFileSync(path, 'utf8')), { filename: `${path}.alone` }));
const loading = timed(() => createRequire(path)(path));
const context = new Proxy({ subscriptions: [] }, { get: (own, name) => own[name] ?? anything() });
const activating = timed(() => loading.value.activate(context));
if (typeof activating.value?.runTask !== 'function' || context.subscriptions.length === 0) {
  throw new Error('The extension was not activated.');
}
process.stdout.write(`${JSON.stringify({ compileMs: compile.ms, loadMs: loading.ms, activateMs: activating.ms })}\n`, () => process.exit());
