import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixersOf } from '../../../../src/adapters/workflows/fixersOf';

function fixers(lint?: string, format?: string) {
  const gate = (name: string, command: string | undefined) =>
    command === undefined ? [] : [{ name, title: name, command, timeoutMs: 1000 }];
  return fixersOf({
    gates: [...gate('lint', lint), ...gate('format', format)],
    absent: [{ name: 'lint', reason: 'no linter is set up' }],
  });
}

const wrapped = (program: string, command: string) =>
  `npx --no-install ${program} --version && { npx --no-install ${command} || test $? -eq 1; }`;

describe('fixersOf', () => {
  const lints: [string, string][] = [
    ['eslint .', wrapped('eslint', 'eslint . --fix')],
    [
      'eslint "src/**/*.ts" --max-warnings=0',
      wrapped('eslint', 'eslint "src/**/*.ts" --max-warnings=0 --fix'),
    ],
    ['npx eslint src', wrapped('eslint', 'eslint src --fix')],
    ['./node_modules/.bin/eslint src', wrapped('eslint', 'eslint src --fix')],
    ['xo', wrapped('xo', 'xo --fix')],
    ['standard', wrapped('standard', 'standard --fix')],
    ['biome lint .', wrapped('biome', 'biome lint --write .')],
    ['biome ci', wrapped('biome', 'biome check --write')],
  ];
  for (const [gate, command] of lints)
    it(`${gate} → ${command}`, () => assert.equal(fixers(gate).lint, command));

  const formats: [string, string][] = [
    ['prettier --check .', 'npx --no-install prettier --write .'],
    ['prettier -c "src/**/*.ts"', 'npx --no-install prettier --write "src/**/*.ts"'],
    ['prettier . --list-different', 'npx --no-install prettier --write .'],
    ['biome format .', wrapped('biome', 'biome format --write .')],
  ];
  for (const [gate, command] of formats)
    it(`${gate} → ${command}`, () => assert.equal(fixers(undefined, gate).format, command));

  it('invents nothing, and says what is not there and why', () => {
    assert.deepEqual(fixers(), {
      absent: [
        { name: 'lint', reason: 'no linter is set up' },
        { name: 'format', reason: 'there is no gate `format`' },
      ],
    });
    for (const command of ['npm run lint', 'eslint . | tee out', 'eslint . && rm x', 'eslintish .', 'tsc']) {
      assert.deepEqual(fixers(command).absent[0], {
        name: 'lint',
        reason: `nobody knows how \`${command}\` could mend what it finds`,
      });
    }
  });

  describe('the command line for ESLint, run for real', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'fixers-'));
      await writeFile(join(folder, 'package.json'), '{"name":"x","private":true}');
      await writeFile(
        join(folder, 'eslint.config.mjs'),
        "export default [{ rules: { 'prefer-const': 'error', 'no-undef': 'error' } }];",
      );
      await writeFile(join(folder, 'a.js'), 'let a = 1;\nexport { a };\nmissing();\n');
    });
    afterEach(() => rm(folder, { recursive: true }));

    const run = () =>
      spawnSync('sh', ['-c', fixers('eslint .').lint ?? ''], { cwd: folder, encoding: 'utf8' });

    it('mends what it can and succeeds although a problem remains', async () => {
      await mkdir(join(folder, 'node_modules/.bin'), { recursive: true });
      const modules = join(__dirname, '../../../../node_modules');
      await symlink(join(modules, 'eslint'), join(folder, 'node_modules/eslint'));
      await symlink(join(modules, 'eslint/bin/eslint.js'), join(folder, 'node_modules/.bin/eslint'));
      const { status, stdout } = run();
      assert.equal(status, 0, stdout);
      assert.match(stdout, /no-undef/);
      assert.equal(await readFile(join(folder, 'a.js'), 'utf8'), 'const a = 1;\nexport { a };\nmissing();\n');

      await writeFile(join(folder, 'eslint.config.mjs'), 'throw new Error("broken");');
      assert.equal(run().status, 1, 'a broken configuration is a failure');
    }).timeout(60_000);

    it('fails where ESLint is not installed', () => {
      const { PATH, ...env } = process.env;
      const path = (PATH ?? '')
        .split(':')
        .filter((part) => !part.includes('node_modules'))
        .join(':');
      const { status } = spawnSync('sh', ['-c', fixers('eslint .').lint ?? ''], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...env, PATH: path },
      });
      assert.notEqual(status, 0);
    }).timeout(60_000);
  });
});
