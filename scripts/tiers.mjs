// The tiers of the tests and how to count them. A tier prints for people; its programs run in order, and its numbers are
// `one` (it passes or fails as a whole) or what its program leaves in the file ENTERPRISE_COUNTS names.

const tsx = ['--import', 'tsx'];
const program = (path, ...args) => [`node_modules/${path}`, ...args];
const mocha = (...files) => [
  ...program('mocha/bin/mocha.js'),
  ...['--reporter', './scripts/countingReporter.mjs', '--forbid-only', ...files],
];

/** What Prettier keeps in form; fixtures are as their makers wrote them. */
const formatted = [
  '{src,webview,scripts}/**/*.{ts,tsx,mjs}',
  'test/!(fixtures)/**/*.{ts,tsx}',
  'test/*.ts',
  '*.mjs',
];

const types = {
  name: 'types',
  counts: 'one',
  programs: [
    program('typescript/bin/tsc', '--noEmit', '-p', '.'),
    program('typescript/bin/tsc', '--noEmit', '-p', 'webview'),
    program('typescript/bin/tsc', '--noEmit', '-p', 'test/unit/webview'),
  ],
};
const lint = {
  name: 'lint',
  counts: 'one',
  programs: [
    program('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
    program('prettier/bin/prettier.cjs', '--log-level', 'warn', '--check', ...formatted),
  ],
};
const architecture = { name: 'architecture', programs: [mocha('test/architecture.test.ts')] };
const unit = { name: 'unit', programs: [mocha('test/unit/**/*.test.{ts,tsx}')] };
const contract = { name: 'contract', programs: [mocha('test/contract/**/*.test.ts')] };
const scenario = { name: 'scenario', programs: [mocha('--timeout', '120000', 'test/scenario/**/*.test.ts')] };
const integration = { name: 'integration', programs: [[...tsx, 'test/integration/runner/main.ts']] };

/** Tiers of one lane run one after another, lanes side by side; stages wait for each other. */
export const everything = [
  [
    [types, lint],
    [architecture, unit, contract],
  ],
  [[scenario]],
  [[integration]],
];

/** What to run while working. */
export const quick = [
  [
    [types, lint],
    [architecture, unit],
  ],
];
