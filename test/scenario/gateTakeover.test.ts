import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { typescriptRepository } from '../support/scenario';
import { TerminalRun } from '../support/terminalRun';

const plan = `
gates: [tests]
tasks:
  - id: note
    title: Write a note
    run: node -e "require('fs').writeFileSync('note.txt', 'made')"
`;

/** A test that never ends the first time anybody runs it, and leaves its process id in the file. */
function endlessOnce(file: string): string {
  return `const test = require('node:test');
const { existsSync, renameSync, writeFileSync } = require('node:fs');
test('waits', async () => {
  if (existsSync(${JSON.stringify(file)})) return;
  writeFileSync(${JSON.stringify(`${file}.part`)}, String(process.pid));
  renameSync(${JSON.stringify(`${file}.part`)}, ${JSON.stringify(file)});
  process.on('SIGTERM', () => {});
  await new Promise(() => setInterval(() => {}, 1000));
});
`;
}

function lives(id: number): boolean {
  // A zombie has ended: where nobody reaps it (containers), it stays in the list.
  const path = `/proc/${id}/stat`;
  return existsSync(path) && !/\) Z /.test(readFileSync(path, 'utf8'));
}

(process.platform === 'linux' ? describe : describe.skip)(
  'A gate outside the sandbox whose engine was killed',
  function () {
    this.timeout(120_000);

    it('is ended, with everything it started, when the run is taken over', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'eee-takeover-'));
      const marker = join(folder, 'pid');
      const fixture = typescriptRepository({ 'plan.yaml': plan, 'test/waits.test.js': endlessOnce(marker) });
      mkdirSync(fixture.state, { recursive: true });
      // In the sandbox the kernel ends what the engine started; here nothing but the engine does.
      writeFileSync(join(fixture.state, 'config.json'), JSON.stringify({ sandbox: { off: true } }));
      const env = { ENTERPRISE_HOME: fixture.state };
      const start = (...args: string[]) =>
        new TerminalRun([...args, '--workspace', fixture.root, '--json'], env);
      let id: number | undefined;
      try {
        const first = start('run', '--plan', 'plan.yaml', '--yes');
        const { runId } = await first.until((event) => event.type === 'gate.started');
        while (!existsSync(marker)) await sleep(20);
        id = Number(readFileSync(marker, 'utf8'));
        first.kill('SIGKILL');
        await first.ended;
        assert.equal(lives(id), true, 'the gate outlives the engine');
        const second = start('resume', runId, '--yes');
        await second.until((event) => event.type === 'run.recovered');
        assert.equal(lives(id), false, 'nothing is left of it before anything new is started');
        assert.equal(await second.ended, 0, second.told());
      } finally {
        if (id !== undefined && lives(id)) process.kill(id, 'SIGKILL');
        fixture.remove();
        rmSync(folder, { recursive: true });
      }
    });
  },
);
