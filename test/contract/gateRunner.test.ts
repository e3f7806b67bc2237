import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateRunner } from '../../src/adapters/gates/gateRunner';
import type { GateRunner } from '../../src/core/ports';
import { createFakeGateRunner } from '../support/fakeGateRunner';
import { gateRunnerContract, type CheckBehaviour, type GateWorld } from './gateRunner.contract';

gateRunnerContract('real processes', async (): Promise<GateWorld> => {
  const path = await mkdtemp(join(tmpdir(), 'gate-contract-'));
  await writeFile(join(path, 'a.js'), '\n'.repeat(10));
  const command = 'node check.cjs';
  const present = createGateRunner({ secretsChild: [], commands: [{ name: 'check', command }] });
  const absent = createGateRunner({ secretsChild: [] });
  let current: GateRunner = present;
  return {
    runner: { detect: (tree) => current.detect(tree), run: (...args) => current.run(...args) },
    path,
    check: async (behaviour) => {
      current = behaviour.does === 'vanish' ? absent : present;
      await writeFile(join(path, 'check.cjs'), programFor(behaviour));
    },
    dispose: () => rm(path, { recursive: true, force: true }),
  };
});

function programFor(behaviour: CheckBehaviour): string {
  switch (behaviour.does) {
    case 'fail': {
      const lines = behaviour.problems.map(
        ({ file, line, message }) => `${file}:${line}:1: error: ${message}`,
      );
      return `console.log(${JSON.stringify(lines.join('\n'))}); process.exitCode = 1;`;
    }
    case 'break':
      return 'process.exitCode = 127;';
    case 'hang':
      return 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
    case 'pass':
    case 'vanish':
      return '';
  }
}

gateRunnerContract('behaving fake', async (): Promise<GateWorld> => {
  const runner = createFakeGateRunner();
  return {
    runner,
    path: '/tree',
    check: async (behaviour) => {
      if (behaviour.does === 'vanish') runner.remove('check');
      else runner.set('check', behaviour.does === 'fail' ? behaviour : fakeOf(behaviour.does));
    },
    dispose: async () => {},
  };
});

function fakeOf(does: 'pass' | 'break' | 'hang') {
  return does === 'break' ? ({ does, reason: 'the tool broke' } as const) : ({ does } as const);
}
