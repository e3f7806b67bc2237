import assert from 'node:assert/strict';
import { refuseFullDisk } from '../../../../src/adapters/health/diskSpace';
import { scenario } from '../../../support/scenario';
import { gitFixture, type GitFixture } from '../../../support/gitFixture';

/** Two branches that change the same line. */
function divided(): GitFixture {
  const fixture = gitFixture({ 'a.txt': 'one\n', 'plan.yaml': 'tasks: [{id: a, run: "true"}]\n' });
  fixture.git('checkout', '-q', '-b', 'other');
  fixture.write('a.txt', 'theirs\n');
  fixture.commit('theirs');
  fixture.git('checkout', '-q', 'main');
  fixture.write('a.txt', 'ours\n');
  fixture.commit('ours');
  return fixture;
}

const failing = (fixture: GitFixture, ...argv: string[]) =>
  assert.throws(
    () => fixture.git('-c', 'core.editor=true', ...argv),
    `git ${argv.join(' ')} should stop half-way`,
  );

/** What starting a run says; `fine` where it starts. */
async function started(fixture: GitFixture): Promise<string> {
  const world = await scenario(fixture);
  try {
    const before = fixture.fingerprint();
    const run = await world.engine.start({ request: 'Do it', planPath: 'plan.yaml', planOnly: true });
    if (run.ok) await world.engine.settled(run.value.runId);
    else assert.deepEqual(await world.engine.runs(), [], 'nothing was begun');
    assert.equal(fixture.fingerprint(), before);
    return run.ok ? 'fine' : `${run.failure.message} ${run.failure.remedy ?? ''}`;
  } finally {
    await world.close();
  }
}

describe('A run is refused, before anything begins,', () => {
  it('in the middle of a merge, with the files that conflict', async () => {
    const fixture = divided();
    failing(fixture, 'merge', 'other');
    const told = await started(fixture);
    assert.match(
      told,
      /^A merge is in progress in .* with conflicts in a\.txt, so there is no state to start from\./,
    );
    assert.match(told, /Finish it \(git merge --continue, or --abort\)/);
  });

  it('in the middle of a rebase', async () => {
    const fixture = divided();
    failing(fixture, 'rebase', 'other');
    assert.match(await started(fixture), /^A rebase is in progress/);
  });

  it('in the middle of a cherry-pick whose conflicts are resolved but not committed', async () => {
    const fixture = divided();
    failing(fixture, 'cherry-pick', 'other');
    fixture.write('a.txt', 'both\n');
    fixture.git('add', 'a.txt');
    assert.match(await started(fixture), /^A cherry-pick is in progress in [^ ]+, so there/);
  });

  it('with conflicts of a stash that was applied', async () => {
    const fixture = divided();
    fixture.write('a.txt', 'stashed\n');
    fixture.git('stash', '-q');
    fixture.write('a.txt', 'since\n');
    fixture.commit('since');
    failing(fixture, 'stash', 'pop');
    assert.match(await started(fixture), /has files with unresolved conflicts: a\.txt\./);
  });

  it('on a disk that is as good as full', async () => {
    const refused = await refuseFullDisk('/state', () => Promise.resolve(100));
    assert.match(refused.ok ? '' : refused.failure.message, /^Only 100 MB are free .*\(\/state\)/);
    assert.ok((await refuseFullDisk('/state', () => Promise.resolve(300))).ok);
    assert.ok((await refuseFullDisk('/not/there')).ok, 'what is not known is no reason');
  });
});

describe('A run starts', () => {
  it('once the merge is finished, and over uncommitted changes, which it leaves alone', async () => {
    const fixture = divided();
    failing(fixture, 'merge', 'other');
    fixture.git('merge', '--abort');
    fixture.write('a.txt', 'not committed\n');
    assert.equal(await started(fixture), 'fine');
  });
});
