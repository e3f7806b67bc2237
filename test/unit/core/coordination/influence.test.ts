import assert from 'node:assert/strict';
import { commandPlan, run } from '../../../support/runOnStage';
import { done, stage, storyOf } from '../../../support/coordination';

/** In two parts, since no file here may hold it. */
const nocheck = ['@ts', 'nocheck'].join('-');

describe('A result that changes what its own gates depend on', () => {
  it('says so once, before it is proposed', async () => {
    const scene = stage({
      files: { 'package.json': '{"scripts":{"test":"mocha"}}\n', 'a.txt': 'one\n' },
      plan: commandPlan({ a: [] }),
      act: async (_context, write) => (
        await write('package.json', '{"scripts":{"test":"true"}}\n'),
        await write('src/a.ts', `// ${nocheck}\n`),
        done()
      ),
    });
    const { events } = await run(scene);
    const notes = events.filter((event) => event.type === 'note' && /its own gates/.test(event.message));
    assert.equal(notes.length, 1);
    assert.match(
      notes[0]?.type === 'note' ? notes[0].message : '',
      /strict they are: package\.json\. It turns checks off: @ts.nocheck in src\/a\.ts\.$/,
    );
    const proposed = events.find((event) => event.type === 'delivery.proposed');
    assert.ok((notes[0]?.seq ?? 0) < (proposed?.seq ?? 0));
  });

  it('is the only one of which that is said', async () => {
    const scene = stage({
      plan: commandPlan({ a: [] }),
      act: async (_context, write) => (await write('a.txt', 'two\n'), done()),
    });
    const { events } = await run(scene);
    assert.equal(
      events.filter((event) => event.type === 'note' && /own gates/.test(event.message)).length,
      0,
    );
    assert.ok(storyOf(events, ['delivery.completed']).length > 0);
  });
});
