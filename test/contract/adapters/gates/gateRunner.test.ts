import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createGateRunner, type GateRunnerOptions } from '../../../../src/adapters/gates/gateRunner';
import type { GateResult } from '../../../../src/core/model/gate';
import { temporaryTree, type TemporaryTree } from '../../../support/temporaryTree';

const root = join(import.meta.dirname, '../../../..');
const secretsChild = [
  '--import',
  join(root, 'node_modules/tsx/dist/loader.mjs'),
  join(root, 'src/adapters/gates/secretsChild.ts'),
];

describe('gates of a JavaScript repository', function () {
  this.timeout(90_000);
  let tree: TemporaryTree;
  const open = (files: Record<string, string | Uint8Array>) => (tree = temporaryTree(files));
  afterEach(() => tree.dispose());

  const runner = (options: Partial<GateRunnerOptions> = {}) => createGateRunner({ secretsChild, ...options });
  const run = (
    gate: string,
    options: Partial<GateRunnerOptions> = {},
    changed?: string[],
  ): Promise<GateResult> =>
    runner(options).run(gate, { runId: 'run-1', path: tree.path, changed }, new AbortController().signal);
  const manifest = (content: object) => JSON.stringify({ name: 'sample', ...content });

  it('are detected with their commands, and absent with a reason', async () => {
    open({
      'package.json': manifest({
        scripts: {
          test: 'c8 mocha',
          lint: 'eslint src --fix --cache --cache-location .c',
          build: 'tsc --watch',
        },
        devDependencies: { eslint: '9' },
      }),
      'eslint.config.js': '',
    });
    const { gates, absent } = await runner({ disable: ['secrets'] }).detect(tree.path);
    assert.deepEqual(
      gates.map((gate) => `${gate.name}: ${gate.command}`),
      ['lint: eslint src', 'tests: c8 mocha'],
    );
    assert.deepEqual(Object.fromEntries(absent.map((gate) => [gate.name, gate.reason.slice(0, 48)])), {
      types: 'there is no script `typecheck`, `type-check`, `c',
      format: 'neither Prettier nor Biome is configured',
      build: 'the script `build` does not end by itself (`tsc ',
      audit: 'no lockfile that says which dependencies are use',
      secrets: 'turned off in the configuration',
    });
  });

  it('of another language are only those that apply to any repository', async () => {
    open({ 'main.c': 'int main() {}' });
    const { gates, absent } = await runner().detect(tree.path);
    assert.deepEqual(
      gates.map((gate) => gate.name),
      ['secrets'],
    );
    assert.match(
      absent.find((gate) => gate.name === 'tests')?.reason ?? '',
      /no package.json .* no Cargo.toml/,
    );
  });

  it('types: finds the error at its place and leaves no file behind', async () => {
    open({
      'package.json': manifest({ devDependencies: { typescript: '5' } }),
      'tsconfig.json': '{"compilerOptions":{"incremental":true,"types":[]}}',
      'a.ts': 'export const a: string = 1;\n',
    });
    tree.install('typescript', 'tsc');
    const result = await run('types');
    assert.equal(result.verdict, 'failed', result.reason);
    assert.deepEqual(
      result.findings.map((one) => `${one.file}:${one.range?.startLine} ${one.rule}`),
      ['a.ts:1 TS2322'],
    );
    assert.ok(!existsSync(join(tree.path, 'a.js')) && !existsSync(join(tree.path, 'tsconfig.tsbuildinfo')));
    tree.write('a.ts', "export const a = '1';\n");
    assert.equal((await run('types')).verdict, 'passed');
  });

  it('types: keeps the declarations that a composite project is checked with', async () => {
    open({
      'package.json': manifest({ devDependencies: { typescript: '5' } }),
      'tsconfig.json': '{"compilerOptions":{"composite":true,"isolatedDeclarations":true,"types":[]}}',
      'a.ts': 'export const a: number = 1;\n',
    });
    tree.install('typescript', 'tsc');
    const result = await run('types');
    assert.equal(result.verdict, 'passed', result.reason);
    assert.ok(!existsSync(join(tree.path, 'tsconfig.tsbuildinfo')));
  });

  it('types: is inconclusive when the configuration is wrong, nothing is installed, or nothing is to be checked', async () => {
    open({
      'package.json': manifest({ devDependencies: { typescript: '5' } }),
      'tsconfig.json': '{"include":["nowhere"]}',
    });
    assert.match((await run('types')).reason, /typescript is not installed: this tree has no node_modules/);
    tree.install('typescript', 'tsc');
    const wrong = await run('types');
    assert.equal(wrong.verdict, 'inconclusive');
    assert.match(wrong.reason, /TS18003/);
    assert.equal((await run('types', {}, ['README.md'])).verdict, 'skipped');
  });

  it('lint: reads ESLint, does not fix, and tells a crash from a finding', async () => {
    open({
      'package.json': manifest({ scripts: { lint: 'eslint --fix a.js' }, devDependencies: { eslint: '9' } }),
      'eslint.config.mjs': "export default [{ rules: { 'prefer-const': 'error' } }];",
      'a.js': 'let a = 1; a;\n',
    });
    tree.install('eslint', 'eslint');
    const red = await run('lint');
    assert.deepEqual(
      red.findings.map((one) => `${one.file}:${one.range?.startLine}:${one.range?.startColumn} ${one.rule}`),
      ['a.js:1:5 prefer-const'],
    );
    tree.write('eslint.config.mjs', "import 'no-such-plugin';");
    const broken = await run('lint');
    assert.deepEqual([broken.verdict, broken.findings.length], ['inconclusive', 0]);
    assert.match(broken.reason, /no-such-plugin/);
  });

  it('lint: makes warnings block where the repository says they do', async () => {
    open({
      'package.json': manifest({ scripts: { lint: 'eslint --max-warnings 0 a.js' } }),
      'eslint.config.mjs': "export default [{ rules: { 'prefer-const': 'warn' } }];",
      'a.js': 'let a = 1; a;\n',
    });
    tree.install('eslint', 'eslint');
    const result = await run('lint');
    assert.deepEqual([result.verdict, result.findings[0]?.severity], ['failed', 'error']);
  });

  it('format: names the files prettier would change', async () => {
    open({
      'package.json': manifest({
        scripts: { format: "prettier --write '*.js'" },
        devDependencies: { prettier: '3' },
      }),
      '.prettierrc': '{}',
      'a.js': 'a  =  1',
      'b.js': 'b = 1;\n',
    });
    tree.install('prettier', 'prettier');
    const result = await run('format');
    assert.equal(result.command, "prettier '*.js' --check");
    assert.deepEqual(
      result.findings.map((one) => one.file),
      ['a.js'],
    );
    tree.write('.prettierrc', '{ broken');
    assert.equal((await run('format')).verdict, 'inconclusive');
  });

  it('build: is inconclusive when a dependency is not installed, failed when an import is wrong', async () => {
    open({
      'package.json': manifest({
        scripts: { build: 'node build.js' },
        devDependencies: { '@x/bundler': '1' },
      }),
      'build.js': "require('@x/bundler/cli')",
    });
    const missing = await run('build');
    assert.equal(missing.verdict, 'inconclusive');
    assert.match(missing.reason, /^@x\/bundler is not installed: this tree has no node_modules\.$/);
    tree.write('build.js', "require('nobody-declares-this')");
    const red = await run('build');
    assert.equal(red.verdict, 'failed');
    assert.match(
      red.reason,
      /^`npm run build` ended with exit code 1: Error: Cannot find module 'nobody-declares-this'$/,
    );
  });

  it('build: is inconclusive when its program is missing, failed when it fails', async () => {
    open({
      'package.json': manifest({ scripts: { build: 'no-such-bundler src' } }),
      'a.ts': '',
      'build.js': "console.log('a.ts(3,4): error TS2304: Cannot find name'); process.exit(2)",
    });
    const missing = await run('build');
    assert.deepEqual(
      [missing.verdict, missing.reason],
      ['inconclusive', 'The program `no-such-bundler` is not installed.'],
    );
    tree.write('package.json', manifest({ scripts: { build: 'node build.js' } }));
    const red = await run('build');
    assert.deepEqual(
      [red.verdict, red.comparable, red.findings[0]?.file, red.findings[0]?.range?.startLine],
      ['failed', true, 'a.ts', 3],
    );
  });

  it('audit: is skipped when no manifest changed, inconclusive without its package manager', async () => {
    open({ 'package.json': manifest({ packageManager: 'pnpm@9.0.0' }), 'pnpm-lock.yaml': '', 'a.js': '' });
    assert.equal((await run('audit', {}, ['a.js'])).verdict, 'skipped');
    const previous = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      assert.match((await run('audit')).reason, /pnpm is the package manager here .* not installed/);
    } finally {
      process.env['PATH'] = previous;
    }
  });

  it('a command of the configuration is a gate too', async () => {
    open({ 'package.json': manifest({}) });
    const commands = [{ name: 'licences', command: 'node -e "process.exit(3)"' }];
    const result = await run('licences', { commands });
    assert.deepEqual([result.verdict, result.exitCode, result.comparable], ['failed', 3, false]);
  });
});

