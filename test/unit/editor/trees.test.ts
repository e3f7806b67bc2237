import assert from 'node:assert/strict';
import { openWindow } from '../../support/editorWindow';
import { FakeVsCode, treePicture } from '../../support/fakeVscode';
import { planned, ready, underWay, validated } from '../../support/storyOfARun';
import type { FakeOffers } from '../../support/fakeEngine';

async function windowWith(chapters: (typeof planned)[], offers: FakeOffers = {}) {
  const window = openWindow(undefined, offers);
  await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
  window.engine().play('run-1', chapters.flat());
  const picture = (view: string) => treePicture(window.vscode.trees.get(view));
  return { ...window, picture };
}

describe('the tree of runs', () => {
  it('unfolds a run into the phases it reached, their tasks and attempts', async () => {
    const { picture } = await windowWith([planned, underWay]);
    const lines = (await picture('enterprise.runs')).map((line) =>
      line.replace(/, (just now|\d+ \w+ ago)$/, ''),
    );
    assert.deepEqual(lines, [
      '(bell-dot) Limit rates | Asks you, 2/6 tasks',
      '  (check) Analysis',
      '    (telescope) Complexity complex | api, typescript, documentation',
      '    (list-tree) Plan 1 | 6 tasks from model',
      '  (check) Deployment',
      '    (hubot) architect | model',
      '    (hubot) backend-developer | model',
      '    (hubot) test-engineer | model',
      '    (terminal) lint-fixer | command',
      '  (bell-dot) Execution | Asks you',
      '    (pass) Design the limiter’s interface | Done: The interface is in docs/design/limits.md',
      '      (pass) Attempt 1 | architect, finished in 2.0 s: The interface is in docs/design/limits.md',
      '    (sync~spin) Implement the token bucket | Running 60%: Refilling by elapsed time',
      '      (sync~spin) Attempt 1 | backend-developer, running',
      '    (pass) Keep counters in the existing store | Done: Counters live beside the sessions',
      '      (pass) Attempt 1 | backend-developer, finished in 4.0 s: Counters live beside the sessions',
      '    (circle-outline) Apply it to the public routes | Waiting',
      '    (bell-dot) Test bursts, refills and headers | Asks you: Run a command',
      '      (sync~spin) Attempt 1 | test-engineer, running',
      '    (circle-outline) Apply the linter’s own fixes | Waiting',
    ]);
  });

  it('shows verdicts under validation and files under delivery', async () => {
    const { picture } = await windowWith([planned, underWay, validated, ready]);
    const lines = await picture('enterprise.runs');
    assert.deepEqual(lines.slice(lines.indexOf('  (check) Validation')), [
      '  (check) Validation',
      '    (question) Dependency audit | inconclusive: the registry could not be reached',
      '    (pass) Lint | passed: nothing new; 1 known before the run',
      '    (pass) Tests | passed: ended with 0',
      '    (error) Type check | failed: 1 findings',
      '  (package) Delivery | Ready to deliver',
      '    (diff) src/limits/bucket.ts | added, +96 −0',
      '    (diff) src/routes.ts | modified, +14 −3',
      '    (diff) src/legacy/throttle.ts | deleted, +0 −41',
    ]);
  });
});

describe('the tree of todos', () => {
  it('is ticked by the engine until a person ticks otherwise, which stays', async () => {
    const { vscode, picture } = await windowWith([planned, underWay]);
    const before = await picture('enterprise.todos');
    assert.deepEqual(before.slice(0, 3), [
      '[x] (pass) Design the limiter’s interface | done',
      '[ ] (sync~spin) Implementing the token bucket | running, high',
      '[x] (pass) Keep counters in the existing store | done',
    ]);
    const tree = vscode.trees.get('enterprise.todos');
    const [first] = (await tree?.getChildren()) ?? [];
    vscode.checkboxes.get('enterprise.todos')?.fire({ items: [[first, 0]] });
    assert.equal(
      (await picture('enterprise.todos'))[0],
      '[ ] (pass) Design the limiter’s interface | done, unticked by you',
    );
  });
});

