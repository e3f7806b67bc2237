/**
 * The words by which tasks and agents meet. Deliberately small: a domain is listed only if some agent or some rule of
 * the analysis makes use of it. Matching is by whole words and phrases, so the same text always gives the same domains.
 */

/** What kind of work is asked for; one of these leads the choice of an agent. */
const roles: Readonly<Record<string, readonly string[]>> = {
  implementation: [
    'add',
    'build a',
    'change',
    'code',
    'create',
    'develop',
    'developer',
    'engineer',
    'extend',
    'feature',
    'implement',
    'implementation',
    'implementer',
    'implements',
    'introduce',
    'make',
    'programming',
    'replace',
    'support',
    'write',
  ],
  debugging: [
    'bug',
    'bugs',
    'crash',
    'crashes',
    'debug',
    'debugger',
    'debugging',
    'defect',
    'error',
    'exception',
    'fix',
    'fixes',
    'repair',
    'root cause',
    'troubleshoot',
    'wrong',
  ],
  refactoring: [
    'clean up',
    'cleanup',
    'decouple',
    'extract',
    'legacy',
    'modernise',
    'modernize',
    'refactor',
    'refactoring',
    'rename',
    'restructure',
    'simplify',
    'technical debt',
    'tidy',
  ],
  testing: [
    'assertion',
    'coverage',
    'e2e',
    'end to end',
    'integration test',
    'jest',
    'mocha',
    'playwright',
    'pytest',
    'qa',
    'spec',
    'tdd',
    'test',
    'tester',
    'testing',
    'tests',
    'unit test',
    'vitest',
  ],
  documentation: [
    'changelog',
    'comment',
    'comments',
    'describe',
    'doc',
    'docs',
    'docstring',
    'docstrings',
    'document',
    'documentation',
    'documenter',
    'documents',
    'guide',
    'jsdoc',
    'readme',
    'technical writer',
    'tutorial',
    'typedoc',
  ],
  review: [
    'assess',
    'audit',
    'auditor',
    'code review',
    'critique',
    'evaluate',
    'inspect',
    'review',
    'reviewer',
    'reviews',
  ],
  architecture: [
    'architect',
    'architecture',
    'blueprint',
    'design',
    'designing',
    'domain model',
    'interface design',
    'microservices',
    'module boundaries',
    'system design',
  ],
  release: ['bump', 'publish', 'release', 'releases', 'releasing', 'semver', 'tag', 'version', 'versioning'],
  research: ['compare', 'explore', 'find out', 'investigate', 'research', 'researcher', 'study'],
};