describe('gates with hostile tools', function () {
  this.timeout(60_000);
  let tree: TemporaryTree;
  afterEach(() => tree.dispose());
  const run = (program: string, timeoutMs = 60_000) => {
    tree = temporaryTree({ 'check.cjs': program });
    const runner = createGateRunner({
      secretsChild,
      commands: [{ name: 'check', command: 'node check.cjs', timeoutMs }],
    });
    return runner.run(
      'check',
      { runId: 'run-1', path: tree.path, changed: undefined },
      new AbortController().signal,
    );
  };

  it('a gate that hangs, ignores SIGTERM and forks away ends in bounded time, with everything it started', async () => {
    const child = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    const result = await run(
      `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { detached: true, stdio: 'ignore' }).unref();
       require('fs').writeFileSync('started', ''); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`,
      1500,
    );
    assert.equal(result.verdict, 'inconclusive');
    assert.match(result.reason, /did not end within \d+ s and was stopped/);
    assert.ok(result.durationMs < 20_000);
    assert.ok(existsSync(join(tree.path, 'started')));
  });

  it('a gate that prints 100 MB keeps its tail and its verdict in bounded memory', async () => {
    const before = process.memoryUsage().rss;
    const result = await run(
      "const s = 'x'.repeat(1024) + '\\n'; for (let i = 0; i < 102400; i++) require('fs').writeSync(1, s); console.log('the end'); process.exitCode = 1",
    );
    assert.equal(result.verdict, 'failed');
    assert.equal(result.comparable, false);
    assert.match(result.outputTail, /the end\s*$/);
    assert.ok(result.outputTail.length <= 8000);
    assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024);
  });

  it('a gate with thousands of findings gives the first 2,000 and says how many it left out', async () => {
    const result = await run(
      'for (let i = 1; i <= 2500; i++) console.log(`check.cjs:${i}:1: error: wrong ${i}`); process.exitCode = 1',
    );
    assert.deepEqual([result.findings.length, result.truncated], [2000, 500]);
  });

  it('a tool does not get the secrets of our environment', async () => {
    process.env['SAMPLE_API_KEY'] = 'hidden';
    try {
      const result = await run("console.log(process.env.SAMPLE_API_KEY ?? 'nothing', process.env.CI)");
      assert.match(result.outputTail, /^nothing 1/);
    } finally {
      delete process.env['SAMPLE_API_KEY'];
    }
  });
});

