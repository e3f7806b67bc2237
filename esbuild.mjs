// Bundles everything that runs into dist/. `node esbuild.mjs` is what ships (minified); `--development` keeps names and
// adds source maps; `--tests` adds the suites of test/integration that run inside VS Code (to out/).
import { chmod, copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const development = process.argv.includes('--development');

/**
 * What runs in Node, by the name of its file in dist/. Workers and children are started by the path
 * `join(__dirname, '<name>.js')`. A `lazy` entry is a part that costs too much to load with the extension: an
 * `await import('…/<file>')` of it anywhere else becomes `require('./<name>.js')` at the moment it is needed.
 */
const nodeEntries = [
  { name: 'extension', source: 'src/extension.ts' },
  { name: 'cli', source: 'src/cli.ts', first: '#!/usr/bin/env node\n' },
  { name: 'compose', source: 'src/compose.ts', lazy: true },
  { name: 'journalWorker', source: 'src/adapters/journal/journalWorker.ts' },
  { name: 'analysisChild', source: 'src/adapters/analysis/analysisChild.ts' },
  { name: 'secretsChild', source: 'src/adapters/gates/secretsChild.ts' },
  { name: 'acp', source: 'src/adapters/agents/acp/link.ts', lazy: true },
  { name: 'mcp', source: 'src/adapters/mcp/connectServer.ts', lazy: true },
  { name: 'models', source: 'src/adapters/models/aiSdkProvider.ts', lazy: true },
  { name: 'scriptSyntax', source: 'src/adapters/tools/scriptSyntax.ts', lazy: true },
  { name: 'bashParser', source: 'src/adapters/policy/bashParser.ts', lazy: true },
];

/** What runs in a webview: dist/webview/<name>.js and, where a component imports styles, <name>.css. */
const webviewEntries = [
  { name: 'panel', source: 'webview/panel.tsx' },
  { name: 'dashboard', source: 'webview/dashboard.tsx' },
];

const shared = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  minify: !development,
  sourcemap: development ? 'linked' : false,
  legalComments: 'none',
  metafile: true,
};

/** Sends the dynamic import of a lazy entry to its own bundle, which stands beside the importing one. */
const lazyEntries = {
  name: 'lazy-entries',
  setup(builder) {
    const lazy = nodeEntries.filter((entry) => entry.lazy);
    const bundles = new Map(lazy.map(({ name, source }) => [join(root, source), `./${name}.js`]));
    builder.onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) => {
      const bundle = kind === 'dynamic-import' ? bundles.get(`${join(resolveDir, path)}.ts`) : undefined;
      return bundle === undefined ? undefined : { path: bundle, external: true };
    });
  },
};

/** Zod speaks forty languages, 250 KB of them; its English is imported separately and stays. */
const withoutZodLocales = {
  name: 'without-zod-locales',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.c?js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** Its form for ES modules defines a `require` of its own, which hides the one these bundles use. */
const parserForRequire = {
  name: 'parser-for-require',
  setup(builder) {
    builder.onResolve({ filter: /^web-tree-sitter$/ }, () => ({
      path: join(root, 'node_modules/web-tree-sitter/web-tree-sitter.cjs'),
    }));
  },
};

function bundleNode({ name, source, first = '' }) {
  return build({
    ...shared,
    entryPoints: [{ in: source, out: name }],
    outdir: 'dist',
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['vscode', 'tsx', '*.wasm'],
    // Lazy entries are loaded by require(), whose result has exactly the names they export.
    supported: { 'dynamic-import': false },
    // Some libraries are published for ES modules only and ask for their own address.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: `${first}const importMetaUrl = require('node:url').pathToFileURL(__filename).href;` },
    plugins: [lazyEntries, withoutZodLocales, parserForRequire],
  });
}

function bundleWebviews() {
  return build({
    ...shared,
    entryPoints: webviewEntries.map(({ name, source }) => ({ in: source, out: name })),
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'chrome134',
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [withoutZodLocales],
  });
}

/** The suites that run in the extension host, with mocha and vscode left to be found there. */
async function bundleSuites() {
  const folder = 'test/integration/suite';
  const suites = (await readdir(join(root, folder))).filter((name) => name.endsWith('.ts'));
  return build({
    ...shared,
    minify: false,
    sourcemap: 'inline',
    entryPoints: suites.map((name) => ({ in: `${folder}/${name}`, out: name.replace(/\.ts$/, '') })),
    outdir: 'out/suite',
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode', 'mocha'],
  });
}

/** ripgrep of this platform, so that the packaged extension needs no node_modules. */
async function copyRipgrep() {
  const { rgPath } = await import('@vscode/ripgrep');
  const copy = join(root, 'dist/bin', process.platform === 'win32' ? 'rg.exe' : 'rg');
  await mkdir(dirname(copy), { recursive: true });
  // Replaced as a whole: the old one may be running.
  await copyFile(rgPath, `${copy}.new`);
  await chmod(`${copy}.new`, 0o755);
  await rename(`${copy}.new`, copy);
  return { metafile: { outputs: { [relative(root, copy)]: { bytes: (await stat(copy)).size } } } };
}

/** The parser of shell commands and its grammar, which are loaded from beside the bundles. */
async function copyGrammar() {
  const outputs = {};
  for (const module of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-bash/tree-sitter-bash.wasm']) {
    const source = fileURLToPath(import.meta.resolve(module));
    const copy = join(root, 'dist', basename(source));
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(source, `${copy}.new`);
    await rename(`${copy}.new`, copy);
    outputs[relative(root, copy)] = { bytes: (await stat(copy)).size };
  }
  return { metafile: { outputs } };
}

/** What earlier builds left goes last, so that programs that are running keep their files. */
async function removeOthers(folder, outputs) {
  const kept = new Set(outputs.map((file) => join(root, file)));
  for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !kept.has(file)) await rm(file);
  }
}

const withTests = process.argv.includes('--tests');
const jobs = [...nodeEntries.map(bundleNode), bundleWebviews(), copyRipgrep(), copyGrammar()];
const results = await Promise.all(withTests ? [...jobs, bundleSuites()] : jobs).catch((error) => {
  // What is wrong with a source was printed already.
  if (!Array.isArray(error.errors)) console.error(error);
  process.exit(1);
});
const outputs = results.flatMap((result) => Object.entries(result.metafile.outputs));
for (const folder of withTests ? ['dist', 'out'] : ['dist']) {
  await removeOthers(
    folder,
    outputs.map(([file]) => file),
  );
}
await chmod(join(root, 'dist/cli.js'), 0o755);
for (const [file, { bytes }] of outputs.filter(([name]) => !name.endsWith('.map'))) {
  console.log(`${String(Math.ceil(bytes / 1024)).padStart(6)} KB  ${file}`);
}
