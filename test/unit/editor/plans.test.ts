import assert from 'node:assert/strict';
import type { TextDocument } from 'vscode';
import type { NewEvent } from '../../../src/core/model/event';
import { planUri } from '../../../src/editor/plans/planUri';
import { restMs } from '../../../src/editor/plans/planProblems';
import { openWindow, type EditorWindow } from '../../support/editorWindow';
import { agent } from '../core/planning/sampleTasks';
import { planned, underWay } from '../../support/storyOfARun';

const team = ['implementer', 'test-engineer', 'reviewer', 'documenter'].map((name) => agent(name, []));
const offers = {
  agents: { agents: [...team, agent('command-runner', [], { backend: 'command' })], problems: [] },
};
const encoded = (text: string) => new TextEncoder().encode(text);

/** A window that knows a run as far as the events tell. */
async function windowWith(events: readonly NewEvent[]): Promise<EditorWindow> {
  const window = openWindow(undefined, offers);
  await window.vscode.run('enterprise.runTask', { task: 'Add gift cards', model: 'fake/m' });
  window.engine().play('run-1', events);
  return window;
}

function fileOf(window: EditorWindow) {
  const provider = window.vscode.fileSystems.get('enterprise-plan');
  const uri = planUri(window.vscode.api, 'run-1');
  assert.ok(provider);
  const read = async () => new TextDecoder().decode(await provider.readFile(uri));
  const write = (text: string) =>
    Promise.resolve(provider.writeFile(uri, encoded(text), { create: false, overwrite: true }));
  return { provider, uri, read, write };
}

