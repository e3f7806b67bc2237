import assert from 'node:assert/strict';
import { newGuard, nextGuard, type LoopGuard } from '../../../../../src/adapters/agents/backends/loopGuard';

type Step = readonly [name: string, input: unknown, output?: string, ok?: boolean];

/** What the guard says at each step: `-`, `warns`, or `stops`. */
function watch(steps: readonly Step[]): string {
  let guard: LoopGuard = newGuard();
  const said = steps.map(([name, input, output = 'same', ok = true]) => {
    const next = nextGuard(guard, { id: 'c', name, input }, { ok, output });
    guard = next.guard;
    return guard.stuck ? 'stops' : next.warning ? 'warns' : '-';
  });
  return said.join(' ');
}

const times = (count: number, step: (at: number) => Step): Step[] =>
  Array.from({ length: count }, (_, at) => step(at));

describe('the loop guard', () => {
  it('warns at three identical calls and stops at five', () => {
    assert.equal(watch(times(5, () => ['read', { path: 'a' }])), '- - warns warns stops');
  });

  it('sees two edits that undo each other again and again', () => {
    const toggle = times(10, (at) => ['edit', { path: 'a', old: `${at % 2}`, new: `${1 - (at % 2)}` }]);
    assert.equal(watch(toggle), '- - - - - warns warns warns warns stops');
  });

  it('lets the same tests run after every different edit', () => {
    const work = times(40, (at) =>
      at % 2
        ? ['bash', { command: 'npm test' }, `${at} ms, 1 failed`, false]
        : ['edit', { old: `${at}`, new: 'x' }, `Edited a: line ${at}.`],
    );
    assert.doesNotMatch(watch(work), /warns|stops/);
  });

  it('is patient with a call whose results differ, and ends even that', () => {
    const poll = times(10, (at) => ['bash', { command: 'curl -s localhost/health' }, `try ${at}`]);
    assert.equal(watch(poll), '- - - - - warns warns warns warns stops');
    assert.doesNotMatch(watch(times(30, (at) => ['bash_output', { id: 'sh1' }, `line ${at}`])), /stops/);
  });

  it('counts the same error with different arguments, until a change succeeds', () => {
    const miss = (at: number): Step => [
      'edit',
      { old: `x${at}` },
      `\`old\` does not stand in a.ts:${at}`,
      false,
    ];
    assert.equal(watch(times(8, miss)), '- - - warns warns warns warns stops');
    const mended = [...times(7, miss), ['edit', { old: 'found' }, 'Edited a.'] as const, ...times(3, miss)];
    assert.doesNotMatch(watch(mended), /stops/);
  });

  it('sees that nothing new comes of going round many files', () => {
    const round = times(60, (at) => ['read', { path: `f${at % 9}` }, `text ${at % 9}`]);
    const said = watch(round.slice(0, 29)).split(' ');
    assert.equal(said.indexOf('warns'), 18, 'the third round begins');
    assert.equal(said.indexOf('stops'), 28, 'twenty calls without news');
  });

  it('does not mind reading many different things', () => {
    assert.doesNotMatch(watch(times(200, (at) => ['read', { path: `f${at}` }, `text ${at}`])), /warns|stops/);
  });
});
