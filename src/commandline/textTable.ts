import { fit, oneLine, truncate, widthOf } from './monitor/fitText';

/** Columns as wide as they need to be; the last one is cut where the terminal ends. */
export function textTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const cells = [headers, ...rows].map((row) => row.map(oneLine));
  const widths = headers.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === headers.length - 1 ? cell : fit(cell, widths[column] ?? 0)))
        .join('  '),
    )
    .map((line) => truncate(line.trimEnd(), width))
    .join('\n');
}