describe('secret scan', function () {
  this.timeout(60_000);
  let tree: TemporaryTree;
  afterEach(() => tree.dispose());
  // Put together here, so that this file itself holds no secret.
  const secret = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
  const scan = (changed?: string[]) =>
    createGateRunner({ secretsChild }).run(
      'secrets',
      { runId: 'run-1', path: tree.path, changed },
      new AbortController().signal,
    );

  it('finds a token at its place in any repository and never shows it', async () => {
    tree = temporaryTree({
      'config.py': `# settings\nTOKEN = "${secret}"\n`,
      'ignored.txt': secret,
      '.gitignore': 'ignored.txt',
      'image.bin': new Uint8Array([0, 1, 2]),
      'big.txt': 'a'.repeat(2 * 1024 * 1024),
    });
    tree.commit();
    const result = await scan();
    assert.equal(result.verdict, 'failed', result.reason);
    assert.deepEqual(
      result.findings.map((one) => `${one.file}:${one.range?.startLine}:${one.range?.startColumn}`),
      ['config.py:2:10'],
    );
    assert.match(result.reason, /1 secret found; 2 files scanned; left out: 1 binary, 1 over 1 MB/);
    assert.ok(!JSON.stringify(result).includes(secret));
  });

  it('looks only at what changed, and at nothing outside of the tree', async () => {
    tree = temporaryTree({ 'a.txt': secret, 'b.txt': 'fine' });
    tree.commit();
    assert.equal((await scan(['b.txt', 'deleted.txt', '../../etc/hostname'])).verdict, 'passed');
    assert.equal((await scan(['a.txt'])).verdict, 'failed');
  });

  it('takes time in proportion to the number of files', async () => {
    const files = Array.from(
      { length: 3000 },
      (_, index) => [`src/file${index}.js`, `const a = ${index};`] as const,
    );
    tree = temporaryTree(Object.fromEntries(files));
    tree.commit();
    const runner = createGateRunner({ secretsChild, timeoutMs: { secrets: 20_000 } });
    const result = await runner.run(
      'secrets',
      { runId: 'run-1', path: tree.path, changed: undefined },
      new AbortController().signal,
    );
    assert.match(result.reason, /^No secret found; 3000 files scanned/);
  });

  it('is inconclusive where there is neither git nor a list of files, and when the scanner cannot start', async () => {
    tree = temporaryTree({ 'a.txt': secret });
    assert.equal((await scan()).verdict, 'inconclusive');
    const broken = createGateRunner({ secretsChild: ['/no/such/child.js'] });
    assert.equal(
      (
        await broken.run(
          'secrets',
          { runId: 'run-1', path: tree.path, changed: ['a.txt'] },
          new AbortController().signal,
        )
      ).verdict,
      'inconclusive',
    );
  });
});
