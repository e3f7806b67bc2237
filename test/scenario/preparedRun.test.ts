import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Approval } from '../../src/core/model/approval';
import type { Approver } from '../../src/core/ports';
import { gitFixture, gitIn, type GitFixture } from '../support/gitFixture';
import { nobody, scenario, type Scenario } from '../support/scenario';

describe('a run whose worktrees need more than what is committed', () => {
  const open: { scenario?: Scenario; fixture: GitFixture }[] = [];
  afterEach(async () => {
    for (const { scenario: running, fixture } of open.splice(0)) {
      await running?.close();
      fixture.remove();
    }
  });

  const asked: Approval[] = [];
  const willing: Approver = {
    ask: (_runId, approval) => {
      asked.push(approval);
      return Promise.resolve({ id: approval.id, digest: approval.digest, decision: 'allow', by: 'person' });
    },
  };

  async function opened(
    files: Record<string, string>,
    { approver = willing, machine = {} }: { approver?: Approver; machine?: object } = {},
  ) {
    asked.length = 0;
    const fixture = gitFixture(files);
    fixture.write('.env', 'S3CRET\n');
    writeFileSync(join(fixture.state, 'config.json'), JSON.stringify(machine));
    const running = await scenario(fixture, { approver });
    open.push({ scenario: running, fixture });
    return running;
  }

  const plan = (command: string) =>
    `name: demo\ndescription: demo\ntasks:\n  - id: t\n    title: Try it\n    run: ${command}\n`;
  const included = {
    '.gitignore': '.env\n',
    '.worktreeinclude': '.env\n',
    'plan.yaml': plan(
      'if [ -f .env ]; then echo yes > there.txt; echo > .gitignore; else echo no > there.txt; fi',
    ),
  };
  const request = { planPath: 'plan.yaml', approvePlan: false, deliver: 'auto' } as const;

  it('shows the ignored files before the plan is approved, has them where agents work, and delivers none', async () => {
    const { run, fixture } = await opened(included);
    const { view, events } = await run(request);
    assert.equal(view.state.name, 'delivered');
    const shown = asked.find(({ kind }) => kind === 'plan')?.detail ?? '';
    assert.match(shown, /Such files often hold secrets:\n- \.env \(7 bytes\)/);
    assert.equal(fixture.read('there.txt'), 'yes\n');
    assert.deepEqual(view.deliverables.map(({ path }) => path).sort(), ['.gitignore', 'there.txt']);
    const created = events.find((event) => event.type === 'worktree.created');
    assert.match(
      created?.type === 'worktree.created' ? created.dependencies : '',
      /copied, and never committed: \.env/,
    );
    assert.equal(fixture.read('.env'), 'S3CRET\n');
    const [folder] = storeFolders(fixture);
    assert.doesNotMatch(gitIn(folder ?? '', 'log', '--all', '--name-only', '--format='), /\.env/);
  });

  it('copies nothing where nobody looked at the plan, and says so', async () => {
    const { run, fixture } = await opened(included, { approver: nobody });
    const { events } = await run({ ...request, approvePlan: true });
    assert.equal(fixture.read('there.txt'), 'no\n');
    const notes = events.flatMap((event) => (event.type === 'note' ? event.message : []));
    assert.ok(notes.some((note) => note.startsWith('Not copied into the worktrees, because nobody looked')));
  });

  it('copies and shows nothing where the machine says so', async () => {
    const { run, fixture } = await opened(included, { machine: { worktrees: { include: false } } });
    await run(request);
    assert.doesNotMatch(asked[0]?.detail ?? '', /\.env \(/);
    assert.equal(fixture.read('there.txt'), 'no\n');
  });

  const withSetup = (setup: string, command: string) => ({
    '.gitignore': 'made/\n',
    '.enterprise/config.json': JSON.stringify({ worktrees: { setup } }),
    'plan.yaml': plan(command),
  });

  it('runs the setup command in each worktree before the task, and shows it with the plan', async () => {
    const setup = 'mkdir made && echo "$CI" > made/ready.txt';
    const { run, fixture } = await opened(withSetup(setup, 'cp made/ready.txt there.txt'));
    const { view, events } = await run(request);
    assert.equal(view.state.name, 'delivered');
    assert.ok(asked[0]?.detail.includes(`(the repository asks for it):\n- ${setup}`), asked[0]?.detail);
    assert.equal(fixture.read('there.txt'), '1\n');
    const created = events.find((event) => event.type === 'worktree.created');
    assert.match(created?.type === 'worktree.created' ? created.dependencies : '', /; set up by `mkdir made/);
  });

  it('ends before any work when its setup fails, with the end of what it said', async () => {
    const { run } = await opened(withSetup('echo the reason; exit 7', 'echo x > x.txt'));
    const { view, events } = await run(request);
    assert.equal(view.state.name, 'failed');
    assert.match(
      view.failures[0]?.failure.message ?? '',
      /could not be set up: `echo the reason; exit 7` ended with exit code 7\.\nthe reason/,
    );
    assert.ok(!events.some((event) => event.type === 'attempt.started'));
  });

  it('takes the setup of the machine before that of the repository', async () => {
    const { run, fixture } = await opened(withSetup('exit 1', 'cp made/mine.txt there.txt'), {
      machine: { worktrees: { setup: 'mkdir made; echo mine > made/mine.txt' } },
    });
    await run(request);
    assert.equal(fixture.read('there.txt'), 'mine\n');
    assert.match(asked[0]?.detail ?? '', /the settings of this machine say so/);
  });
});

function storeFolders(fixture: GitFixture): string[] {
  const repositories = join(fixture.state, 'repositories');
  return readdirSync(repositories).map((name) => join(repositories, name, 'store.git'));
}
