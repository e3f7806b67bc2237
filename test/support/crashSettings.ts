import { fail } from '../../src/base/result';
import type { RunRequest } from '../../src/core/coordination/engine';
import type { StoredEvent } from '../../src/core/model/event';
import type { ModelProvider } from '../../src/core/ports';
import { done, type Acting, type StageOptions } from './coordination';
import { createFakeGateRunner } from './fakeGateRunner';
import type { FakeJournalFile } from './fakeJournal';

/** A world to run in; made anew for each kill. */
export interface Setting {
  readonly options: StageOptions;
  readonly request: RunRequest;
  /** What the gate `tests` writes into `a.txt` of each tree it checks. */
  readonly gateWrites?: string;
}

export const auto = { request: 'do it', planPath: 'plan.yaml', approvePlan: true, deliver: 'auto' } as const;
const writesItsName: Acting = async ({ task }, write) => (
  await write(`${task.id}.txt`, 'made\n'),
  done(`${task.id} made`)
);
const noModel: ModelProvider = { complete: () => Promise.reject(new Error('Nobody asks a model here.')) };

export const settings: Record<string, (file: FakeJournalFile) => Setting> = {
  'tasks that depend on each other': () => ({
    request: auto,
    options: {
      plan: {
        tasks: [
          { id: 'a', run: 'a' },
          { id: 'b', run: 'b' },
          { id: 'c', run: 'c', needs: ['a', 'b'] },
        ],
      },
      act: writesItsName,
    },
  }),
  'a failed task, and one that needs it': () => ({
    request: auto,
    options: {
      plan: {
        tasks: [
          { id: 'bad', run: 'bad' },
          { id: 'good', run: 'good' },
          { id: 'after', run: 'after', needs: ['bad'] },
        ],
      },
      act: (context, write) =>
        context.task.id === 'bad'
          ? Promise.resolve(
              fail({
                kind: 'agent-exited',
                agent: 'x',
                exitCode: 3,
                signal: null,
                outputTail: '',
                message: 'It ended with 3.',
              }),
            )
          : writesItsName(context, write),
    },
  }),
  'a repair': () => ({
    request: auto,
    options: {
      models: noModel,
      gates: redUntilMended(),
      plan: { tasks: [{ id: 'write', prompt: 'Write it.', agent: 'implementer' }] },
      act: async ({ attempt }, write) => (
        await write(attempt === 1 ? 'broken.ts' : 'mended.ts', `attempt ${attempt}\n`),
        done(`attempt ${attempt}`)
      ),
    },
  }),
  'a claim that is not so': () => {
    let isMended = false;
    const gates = createFakeGateRunner();
    gates.set('types', ({ path }) =>
      !path.includes('write') || isMended
        ? { does: 'pass' }
        : { does: 'fail', problems: [{ file: 'a.txt', message: 'Type error' }] },
    );
    return {
      request: auto,
      options: {
        models: noModel,
        gates,
        plan: { tasks: [{ id: 'write', prompt: 'Write it.', agent: 'implementer', gates: [] }], gates: [] },
        act: async ({ attempt }, write) => {
          isMended = attempt > 1;
          await write('a.txt', `attempt ${attempt}\n`);
          return done('The types check.');
        },
      },
    };
  },
  'a conflict': (file) => ({
    request: auto,
    options: {
      plan: {
        tasks: [
          { id: 'a', run: 'a' },
          { id: 'b', run: 'b' },
        ],
      },
      act: async ({ task, attempt }, write) => {
        const awaited = task.id === 'a' ? 'attempt.started b' : 'task.integrated a';
        await until(() =>
          [...file.runs.values()].flat().some((event) => `${event.type} ${taskOf(event)}` === awaited),
        );
        await write('a.txt', `${task.id} ${attempt}\n`);
        return done(`${task.id} ${attempt}`);
      },
    },
  }),
  'a gate that writes into the tree it checks': () => ({
    request: auto,
    options: {
      gates: createFakeGateRunner(),
      plan: {
        tasks: [
          { id: 'one', run: 'one' },
          { id: 'two', run: 'two', needs: ['one'] },
        ],
      },
      act: writesItsName,
    },
    gateWrites: 'written by a gate\n',
  }),
  'gates that take their time': () => {
    const gates = createFakeGateRunner();
    gates.set('tests', async () => (await new Promise((resolve) => setImmediate(resolve)), { does: 'pass' }));
    return {
      request: auto,
      options: {
        gates,
        plan: {
          tasks: [
            { id: 'one', run: 'one' },
            { id: 'look', check: ['tests'] },
          ],
        },
        act: writesItsName,
      },
    };
  },
  'a red combined tree': () => {
    const gates = createFakeGateRunner();
    gates.set('tests', ({ changed }) =>
      (changed?.length ?? 0) > 1
        ? { does: 'fail', problems: [{ file: 'a.txt', message: 'only together' }] }
        : { does: 'pass' },
    );
    return {
      request: auto,
      options: {
        gates,
        plan: {
          tasks: [
            { id: 'a', run: 'a' },
            { id: 'b', run: 'b' },
          ],
        },
        act: writesItsName,
      },
    };
  },
  'a gate that cannot decide about the result': () => {
    const gates = createFakeGateRunner();
    gates.set('tests', ({ changed }) =>
      (changed?.length ?? 0) > 1 ? { does: 'break', reason: 'It broke.' } : { does: 'pass' },
    );
    return {
      request: auto,
      options: {
        gates,
        plan: {
          tasks: [
            { id: 'a', run: 'a' },
            { id: 'b', run: 'b' },
          ],
        },
        act: writesItsName,
      },
    };
  },
  'a check': () => ({
    request: auto,
    options: {
      gates: createFakeGateRunner({ tests: { does: 'pass' }, types: { does: 'pass' } }),
      plan: { tasks: [{ id: 'look', check: ['tests', 'types'] }] },
    },
  }),
  'a red check': () => ({
    request: auto,
    options: {
      gates: createFakeGateRunner({
        tests: { does: 'fail', problems: [{ message: 'red' }] },
        types: { does: 'pass' },
      }),
      plan: {
        tasks: [
          { id: 'look', check: ['tests', 'types'] },
          { id: 'a', run: 'a' },
        ],
      },
      act: writesItsName,
    },
  }),
  'nothing to change': () => ({
    request: { ...auto, deliver: 'never' },
    options: { plan: { tasks: [{ id: 'a', run: 'a' }] } },
  }),
  'a result that is not to be delivered': () => ({
    request: { ...auto, deliver: 'never' },
    options: { plan: { tasks: [{ id: 'a', run: 'a' }] }, act: writesItsName },
  }),
  'a person who is asked': () => ({
    request: { request: 'do it', planPath: 'plan.yaml', deliver: 'ask' },
    options: {
      plan: { tasks: [{ id: 'a', run: 'a' }] },
      act: writesItsName,
      answers: () => ({ decision: 'allow', by: 'person' }),
    },
  }),
};

/** Red as long as the tree holds what the first attempt broke. */
function redUntilMended() {
  const gates = createFakeGateRunner();
  gates.set('types', ({ changed }) => {
    if (!changed || changed.includes('mended.ts')) return { does: 'pass' };
    return { does: 'fail', problems: [{ file: 'broken.ts', message: 'Type error' }] };
  });
  return gates;
}

export function taskOf(event: StoredEvent): string {
  return 'taskId' in event ? (event.taskId ?? '') : '';
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !isTrue(); turn++) await new Promise((resolve) => setImmediate(resolve));
}
