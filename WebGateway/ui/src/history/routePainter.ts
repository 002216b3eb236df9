import type { Camera } from './camera';
import type { RouteColours } from './colours';
import type { LoadedRoute } from './past';
import type { Colouring } from './wish';

/** Draws routes over a map. */
export interface RoutePainter {
  draw(camera: Camera, routes: readonly LoadedRoute[], colouring: Colouring, colours: RouteColours): void;
  /** Forgets routes that are shown no more. */
  forget(routes: readonly LoadedRoute[]): void;
}

export const lineWidth = 4;
export const edgeWidth = 1.5;