/** What the work is about. */
const subjects: Readonly<Record<string, readonly string[]>> = {
  security: [
    'auth',
    'authentication',
    'authorization',
    'credential',
    'credentials',
    'csrf',
    'cve',
    'encrypt',
    'encryption',
    'injection',
    'jwt',
    'oauth',
    'owasp',
    'password',
    'passwords',
    'penetration',
    'permission',
    'permissions',
    'sanitise',
    'sanitize',
    'secret',
    'secrets',
    'secure',
    'security',
    'threat',
    'vulnerabilities',
    'vulnerability',
    'xss',
  ],
  performance: [
    'benchmark',
    'benchmarks',
    'cache',
    'caching',
    'faster',
    'latency',
    'memory leak',
    'optimise',
    'optimiser',
    'optimize',
    'optimizer',
    'optimization',
    'performance',
    'profile',
    'profiling',
    'slow',
    'speed',
    'speed up',
    'throughput',
  ],
  frontend: [
    'angular',
    'browser',
    'button',
    'component',
    'components',
    'css',
    'dom',
    'form',
    'frontend',
    'front end',
    'html',
    'page',
    'preact',
    'react',
    'svelte',
    'tailwind',
    'ui',
    'user interface',
    'vue',
    'webview',
  ],
  backend: [
    'backend',
    'back end',
    'express',
    'fastify',
    'middleware',
    'nestjs',
    'queue',
    'server',
    'service',
    'services',
    'worker',
  ],
  api: [
    'api',
    'apis',
    'endpoint',
    'endpoints',
    'graphql',
    'grpc',
    'openapi',
    'rest',
    'route',
    'routes',
    'webhook',
    'webhooks',
  ],
  database: [
    'database',
    'databases',
    'migration',
    'migrations',
    'mongodb',
    'mysql',
    'orm',
    'postgres',
    'postgresql',
    'prisma',
    'query',
    'queries',
    'redis',
    'schema',
    'sql',
    'sqlite',
  ],
  devops: [
    'aws',
    'azure',
    'ci',
    'cd',
    'cloud',
    'container',
    'containers',
    'deploy',
    'deployment',
    'devops',
    'docker',
    'dockerfile',
    'gcp',
    'github actions',
    'helm',
    'infrastructure',
    'kubernetes',
    'pipeline',
    'pipelines',
    'terraform',
  ],
  dependencies: [
    'dependencies',
    'dependency',
    'lockfile',
    'outdated',
    'package',
    'packages',
    'upgrade',
    'upgrades',
  ],
  build: ['build', 'bundle', 'bundler', 'compile', 'esbuild', 'rollup', 'vite', 'webpack'],
  lint: ['biome', 'eslint', 'lint', 'linter', 'linting', 'standard', 'xo'],
  formatting: ['format', 'formatter', 'formatting', 'prettier', 'style'],
  types: ['tsc', 'type check', 'type checker', 'typecheck', 'types', 'typing', 'typings'],
  accessibility: ['a11y', 'accessibility', 'accessible', 'aria', 'screen reader', 'wcag'],
  mobile: ['android', 'flutter', 'ios', 'kotlin', 'mobile', 'react native', 'swiftui'],
  data: ['analytics', 'dashboard', 'data', 'etl', 'pandas', 'statistics'],
  'machine-learning': [
    'ai',
    'embedding',
    'embeddings',
    'llm',
    'llms',
    'machine learning',
    'ml',
    'model training',
    'pytorch',
    'rag',
  ],
  typescript: ['ts', 'tsx', 'typescript'],
  javascript: ['ecmascript', 'javascript', 'js', 'jsx', 'node', 'node.js', 'nodejs'],
  python: ['django', 'fastapi', 'flask', 'py', 'python'],
  rust: ['cargo', 'rust'],
  go: ['golang'],
  java: ['java', 'jvm', 'maven', 'gradle', 'spring'],
  dotnet: ['.net', 'asp.net', 'c#', 'csharp', 'dotnet', 'f#'],
  cpp: ['c++', 'cmake', 'cpp'],
  php: ['laravel', 'php', 'symfony'],
  ruby: ['rails', 'ruby'],
  swift: ['swift'],
  shell: ['bash script', 'powershell', 'shell', 'shell script'],
};

export const roleNames: readonly string[] = Object.keys(roles);

/** The text in lower case as words parted by single spaces, with a space at both ends. */
export function normalised(text: string): string {
  const words = text.toLowerCase().match(/\.?[a-z0-9][a-z0-9+#]*(?:\.[a-z0-9]+)*/g) ?? [];
  return ` ${words.join(' ')} `;
}

/**
 * Kinds of work named in a text. Those of its opening ("Write unit tests" of "Write unit tests for the parser and change …")
 * come first, because the rest is circumstance; within each part the strongest first (most different words), and
 * `implementation` last, because its verbs go with everything ("add tests", "write the guide").
 */
export function rolesOf(text: string): string[] {
  const opening =
    text
      .trim()
      .split(/[.,;:\n]|\s(?:for|with|to|and|in|of|on|from|by|so|that|when|which|using|into|then)\s/i, 1)[0] ??
    '';
  return [
    ...new Set([...implementationLast(matches(opening, roles)), ...implementationLast(matches(text, roles))]),
  ];
}

function implementationLast(names: readonly string[]): string[] {
  const others = names.filter((name) => name !== 'implementation');
  return others.length < names.length ? [...others, 'implementation'] : others;
}

/** Subjects named in a text, strongest first. */
export function subjectsOf(text: string): string[] {
  return matches(text, subjects);
}

/** The words of a list that occur in a text. */
export function wordsIn(text: string, words: readonly string[]): string[] {
  const haystack = normalised(text);
  return words.filter((word) => haystack.includes(normalised(word)));
}

function matches(text: string, table: Readonly<Record<string, readonly string[]>>): string[] {
  const haystack = normalised(text);
  return Object.entries(table)
    .map(([name, words]) => ({ name, hits: words.filter((word) => haystack.includes(` ${word} `)).length }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits)
    .map(({ name }) => name);
}
