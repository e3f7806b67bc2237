import { graphlib, layout } from '@dagrejs/dagre';

export interface PlacedNode {
  readonly id: string;
  /** Top left corner, in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly path: string }[];
}

export const nodeSize = { width: 212, height: 66 };

/** Places tasks in layers from left to right. Depends on ids and needs only, so a run's progress never moves a node. */
export function graphLayout(
  tasks: readonly { readonly id: string; readonly needs: readonly string[] }[],
): GraphLayout {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 56, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const task of tasks) graph.setNode(task.id, { ...nodeSize });
  const known = new Set(tasks.map((task) => task.id));
  const pairs = tasks.flatMap((task) =>
    task.needs.filter((need) => known.has(need)).map((need) => ({ from: need, to: task.id })),
  );
  for (const { from, to } of pairs) graph.setEdge(from, to);
  layout(graph);
  const nodes = tasks.map(({ id }) => {
    const { x, y } = graph.node(id) as { x: number; y: number };
    return { id, x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 };
  });
  const at = new Map(nodes.map((node) => [node.id, node]));
  return {
    width: Math.max(0, ...nodes.map((node) => node.x + nodeSize.width)) + 12,
    height: Math.max(0, ...nodes.map((node) => node.y + nodeSize.height)) + 12,
    nodes,
    edges: pairs.map(({ from, to }) => ({ from, to, path: curve(at.get(from), at.get(to)) })),
  };
}

/** The node an arrow key leads to: the nearest one on that side, along the arrow first. */
export function neighbour(nodes: readonly PlacedNode[], from: string, key: string): string | undefined {
  const origin = nodes.find((node) => node.id === from);
  const along = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!origin || !along) return undefined;
  const [dx = 0, dy = 0] = along;
  const candidates = nodes
    .map((node) => ({
      node,
      ahead: (node.x - origin.x) * dx + (node.y - origin.y) * dy,
      aside: Math.abs((node.x - origin.x) * dy + (node.y - origin.y) * dx),
    }))
    .filter(({ ahead }) => ahead > 1);
  candidates.sort((a, b) => a.ahead + a.aside * 2 - (b.ahead + b.aside * 2));
  return candidates[0]?.node.id;
}

function curve(from: PlacedNode | undefined, to: PlacedNode | undefined): string {
  if (!from || !to) return '';
  const [x1, y1] = [from.x + nodeSize.width, from.y + nodeSize.height / 2];
  const [x2, y2] = [to.x, to.y + nodeSize.height / 2];
  const bend = Math.max(24, (x2 - x1) / 2);
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}
