import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Work } from '../../src/core/model/plan';
import type { AgentBackend } from '../../src/core/ports';
import { testAttempt, type TestAttempt } from '../support/attempt';

/** Work of three kinds for the backend under test. What hangs must first record an event. */
export interface BackendUnderTest {
  readonly backend: AgentBackend;
  readonly succeeds: Work;
  readonly fails: Work;
  readonly hangs: Work;
}

/** What every `AgentBackend` promises. */
export function agentBackendContract(name: string, open: () => BackendUnderTest): void {
  describe(`AgentBackend: ${name}`, () => {
    let folder: string;
    before(async () => void (folder = await mkdtemp(join(tmpdir(), 'backend-'))));
    after(() => rm(folder, { recursive: true }));

    const attemptAt = (work: Work, number = 1) =>
      testAttempt({ worktree: folder, task: { work }, context: { attempt: number } });

    async function recordedSomething(attempt: TestAttempt): Promise<void> {
      while (attempt.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }

    it('ends done work with a summary', async () => {
      const { backend, succeeds } = open();
      const result = await backend.run(attemptAt(succeeds));
      assert(result.ok, JSON.stringify(result));
      assert(result.value.summary.length > 0);
    });

    it('returns a failure with a message, and throws nothing', async () => {
      const { backend, fails } = open();
      const result = await backend.run(attemptAt(fails));
      assert(!result.ok);
      assert.notEqual(result.failure.kind, 'unexpected');
      assert(result.failure.message.length > 0);
    });

    it('records only events of its own task and attempt', async () => {
      const { backend, succeeds } = open();
      const attempt = attemptAt(succeeds, 3);
      await backend.run(attempt);
      for (const event of attempt.events) {
        assert('taskId' in event && event.taskId === 'task', event.type);
        assert('attempt' in event && event.attempt === 3, event.type);
      }
    });

    it('leaves it to its caller to say that the attempt began and ended', async () => {
      const { backend, succeeds } = open();
      const attempt = attemptAt(succeeds);
      await backend.run(attempt);
      const framing = attempt.events.filter((event) =>
        /^attempt\.(started|finished|failed)$/.test(event.type),
      );
      assert.deepEqual(framing, []);
    });

    it('ends with `cancelled`, promptly, when it is aborted', async () => {
      const { backend, hangs } = open();
      const attempt = attemptAt(hangs);
      const running = backend.run(attempt);
      await recordedSomething(attempt);
      attempt.abort();
      const result = await running;
      assert(!result.ok);
      assert.equal(result.failure.kind, 'cancelled');
    });

    it('works at several attempts at once, each with its own end', async () => {
      const { backend, succeeds, hangs } = open();
      const stuck = attemptAt(hangs);
      const running = backend.run(stuck);
      await recordedSomething(stuck);
      assert((await backend.run(attemptAt(succeeds))).ok);
      stuck.abort();
      assert(!(await running).ok);
    });
  });
}
