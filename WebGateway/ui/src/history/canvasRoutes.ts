import { inView, turnsTo, type Camera } from './camera';
import { css, stopOf, type RouteColours } from './colours';
import { floatsPerVertex } from './detailLevels';
import type { LoadedRoute } from './past';
import { lineWidth, type RoutePainter } from './routePainter';
import type { Colouring } from './wish';

/** Routes on a plain canvas, for browsers without WebGL 2: lines of one colour for each step of the scale. */
export class CanvasRoutes implements RoutePainter {
  private readonly canvas = document.createElement('canvas');

  constructor(container: HTMLElement) {
    this.canvas.className = 'history-layer';
    container.append(this.canvas);
  }

  draw(camera: Camera, routes: readonly LoadedRoute[], colouring: Colouring, colours: RouteColours): void {
    const ratio = devicePixelRatio;
    [this.canvas.width, this.canvas.height] = [Math.round(camera.width * ratio), Math.round(camera.height * ratio)];
    const context = this.canvas.getContext('2d')!;
    context.scale(ratio, ratio);
    context.lineWidth = lineWidth;
    context.lineCap = context.lineJoin = 'round';
    for (const route of routes.filter(({ track }) => track.length > 1)) {
      for (const [colour, path] of this.paths(camera, route, colouring, colours)) {
        context.strokeStyle = colour;
        context.stroke(path);
      }
    }
  }

  forget(): void {
    // Nothing is kept.
  }

  private paths(camera: Camera, { levels, track, index }: LoadedRoute, colouring: Colouring, colours: RouteColours): Map<string, Path2D> {
    const level = levels.for(camera.zoom);
    const turns = turnsTo(camera, track.xs[0]!);
    const { west, north, east, south } = inView(camera, lineWidth * 2);
    const paths = new Map<string, Path2D>();
    const pixel = (k: number): [number, number] => [
      (track.xs[level.indices[k]!]! + turns - camera.x) * camera.scale + camera.width / 2,
      (track.ys[level.indices[k]!]! - camera.y) * camera.scale + camera.height / 2,
    ];
    for (const { start, count } of level.runsIn(west - turns, north, east - turns, south)) {
      for (let k = start + 1; k < start + count; k++) {
        const speed = level.vertices[k * floatsPerVertex + 2]!;
        if (speed >= 0) {
          const colour = css(colouring === 'vehicle' ? colours.ofVehicle(index) : colours.speeds[Math.round(stopOf(speed * 3.6))]!);
          const path = paths.get(colour) ?? new Path2D();
          paths.set(colour, path);
          path.moveTo(...pixel(k - 1));
          path.lineTo(...pixel(k));
        }
      }
    }
    return paths;
  }
}
