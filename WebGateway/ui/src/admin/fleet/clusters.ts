import type { Point } from '@artmqtt/element/map';

/** Vehicles that stand too close to each other to be told apart. */
export interface Cluster extends Point {
  readonly count: number;
}

/** Gathers points in square cells; a cell's cluster stands in the middle of its points. */
export function clustersOf(points: Iterable<Point>, cell: number): Cluster[] {
  const cells = new Map<string, { x: number; y: number; count: number }>();
  for (const { x, y } of points) {
    const key = `${Math.floor(x / cell)}:${Math.floor(y / cell)}`;
    const sum = cells.get(key);
    if (sum) {
      sum.x += x;
      sum.y += y;
      sum.count++;
    } else {
      cells.set(key, { x, y, count: 1 });
    }
  }
  return [...cells.values()].map(({ x, y, count }) => ({ x: x / count, y: y / count, count }));
}
