import type { Point } from '@artmqtt/element/map';
import { turnsTo, type Camera } from './camera';
import { floatsPerVertex } from './detailLevels';
import type { LoadedRoute } from './past';

/** A position of a route under the pointer. */
export interface Picked {
  readonly route: LoadedRoute;
  readonly index: number;
  /** Pixels from the pointer. */
  readonly away: number;
}

/** The position nearest to a pixel, within so many pixels of it. */
export function pick(camera: Camera, routes: readonly LoadedRoute[], point: Point, reach: number): Picked | null {
  let best: Picked | null = null;
  for (const route of routes.filter(({ track }) => track.length > 0)) {
    const { track, levels } = route;
    const level = levels.for(camera.zoom);
    const turns = turnsTo(camera, track.xs[0]!);
    const x = (point.x - camera.width / 2) / camera.scale + camera.x - turns;
    const y = (point.y - camera.height / 2) / camera.scale + camera.y;
    const near = reach / camera.scale;
    for (const { start, count } of level.runsIn(x - near, y - near, x + near, y + near)) {
      for (let k = start + 1; k < start + count; k++) {
        const [a, b] = [level.indices[k - 1]!, level.indices[k]!];
        if (level.vertices[k * floatsPerVertex + 2]! < 0
          || toSegment(x, y, track.xs[a]!, track.ys[a]!, track.xs[b]!, track.ys[b]!) > near) {
          continue;
        }
        for (let i = a; i <= b; i++) {
          const away = Math.hypot(track.xs[i]! - x, track.ys[i]! - y) * camera.scale;
          // The line may be near and its positions far: the nearest of them is the best there is.
          if (best === null || away < best.away) {
            best = { route, index: i, away };
          }
        }
      }
    }
  }
  return best;
}

function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
