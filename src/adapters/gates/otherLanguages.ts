import { delimiter, join } from 'node:path';
import { childEnvironment } from '../process/childEnvironment';
import { byJUnit } from './commandGate';
import { defaultTimeoutMs, inconclusive, type Detected, type GateContext, type GateOutcome } from './gate';
import { findOnPath } from './packageManager';
import type { Repository } from './repository';
import { byExitCode } from './scriptGate';

interface Convention {
  readonly because: string;
  readonly program: string;
  readonly args: readonly string[];
  applies(repository: Repository): boolean;
}

const conventions: readonly Convention[] = [
  {
    because: 'Cargo.toml',
    program: 'cargo',
    args: ['test'],
    applies: (tree) => tree.entries.has('Cargo.toml'),
  },
  {
    because: 'go.mod',
    program: 'go',
    args: ['test', './...'],
    applies: (tree) => tree.entries.has('go.mod'),
  },
  {
    because: 'pytest in its configuration',
    program: 'pytest',
    args: [],
    applies: (tree) =>
      tree.entries.has('pytest.ini') ||
      /\[tool\.pytest|\[pytest\]|\[tool:pytest\]/.test(
        ['pyproject.toml', 'tox.ini', 'setup.cfg'].map((file) => tree.text(file) ?? '').join('\n'),
      ),
  },
  {
    because: 'a target `test` in its Makefile',
    program: 'make',
    args: ['test'],
    applies: (tree) => /^test:/m.test(tree.text('Makefile') ?? ''),
  },
];

/** `tests` of a tree that is not JavaScript: one well-known command, by its exit code. Nothing else is recognised there. */
export function otherLanguageTests(repository: Repository): Detected {
  const found = conventions.find((convention) => convention.applies(repository));
  const why = repository.manifestProblem ?? 'there is no package.json';
  if (found === undefined) {
    return {
      name: 'tests',
      reason: `${why}, and no Cargo.toml, go.mod, pytest configuration or Makefile target \`test\``,
    };
  }
  if (findOnPath(found.program, childEnvironment()) === undefined) {
    return { name: 'tests', reason: `${found.because} asks for ${found.program}, which is not installed` };
  }
  const command = [found.program, ...found.args].join(' ');
  return {
    spec: { name: 'tests', title: 'Tests', command, timeoutMs: defaultTimeoutMs.tests },
    run: async (context) => {
      if (found.program === 'pytest') return runPytest(context, command);
      const run = await context.tools.run(found.program, found.args, { timeoutMs: context.timeoutMs });
      return { ...byExitCode(context, command, run), comparable: run.exitCode === 0 };
    },
  };
}

/** The tree's own code goes before a package of the same name that is installed, from a checkout for instance. */
async function runPytest(context: GateContext, command: string): Promise<GateOutcome> {
  const { repository, tools, timeoutMs } = context;
  const report = join(context.scratch, 'report.xml');
  const args = [`--junitxml=${report}`, '-p', 'no:cacheprovider'];
  const sources = repository.entries.has('src') ? join(repository.root, 'src') : repository.root;
  const inherited = tools.env['PYTHONPATH'];
  const env = {
    PYTHONPATH: inherited ? [sources, inherited].join(delimiter) : sources,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const run = await tools.run('pytest', args, { timeoutMs, env });
  if (run.exitCode === 5) return inconclusive('No test was run.', run.output, run.exitCode);
  return byJUnit(context, command, run, report);
}
