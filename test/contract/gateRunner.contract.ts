import assert from 'node:assert/strict';
import { gateResultSchema } from '../../src/core/model/gate';
import type { GateRunner } from '../../src/core/ports';

/** A tree with one gate, `check`, that can be told what it sees. */
export interface GateWorld {
  readonly runner: GateRunner;
  readonly path: string;
  check(does: CheckBehaviour): Promise<void>;
  dispose(): Promise<void>;
}

export type CheckBehaviour =
  | { readonly does: 'pass' | 'break' | 'hang' | 'vanish' }
  | { readonly does: 'fail'; readonly problems: readonly { file: string; line: number; message: string }[] };

/** What every gate runner keeps to, whoever runs the checks. */
export function gateRunnerContract(name: string, open: () => Promise<GateWorld>): void {
  describe(`gate runner contract: ${name}`, function () {
    this.timeout(30_000);
    let world: GateWorld;
    const run = (signal = new AbortController().signal, changed?: readonly string[]) =>
      world.runner.run('check', { runId: 'run-1', path: world.path, changed }, signal);
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.dispose());

    it('names each gate once, with the exact command, and gives a reason for each that is absent', async () => {
      await world.check({ does: 'pass' });
      const { gates, absent } = await world.runner.detect(world.path);
      const names = [...gates, ...absent].map((gate) => gate.name);
      assert.equal(new Set(names).size, names.length);
      assert.ok(gates.some((gate) => gate.name === 'check' && gate.command.length > 0));
      assert.ok(absent.every((gate) => gate.reason.length > 5));
    });

    it('passes a green check with the command it named', async () => {
      await world.check({ does: 'pass' });
      const result = gateResultSchema.parse(await run());
      const { gates } = await world.runner.detect(world.path);
      assert.equal(result.verdict, 'passed');
      assert.equal(result.command, gates.find((gate) => gate.name === 'check')?.command);
      assert.deepEqual(result.findings, []);
    });

    it('fails a red check with its problems, each with a fingerprint of its own', async () => {
      const problems = [1, 2, 3].map((line) => ({ file: 'a.js', line, message: 'same words' }));
      await world.check({ does: 'fail', problems });
      const result = gateResultSchema.parse(await run());
      assert.equal(result.verdict, 'failed');
      assert.deepEqual(
        result.findings.map((finding) => `${finding.gate} ${finding.file} ${finding.range?.startLine}`),
        ['check a.js 1', 'check a.js 2', 'check a.js 3'],
      );
      assert.equal(new Set(result.findings.map((finding) => finding.fingerprint)).size, 3);
    });

    it('knows a problem again after its line moved', async () => {
      await world.check({ does: 'fail', problems: [{ file: 'a.js', line: 3, message: 'wrong' }] });
      const before = await run();
      await world.check({ does: 'fail', problems: [{ file: 'a.js', line: 7, message: 'wrong' }] });
      const after = await run();
      const [known] = before.findings;
      const [moved] = after.findings;
      assert.deepEqual([known?.range?.startLine, moved?.range?.startLine], [3, 7]);
      assert.equal(moved?.fingerprint, known?.fingerprint);
    });

    it('is inconclusive, with the reason, when the tool broke', async () => {
      await world.check({ does: 'break' });
      const result = await run();
      assert.equal(result.verdict, 'inconclusive');
      assert.ok(result.reason.length > 5);
    });

    it('is inconclusive for a gate that is not in the tree (any more)', async () => {
      await world.check({ does: 'vanish' });
      assert.equal((await run()).verdict, 'inconclusive');
    });

    it('skips when nothing changed', async () => {
      await world.check({ does: 'pass' });
      const result = await run(undefined, []);
      assert.equal(result.verdict, 'skipped');
      assert.ok(result.reason.length > 5);
    });

    it('ends promptly as inconclusive when it is aborted, before and while it runs', async () => {
      await world.check({ does: 'hang' });
      assert.equal((await run(AbortSignal.abort())).verdict, 'inconclusive');
      const stop = new AbortController();
      const running = run(stop.signal);
      setTimeout(() => stop.abort(), 300);
      assert.equal((await running).verdict, 'inconclusive');
    });

    it('runs several checks at once', async () => {
      await world.check({ does: 'pass' });
      const results = await Promise.all([run(), run(), run()]);
      assert.deepEqual(
        results.map((result) => result.verdict),
        ['passed', 'passed', 'passed'],
      );
    });
  });
}
