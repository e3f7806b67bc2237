import assert from 'node:assert/strict';
import type { NewEvent } from '../../../src/core/model/event';
import { runDetail } from '../../../src/protocol/runProjection';
import { agentCards } from '../../../webview/state/agentCards';
import { graphLayout, neighbour, nodeSize } from '../../../webview/state/graphLayout';
import { timingOf } from '../../../webview/state/timing';
import { FakeEngine } from '../../support/fakeEngine';
import { planned, storyPlan, storyRequest, underWay, validated } from '../../support/storyOfARun';

function detailAfter(...chapters: NewEvent[][]) {
  const engine = new FakeEngine('/repo/shop');
  return runDetail(
    engine.play('run-1', [engine.created({ request: storyRequest }), ...chapters.flat()]),
    'here',
  );
}

describe('the cards of agents', () => {
  it('say what each one does, those that need attention first', () => {
    const lines = agentCards(detailAfter(planned, underWay)).map(
      ({ name, state, task, done, total }) => `${name} ${state} ${task?.id ?? '-'} ${done}/${total}`,
    );
    assert.deepEqual(lines, [
      'test-engineer asking tests 0/1',
      'backend-developer working limiter 1/3',
      'lint-fixer waiting format 0/1',
      'architect done design 1/1',
    ]);
  });
});

describe('the timeline', () => {
  it('has a bar for each task that started, on one scale from the first start to the last end', () => {
    const run = detailAfter(planned, underWay, validated);
    const { bars, spanMs, sequentialMs } = timingOf(run, Date.parse(run.item.startedAt) + 3_600_000);
    assert.equal(bars.length, 6);
    assert.equal(bars[0]?.startPercent, 0);
    assert.equal(Math.max(...bars.map((bar) => bar.startPercent + bar.widthPercent)), 100);
    assert.ok(sequentialMs > spanMs, 'some ran side by side');
    const waiting = { ...run, tasks: run.tasks.map((task) => ({ ...task, workMs: 5 })) };
    const { sequentialMs: worked } = timingOf(waiting, Date.parse(run.item.startedAt) + 3_600_000);
    assert.equal(worked, 5 * bars.length, 'what a task waited is no work');
  });

  it('is empty before the first task starts', () => {
    const { bars, spanMs } = timingOf(detailAfter(planned), 0);
    assert.deepEqual([bars, spanMs], [[], 0]);
  });
});

describe('the task graph', () => {
  const layout = graphLayout(storyPlan.tasks);

  it('puts every task right of what it needs, none over another', () => {
    const at = new Map(layout.nodes.map((node) => [node.id, node]));
    for (const { from, to } of layout.edges)
      assert.ok((at.get(from)?.x ?? 0) + nodeSize.width < (at.get(to)?.x ?? 0), `${from} → ${to}`);
    for (const a of layout.nodes) {
      for (const b of layout.nodes) {
        const overlap =
          a !== b && Math.abs(a.x - b.x) < nodeSize.width && Math.abs(a.y - b.y) < nodeSize.height;
        assert.equal(overlap, false, `${a.id} and ${b.id}`);
      }
    }
  });

  it('is walked with the arrow keys', () => {
    assert.equal(neighbour(layout.nodes, 'middleware', 'ArrowRight'), 'format');
    assert.equal(neighbour(layout.nodes, 'format', 'ArrowRight'), undefined);
    const below =
      neighbour(layout.nodes, 'storage', 'ArrowDown') ?? neighbour(layout.nodes, 'storage', 'ArrowUp');
    assert.equal(below, 'limiter');
    assert.equal(neighbour(layout.nodes, 'design', 'Enter'), undefined);
  });

  it('reaches every task from the first by arrows alone', () => {
    const reached = new Set(['design']);
    for (const id of reached) {
      for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown']) {
        const next = neighbour(layout.nodes, id, key);
        if (next !== undefined) reached.add(next);
      }
    }
    assert.equal(reached.size, storyPlan.tasks.length);
  });

  it('ignores a need that is not in the plan', () => {
    assert.deepEqual(graphLayout([{ id: 'a', needs: ['gone'] }]).edges, []);
  });
});