describe('enterprise.editPlan', () => {
  it('opens the plan that waits as a YAML file', async () => {
    const window = await windowWith(planned);
    await window.vscode.run('enterprise.editPlan');
    const opened = window.vscode.executed.find(({ command }) => command === 'vscode.open');
    assert.equal(String(opened?.args[0]), 'enterprise-plan:/run-1/plan.yaml');
    const text = await fileOf(window).read();
    assert.match(text, /^# The plan of run run-1, revision 1\. Saving hands in what stands here/);
    assert.match(text, /\ntasks:\n {2}- id: /);
  });

  it('hands in what is saved, and says what it comes to', async () => {
    const window = await windowWith(planned);
    const file = fileOf(window);
    await file.write('tasks:\n  - id: all\n    prompt: Do it all.\n');
    const [request] = window.engine().planRequests;
    assert.ok(request?.kind === 'propose');
    assert.deepEqual(request.file, { tasks: [{ id: 'all', prompt: 'Do it all.' }] });
    assert.match(
      window.vscode.shown.at(-1)?.text ?? '',
      /^Plan 2 is handed in\. It runs once you approve it\./,
    );
  });

  it('does not save a plan that cannot be run: the person keeps it, and the old one stands', async () => {
    const window = await windowWith(planned);
    const file = fileOf(window);
    await assert.rejects(
      file.write('tasks:\n  - id: a\n    prompt: x\n    needs: [b]\n'),
      /It has one problem, shown in the file\. The plan stays as it was\./,
    );
    assert.deepEqual(window.engine().planRequests, []);
    assert.match(await file.read(), /revision 1/);
  });

  it('refuses a plan for a run whose plan was approved meanwhile', async () => {
    const window = await windowWith([...planned, ...underWay]);
    await assert.rejects(
      fileOf(window).write('tasks:\n  - id: a\n    prompt: x\n'),
      /only before it is approved/,
    );
  });

  it('is offered only for a run whose plan waits', async () => {
    const window = await windowWith([...planned, ...underWay]);
    await window.vscode.run('enterprise.editPlan');
    assert.match(
      window.vscode.shown.at(-1)?.text ?? '',
      /There is no plan to edit: none waits for your approval/,
    );
  });
});

describe('A plan that is edited', () => {
  /** The problems as they are shown when the text is typed. */
  async function problemsOf(text: string): Promise<string[]> {
    const window = await windowWith(planned);
    const lines = text.split('\n');
    const document = {
      uri: planUri(window.vscode.api, 'run-1'),
      version: 1,
      isClosed: false,
      lineCount: lines.length,
      getText: () => text,
      lineAt: (line: number) => ({ text: lines[line] ?? '' }),
    } as unknown as TextDocument;
    window.vscode.edited.fire({ document });
    const collection = window.vscode.diagnostics.get('enterprise-plan');
    await new Promise((resolve) => setTimeout(resolve, restMs + 100));
    return (collection?.picture() ?? []).map((line) => line.replace('/run-1/plan.yaml ', ''));
  }

  const cases: [string, string, string[]][] = [
    ['nothing where it can be run', 'tasks:\n  - id: a\n    prompt: x\n', []],
    [
      'broken YAML',
      'tasks:\n  - id: a\n    prompt: "x\n',
      ['error 4:1 Missing closing "quote [enterprise: plan]'],
    ],
    [
      'an unknown key',
      'tasks:\n  - id: a\n    prompt: x\n    agnet: y\n',
      ['error 4:5 `tasks[0]`: unknown key `agnet` [enterprise: plan]'],
    ],
    [
      'a dependency that is not there, in its list',
      'tasks:\n  - id: a\n    prompt: x\n  - id: b\n    prompt: x\n    needs: [c]\n',
      ['error 6:12 Task `b` needs `c`, which is not in the plan. Did you mean `a`? [enterprise: plan]'],
    ],
    [
      'an agent that is not there',
      'tasks:\n  - id: a\n    prompt: x\n    agent: nobody\n',
      ['error 4:12 Task `a` names the agent `nobody`, which does not exist.'],
    ],
    [
      'a scope that leads out',
      'tasks:\n  - id: a\n    prompt: x\n    scope: ["../x"]\n',
      [
        'error 4:12 Task `a` has the scope `../x`; scopes are relative to the root of the repository and stay inside it. [enterprise: plan]',
      ],
    ],
    [
      'a circle',
      'tasks:\n  - id: a\n    prompt: x\n    needs: [b]\n  - id: b\n    prompt: x\n    needs: [a]\n',
      ['error 4:12 The dependencies form a circle: a needs b needs a. [enterprise: plan]'],
    ],
    [
      'an id that is used twice, at the second',
      'tasks:\n  - id: a\n    prompt: x\n  - id: a\n    prompt: y\n',
      ['error 4:9 The id `a` is used by more than one task. [enterprise: plan]'],
    ],
  ];
  for (const [what, text, expected] of cases)
    it(`shows ${what} at its place`, async () => {
      const problems = await problemsOf(text);
      assert.equal(problems.length, expected.length, problems.join('\n'));
      expected.forEach((line, index) => assert.ok(problems[index]?.startsWith(line), problems[index]));
    });
});

describe('enterprise.changePlan', () => {
  it('asks for task and change, shows what it comes to, and changes the plan when that is confirmed', async () => {
    const window = await windowWith([...planned, ...underWay]);
    const { person } = window.vscode;
    const picks: string[][] = [];
    const wanted = [/limiter/i, /another agent/, /reviewer/];
    person.pick = (items) => {
      picks.push(items.map(({ label }) => label));
      return items.find((item) => wanted[0]?.test(JSON.stringify(item)) && wanted.shift());
    };
    person.button = ({ buttons }) => buttons[0];
    await window.vscode.run('enterprise.changePlan');
    const question = window.vscode.shown.find(({ level }) => level === 'warning');
    assert.equal(question?.text, 'Change the plan like this?');
    assert.match(question.detail ?? '', /Its agent is reviewer instead of/);
    const [request] = window.engine().planRequests;
    assert.ok(request?.kind === 'replan');
    assert.deepEqual(
      request.changes.map(({ kind }) => kind),
      ['reassign'],
    );
    assert.equal(picks[2]?.includes('command-runner'), false, 'only agents that can do it are offered');
  });

  it('changes nothing when the person turns away from what it comes to', async () => {
    const window = await windowWith([...planned, ...underWay]);
    const wanted = [/limiter/i, /Do not do it/];
    window.vscode.person.pick = (items) =>
      items.find((item) => wanted[0]?.test(JSON.stringify(item)) && wanted.shift());
    await window.vscode.run('enterprise.changePlan');
    assert.ok(window.vscode.shown.some(({ level }) => level === 'warning'));
    assert.deepEqual(window.engine().planRequests, []);
  });

  it('adds a task in the person’s words', async () => {
    const window = await windowWith([...planned, ...underWay]);
    window.vscode.person.pick = (items) => items.find(({ label }) => label.includes('Add a task'));
    window.vscode.person.type = () => 'Write the migration guide for users';
    const many = window.vscode.person;
    const pick = many.pick;
    many.pick = (items) => pick?.(items) ?? ([] as never);
    many.button = ({ buttons }) => buttons[0];
    await window.vscode.run('enterprise.changePlan');
    const [request] = window.engine().planRequests;
    assert.ok(request?.kind === 'replan');
    assert.deepEqual(request.changes, [
      {
        kind: 'add',
        task: { id: 'write-the-migration-guide', prompt: 'Write the migration guide for users', needs: [] },
      },
    ]);
  });

  it('begins at the task whose button was pressed in the panel', async () => {
    const window = await windowWith([...planned, ...underWay]);
    const page = window.panel();
    const picks: string[] = [];
    window.vscode.person.pick = (items) => (picks.push(items[0]?.label ?? ''), items[0]);
    window.vscode.person.button = ({ buttons }) => buttons[0];
    const view = await window.engine().run('run-1');
    const task = view?.tasks.find(({ state }) => state.name === 'running')?.task;
    assert.ok(task);
    page.send({ type: 'changeTask', runId: 'run-1', taskId: task.id });
    while (window.engine().planRequests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(picks, ['$(circle-slash) Do not do it']);
    const [request] = window.engine().planRequests;
    assert.deepEqual(request?.kind === 'replan' && request.changes, [{ kind: 'cancel', taskId: task.id }]);
  });
});
