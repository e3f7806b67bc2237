import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createEngine } from '../../src/compose';
import type { EngineSettings } from '../../src/composeRun';
import { reportSchema, type Report } from '../../src/core/model/report';
import type { Engine, RunRequest } from '../../src/core/coordination/engine';
import type { StoredEvent } from '../../src/core/model/event';
import type { RunView } from '../../src/core/model/run';
import type { Approver } from '../../src/core/ports';
import { gitFixture, type GitFixture } from './gitFixture';
import { expectOk } from './realGit';

/** A repository that looks real to the gates: TypeScript and tests that run with what this project has installed. */
export function typescriptRepository(files: Record<string, string> = {}): GitFixture {
  const fixture = gitFixture({
    '.gitignore': 'node_modules\n',
    'package.json': `${JSON.stringify({ name: 'demo', version: '1.0.0', private: true, scripts: { typecheck: 'tsc --noEmit', test: 'node --test' } }, null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify({ compilerOptions: { strict: true, module: 'preserve', target: 'es2022', noEmit: true, types: [], allowJs: true, checkJs: true }, include: ['src'] }, null, 2)}\n`,
    'src/add.js': '/** @param {number} a @param {number} b */\nexports.add = (a, b) => a + b;\n',
    'test/add.test.js':
      "const test = require('node:test');\nconst assert = require('node:assert');\nconst { add } = require('../src/add.js');\ntest('adds', () => assert.equal(add(1, 2), 3));\n",
    ...files,
  });
  installed(fixture.root, 'typescript');
  return fixture;
}

/** Puts a package of this project into the repository's node_modules, with its programs. */
export function installed(root: string, name: string): void {
  const from = resolve(__dirname, '../../node_modules');
  const into = join(root, 'node_modules');
  mkdirSync(dirname(join(into, name)), { recursive: true });
  symlinkSync(join(from, name), join(into, name));
  const manifest = JSON.parse(readFileSync(join(from, name, 'package.json'), 'utf8')) as {
    bin?: string | Record<string, string>;
  };
  const programs = typeof manifest.bin === 'string' ? { [name]: manifest.bin } : (manifest.bin ?? {});
  mkdirSync(join(into, '.bin'), { recursive: true });
  for (const [program, path] of Object.entries(programs)) {
    if (!existsSync(join(into, '.bin', program)))
      symlinkSync(join('..', name, path), join(into, '.bin', program));
  }
}

/** Nobody is there to ask. */
export const nobody: Approver = {
  ask: (_runId, approval) =>
    Promise.resolve({ id: approval.id, digest: approval.digest, decision: 'deny', by: 'nobody' }),
};

export interface Scenario {
  readonly fixture: GitFixture;
  readonly engine: Engine;
  /** Runs a request to where this process has nothing more to do. */
  run(request: Partial<RunRequest>): Promise<{ view: RunView; events: StoredEvent[]; report: Report }>;
  close(): Promise<void>;
}

export interface ScenarioOptions {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly approver?: Approver;
  readonly settings?: EngineSettings;
}

/** The real engine over a fixture, with a state folder of its own. */
export async function scenario(fixture: GitFixture, options: ScenarioOptions = {}): Promise<Scenario> {
  const { model = 'offline', baseUrl, apiKey } = options;
  const engine = expectOk(
    await createEngine({
      workspace: fixture.root,
      approver: options.approver ?? nobody,
      settings: {
        ...{ ...options.settings, model, stateFolder: fixture.state },
        ...(baseUrl === undefined ? {} : { baseUrl }),
      },
      apiKey: () => Promise.resolve(apiKey),
    }),
  );
  return {
    fixture,
    engine,
    run: async (request) => {
      const { runId } = expectOk(
        await engine.start({ request: 'Do it', approvePlan: true, deliver: 'auto', ...request }),
      );
      const view = await engine.settled(runId);
      return { view, events: await engine.events(runId), report: reportOf(fixture, runId) };
    },
    close: async () => {
      await engine.dispose();
      fixture.remove();
    },
  };
}

export function reportOf(fixture: GitFixture, runId: string): Report {
  const text = readFileSync(join(fixture.root, '.enterprise', 'runs', runId, 'report.json'), 'utf8');
  return reportSchema.parse(JSON.parse(text));
}