describe('the tree of gates', () => {
  it('shows what was detected before the first run', async () => {
    const gates = {
      gates: [{ name: 'types', title: 'Type check', command: 'tsc --noEmit', timeoutMs: 1 }],
      absent: [{ name: 'build', reason: 'no script' }],
    };
    const window = openWindow(undefined, { gates });
    assert.deepEqual(await treePicture(window.vscode.trees.get('enterprise.gates')), [
      '(shield) Type check | tsc --noEmit',
      '(circle-slash) build | does not apply: no script',
    ]);
  });

  it('shows verdicts with their findings, the combined result first', async () => {
    const { picture } = await windowWith([planned, underWay, validated]);
    const lines = await picture('enterprise.gates');
    assert.deepEqual(lines.slice(0, 6), [
      '(question) Dependency audit | inconclusive on combined result, 3.4 s',
      '(pass) Lint | passed on combined result, 3.4 s',
      '  (error) ’total’ is never reassigned. Use ’const’. | src/orders.ts:41 (there before the run)',
      '(pass) Tests | passed on combined result, 3.4 s',
      '(error) Type check | failed on combined result, 1 new finding, 3.4 s',
      '  (error) Type ’string’ is not assignable to type ’number’. | src/limits/bucket.ts:27',
    ]);
  });
});

describe('the tree of agents', () => {
  const agent = {
    description: 'Writes the docs',
    backend: 'model' as const,
    capabilities: [],
    model: 'inherit',
    instructions: '',
  };
  const path = '/repo/shop/.claude/agents/broken.md';
  const agents = {
    agents: [
      {
        ...agent,
        name: 'documenter',
        source: { kind: 'project' as const, path: '/repo/shop/.claude/agents/documenter.md' },
      },
      { ...agent, name: 'lint-fixer', backend: 'command' as const, source: { kind: 'built-in' as const } },
    ],
    problems: [{ path, line: 3, column: 5, severity: 'error' as const, message: 'No description' }],
  };

  it('groups them by where they come from, with the problems of their files first', async () => {
    const window = openWindow(undefined, { agents });
    assert.deepEqual(await treePicture(window.vscode.trees.get('enterprise.agents')), [
      '(warning) 1 problem',
      '  (error) No description | broken.md:3',
      '(folder-library) Project | 1',
      '  (hubot) documenter | Writes the docs',
      '(folder-library) Built in | 1',
      '  (terminal) lint-fixer | Writes the docs',
    ]);
  });

  it('shows the skills after them, and what of an agent’s file has no effect', async () => {
    const source = { kind: 'project' as const, path: '/repo/shop/.agents/skills/pdf/SKILL.md' };
    const [first] = agents.agents;
    const unused = [{ field: 'color', reason: 'x' }];
    const window = openWindow(undefined, {
      agents: {
        agents: [{ ...agent, ...first, name: 'documenter', unused, source: { kind: 'project', path } }],
        problems: [],
        skills: [{ name: 'pdf', description: 'Fills forms', source }],
        models: { documenter: { id: 'ollama/qwen', reason: 'named in its file' } },
      },
    });
    const tree = window.vscode.trees.get('enterprise.agents');
    assert.deepEqual(await treePicture(tree), [
      '(folder-library) Project | 1',
      '  (hubot) documenter | Writes the docs',
      '(library) Skills | 1',
      '  (book) pdf | Fills forms',
    ]);
    const [group] = (await tree?.getChildren()) ?? [];
    const [documenter] = (await tree?.getChildren(group)) ?? [];
    const item = await tree?.getTreeItem(documenter);
    assert.match(item?.tooltip as string, /\nModel: ollama\/qwen \(named in its file\)\n/);
    assert.match(item?.tooltip as string, /\nWithout effect here: color\n/);
  });

  it('also raises those problems in the files', async () => {
    const window = openWindow(undefined, { agents });
    await treePicture(window.vscode.trees.get('enterprise.agents'));
    assert.deepEqual(window.vscode.diagnostics.get('enterprise-agents')?.picture(), [
      `${path} error 3:5 No description [enterprise: agents]`,
    ]);
  });

  it('opens no engine in an untrusted workspace', async () => {
    const vscode = new FakeVsCode('/repo/shop');
    vscode.isTrusted = false;
    const window = openWindow(vscode, { agents });
    for (const tree of vscode.trees.values()) assert.deepEqual(await treePicture(tree), []);
    assert.equal(window.opened.length, 0);
  });
});
