import assert from 'node:assert/strict';
import { fixersOf } from '../../../../src/adapters/workflows/fixersOf';

function fixers(lint?: string, format?: string) {
  const gate = (name: string, command: string | undefined) =>
    command === undefined ? [] : [{ name, title: name, command, timeoutMs: 1000 }];
  return fixersOf({
    gates: [...gate('lint', lint), ...gate('format', format)],
    absent: [{ name: 'lint', reason: 'no linter is set up' }],
  });
}

describe('fixersOf', () => {
  const lints: [string, string][] = [
    ['eslint .', 'eslint . --fix'],
    ['eslint "src/**/*.ts" --max-warnings=0', 'eslint "src/**/*.ts" --max-warnings=0 --fix'],
    ['npx eslint src', 'eslint src --fix'],
    ['./node_modules/.bin/eslint src', 'eslint src --fix'],
    ['xo', 'xo --fix'],
    ['standard', 'standard --fix'],
    ['biome lint .', 'biome lint --write .'],
    ['biome ci', 'biome check --write'],
  ];
  for (const [gate, command] of lints)
    it(`${gate} → ${command}, which may end with 1`, () =>
      assert.deepEqual(fixers(gate).lint, { run: command, accepts: [1] }));

  const formats: [string, string][] = [
    ['prettier --check .', 'prettier --write .'],
    ['prettier -c "src/**/*.ts"', 'prettier --write "src/**/*.ts"'],
    ['prettier . --list-different', 'prettier --write .'],
    ['biome format .', 'biome format --write .'],
  ];
  for (const [gate, command] of formats)
    it(`${gate} → ${command}`, () => assert.equal(fixers(undefined, gate).format?.run, command));

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
});
