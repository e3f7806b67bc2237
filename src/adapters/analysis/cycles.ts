/** Which modules each module imports. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export interface Cycle {
  /** Every module of the knot: each reaches each. Sorted. */
  readonly modules: readonly string[];
  /** The shortest way round, each importing the next and the last the first. */
  readonly shortest: readonly string[];
}

/** Groups of modules that import each other in a circle; largest first, ties by name. */
export function findCycles(graph: Graph): Cycle[] {
  const knots = stronglyConnected(graph).filter((knot) => knot.length > 1 || importsItself(graph, knot[0]));
  return knots
    .map((knot) => ({ modules: [...knot].sort(), shortest: shortestCycle(graph, new Set(knot)) }))
    .sort((a, b) => b.modules.length - a.modules.length || compare(a.modules[0] ?? '', b.modules[0] ?? ''));
}

function importsItself(graph: Graph, node: string | undefined): boolean {
  return node !== undefined && (graph.get(node)?.includes(node) ?? false);
}

interface Frame {
  readonly node: string;
  next: number;
}

/** Tarjan's algorithm (SIAM J. Comput. 1972), with an explicit stack because import chains are long. */
function stronglyConnected(graph: Graph): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onPath = new Set<string>();
  const path: string[] = [];
  const found: string[][] = [];
  const open = (node: string): Frame => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    path.push(node);
    onPath.add(node);
    return { node, next: 0 };
  };
  const lower = (node: string, value: number) => low.set(node, Math.min(low.get(node) ?? value, value));
  for (const start of graph.keys()) {
    if (index.has(start)) continue;
    const frames = [open(start)];
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const target = graph.get(frame.node)?.[frame.next++];
      if (target !== undefined) {
        if (!index.has(target)) frames.push(open(target));
        else if (onPath.has(target)) lower(frame.node, index.get(target) ?? 0);
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent) lower(parent.node, low.get(frame.node) ?? 0);
      if (low.get(frame.node) === index.get(frame.node)) found.push(closeKnot(frame.node, path, onPath));
    }
  }
  return found;
}

function closeKnot(root: string, path: string[], onPath: Set<string>): string[] {
  const knot: string[] = [];
  for (let node = path.pop(); node !== undefined; node = path.pop()) {
    onPath.delete(node);
    knot.push(node);
    if (node === root) break;
  }
  return knot;
}

/** Breadth first from each module; in a very large knot from the first ones, which is short enough to read. */
function shortestCycle(graph: Graph, knot: ReadonlySet<string>): string[] {
  let best: string[] = [];
  for (const start of [...knot].sort().slice(0, 200)) {
    const cycle = cycleThrough(graph, knot, start);
    if (best.length === 0 || (cycle.length > 0 && cycle.length < best.length)) best = cycle;
    if (best.length <= 2 && best.length > 0) break;
  }
  return best;
}

function cycleThrough(graph: Graph, knot: ReadonlySet<string>, start: string): string[] {
  const from = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const target of graph.get(node) ?? []) {
      if (target === start) return wayTo(node, start, from);
      if (!knot.has(target) || from.has(target)) continue;
      from.set(target, node);
      queue.push(target);
    }
  }
  return [];
}

function wayTo(end: string, start: string, from: ReadonlyMap<string, string>): string[] {
  const way: string[] = [];
  for (let node: string | undefined = end; node !== undefined && node !== start; node = from.get(node))
    way.unshift(node);
  return [start, ...way];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
