import type { Agent } from '../../../core/model/agent';

/**
 * The agents that run programs and no model. `gate:<name>` and `analysis:<kind>` are the capabilities by which tasks of
 * those kinds find them.
 */
export const commandAgents: readonly Agent[] = [
  command(
    'code-analyst',
    ['analysis:code'],
    'Reads the whole code base: module graph, circles, largest and most changed files.',
  ),
  command(
    'documentation-analyst',
    ['analysis:documentation', 'documentation'],
    'Finds what is documented and what is not, and links that lead nowhere.',
  ),
  command('type-checker', ['gate:types', 'types'], 'Runs the type check of the repository.'),
  command(
    'linter',
    ['gate:lint', 'lint', 'debugging'],
    'Runs the linter of the repository, and applies the fixes it offers.',
  ),
  command('formatter', ['gate:format', 'formatting'], 'Runs the formatter of the repository.'),
  command(
    'tester',
    ['gate:tests', 'gate:coverage', 'testing'],
    'Runs the tests of the repository, with coverage where it is set up.',
  ),
  command('builder', ['gate:build', 'build'], 'Runs the build of the repository.'),
  command(
    'auditor',
    ['gate:audit', 'dependencies'],
    'Asks the package registry for known vulnerabilities of the dependencies.',
  ),
  command(
    'secret-scanner',
    ['gate:secrets'],
    'Looks for keys and passwords that do not belong into a repository.',
  ),
  command('command-runner', ['generalist'], 'Runs any other command line.'),
];

function command(name: string, capabilities: string[], description: string): Agent {
  return {
    name,
    description,
    source: { kind: 'built-in' },
    backend: 'command',
    capabilities,
    model: 'inherit',
    instructions: 'Runs a program and reports what it did. No language model takes part.',
  };
}
