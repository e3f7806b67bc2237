import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../src/adapters/journal/journal';
import type { Journal } from '../../src/core/ports';
import { FakeJournalFile } from '../support/fakeJournal';
import { journalWorkerPath, startJournalProcess } from '../support/journalProcess';
import { journalContract } from './journal.contract';

journalContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  const open: Journal[] = [];
  return {
    async open() {
      const opened = await openJournal({ folder, workerPath: journalWorkerPath });
      if (!opened.ok) throw new Error(opened.failure.message);
      open.push(opened.value);
      return opened.value;
    },
    async ownerDies(runId) {
      const owner = startJournalProcess(folder, ['own', runId]);
      await owner.line(/^owns/);
      await owner.kill();
    },
    async dispose() {
      await Promise.all(open.map((journal) => journal.close()));
      await rm(folder, { recursive: true });
    },
  };
});

journalContract('in memory', () => {
  const file = new FakeJournalFile();
  return Promise.resolve({
    open: () => Promise.resolve(file.connect()),
    async ownerDies(runId) {
      const owner = file.connect();
      await owner.acquire(runId);
      owner.die();
    },
    dispose: () => Promise.resolve(),
  });
});
