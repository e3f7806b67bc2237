import assert from 'node:assert/strict';
import { fail, ok } from '../../../../src/base/result';
import { research, type ResearchDeps } from '../../../../src/core/coordination/research';
import { RunSession } from '../../../../src/core/coordination/runSession';
import type { ResearchSource } from '../../../../src/core/planning/researchSource';
import { FakeClock } from '../../../support/fakeClock';
import { FakeJournal, FakeJournalFile } from '../../../support/fakeJournal';

const facts = {
  request: 'Add a cache',
  analysis: { research: ['Which cache is there today?'], domains: [] },
  digest: { languages: [] },
};
const base = { path: '/base', commit: 'c0' };

/** A source that answers each question with its own text. */
function source(name: string, changed: Partial<ResearchSource> = {}): ResearchSource & { closed: number } {
  const self = {
    name,
    closed: 0,
    prepare: () => Promise.resolve([]),
    answer: ({ text }: { text: string }) =>
      Promise.resolve(ok([{ question: text, answer: `${name}: ${text}`, source: name }])),
    close: () => {
      self.closed++;
      return Promise.resolve();
    },
    ...changed,
  };
  return self;
}

async function stage(
  sources: ResearchSource[],
  signal = new AbortController().signal,
  clock = new FakeClock(),
) {
  const session = await newSession();
  const deps: ResearchDeps = {
    queries: ['{task}'],
    sources: () => sources,
    dependencies: () => Promise.resolve([]),
  };
  const ask = () => Promise.reject(new Error('Nobody is asked here.'));
  const run = () => research(facts, { session, base, ask }, { ...deps, clock }, signal);
  return { session, run, clock };
}

const researchOf = (session: RunSession) =>
  session.view.research ?? { findings: [], problems: ['no record'] };

async function newSession(): Promise<RunSession> {
  const journal = new FakeJournal(new FakeJournalFile());
  const events = await journal.append('run-1', [
    {
      type: 'run.created',
      request: facts.request,
      workspace: '/w',
      baseCommit: 'c0',
      baseKind: 'head',
      localChanges: [],
      model: 'fake/model',
      budget: { maxParallel: 1 },
      deliver: false,
      engineVersion: '0',
    },
  ]);
  return new RunSession(journal, events);
}

describe('research before planning', () => {
  it('asks every source every question and records the answers by question, with their sources', async () => {
    const { session, run } = await stage([source('docs'), source('wiki')]);
    await run();
    assert.deepEqual(
      researchOf(session).findings.map(({ answer }) => answer),
      [
        'docs: Add a cache',
        'wiki: Add a cache',
        'docs: Which cache is there today?',
        'wiki: Which cache is there today?',
      ],
    );
    assert.deepEqual(researchOf(session).problems, []);
  });

  it('is not done again when it stands in the journal', async () => {
    const docs = source('docs');
    const { session, run } = await stage([docs]);
    await run();
    await run();
    assert.equal(session.events.filter((event) => event.type === 'research.finished').length, 1);
    assert.equal(docs.closed, 1);
  });

  it('records what fails, breaks or was not permitted as problems, and goes on with the others', async () => {
    const broken = source('broken', { answer: () => Promise.reject(new Error('boom')) });
    const failing = source('failing', { answer: () => Promise.resolve(fail('The wiki is down.')) });
    const refused = source('refused', {
      prepare: () => Promise.resolve(['The wiki was not asked: nobody said yes.']),
    });
    const { session, run } = await stage([broken, failing, refused, source('docs')]);
    await run();
    assert.deepEqual(researchOf(session).problems, [
      'broken broke: boom',
      'The wiki is down.',
      'The wiki was not asked: nobody said yes.',
    ]);
    assert.equal(researchOf(session).findings.filter((found) => found.source === 'docs').length, 2);
    assert.deepEqual([broken.closed, failing.closed, refused.closed], [1, 1, 1]);
  });

  it('stops asking when its time is over, and says so', async () => {
    const clock = new FakeClock();
    const slow = source('slow', {
      answer: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(fail('stopped')), { once: true });
          clock.advance(90_000);
        }),
    });
    const { session, run } = await stage([slow], undefined, clock);
    await run();
    assert.deepEqual(researchOf(session).problems, [
      'slow was not asked everything: research may take 90 s.',
    ]);
  });

  it('records nothing when the run is stopped meanwhile, so that it can be done later', async () => {
    const stop = new AbortController();
    const docs = source('docs', {
      prepare: () => {
        stop.abort();
        return Promise.resolve([]);
      },
    });
    const { session, run } = await stage([docs], stop.signal);
    await run();
    assert.equal(session.view.research, undefined);
    assert.equal(docs.closed, 1);
  });
});
