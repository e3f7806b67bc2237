import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { loadConfig } from '../../../../src/adapters/config/loadConfig';

const noRules = {
  allow: [],
  deny: [],
  denyAlways: [],
  hosts: { allow: [], deny: [] },
  mcp: { allow: [], deny: [] },
  programs: { allow: [] },
};

describe('loadConfig', () => {
  let root: string;
  let places: { state: string; workspace: string };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'config-'));
    places = { state: join(root, 'state'), workspace: join(root, 'project') };
  });
  afterEach(() => rm(root, { recursive: true }));

  async function put(path: string, content: unknown): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(
      join(root, path),
      typeof content === 'string' ? content : JSON.stringify(content, undefined, 2),
    );
  }
  const machine = (content: unknown) => put('state/config.json', content);
  const project = (content: unknown) => put('project/.enterprise/config.json', content);
  const problemsOf = (loaded: Awaited<ReturnType<typeof loadConfig>>) =>
    loaded.problems.map(
      ({ path, line, column, severity, message }) =>
        `${basename(dirname(path))}:${line}:${column} ${severity} ${message}`,
    );

  it('says nothing where there are no files', async () => {
    assert.deepEqual(await loadConfig(places), {
      config: {
        budget: {},
        policy: noRules,
        sandbox: { network: [], readWrite: [], off: false },
        autonomous: false,
        worktrees: { include: true },
        gates: { disabled: [], added: [] },
        mcp: { servers: {}, disabled: [] },
        acp: {},
        research: { enabled: true, tools: [] },
      },
      notes: [],
      problems: [],
    });
  });

  it('reads both and lets the project only narrow', async () => {
    await machine({ model: 'openai/x', budget: { maxParallel: 8 }, policy: { allow: ['npm test'] } });
    await project({ budget: { maxParallel: 2 }, policy: { allow: ['curl'], deny: ['npm publish'] } });
    const loaded = await loadConfig(places);
    assert.equal(loaded.config.model, 'openai/x');
    assert.deepEqual(loaded.config.budget, { maxParallel: 2 });
    assert.deepEqual(loaded.config.policy, { ...noRules, allow: ['npm test'], denyAlways: ['npm publish'] });
    assert.deepEqual(problemsOf(loaded), [
      '.enterprise:6:5 warning A repository cannot allow commands; this is ignored. Put the rule into the configuration of this machine.',
    ]);
    assert.equal(loaded.failure, undefined);
  });

  it('reads nothing of a workspace it is not given', async () => {
    await project({ budget: { maxParallel: 2 } });
    assert.deepEqual((await loadConfig({ state: places.state })).config.budget, {});
  });

  for (const key of ['model', 'baseUrl']) {
    it(`refuses ${key} in a repository, because it decides where code and keys go`, async () => {
      await project({ [key]: 'https://example.org' });
      const loaded = await loadConfig(places);
      assert.deepEqual(problemsOf(loaded), [`.enterprise:2:3 error unknown key \`${key}\``]);
    });
  }

  for (const [key, value] of [
    ['sandbox', { network: ['npm ci'] }],
    ['approval', 'autonomous'],
  ] as const) {
    it(`refuses ${key} in a repository, because it would let itself out`, async () => {
      await project({ [key]: value });
      assert.deepEqual(problemsOf(await loadConfig(places)), [
        `.enterprise:2:3 error unknown key \`${key}\``,
      ]);
    });
  }

  it('reads what commands may do beyond their worktree from the machine', async () => {
    await machine({ sandbox: { network: ['npm ci'], readWrite: ['/var/cache/x'] }, approval: 'autonomous' });
    const { config } = await loadConfig(places);
    assert.deepEqual(config.sandbox, { network: ['npm ci'], readWrite: ['/var/cache/x'], off: false });
    assert.equal(config.autonomous, true);
  });

  it('takes no external agent from a repository, because it names a program to run', async () => {
    await project({ acp: { helper: { command: './helper' } } });
    const loaded = await loadConfig(places);
    assert.deepEqual(problemsOf(loaded), ['.enterprise:2:3 error unknown key `acp`']);
    assert.deepEqual(loaded.config.acp, {});
  });

  const broken: [string, string, string][] = [
    ['an unknown key', '{\n  "modle": "x"\n}', '2:3 error unknown key `modle`'],
    [
      'a wrong value',
      '{"budget": {"maxParallel": 0}}',
      '1:28 error `budget.maxParallel`: Too small: expected number to be >0',
    ],
    ['a cut file', '{"budget": ', '1:12 error This is not valid JSON: Unexpected end of JSON input'],
    ['an address that is none', '{"baseUrl": "file:///etc"}', '1:13 error `baseUrl`: Invalid URL'],
    [
      'an empty rule',
      '{"policy": {"deny": [" "]}}',
      '1:22 error `policy.deny[0]`: Too small: expected string to have >=1 characters',
    ],
  ];
  for (const [fact, text, problem] of broken) {
    it(`${fact} is shown at its place, and nothing may run`, async () => {
      await machine(text);
      const loaded = await loadConfig(places);
      assert.deepEqual(problemsOf(loaded), [`state:${problem}`]);
      assert.equal(loaded.failure?.kind, 'usage');
    });
  }
});
