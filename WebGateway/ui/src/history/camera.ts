import { Mercator, type MapView } from '@artmqtt/element/map';

/** How a map's pixels come from the unit square, and the part of it that is in view. */
export interface Camera {
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
  /** Pixels of the whole world. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export function cameraOf(view: MapView): Camera {
  const { width, height } = view.size();
  return { zoom: view.zoom(), width, height, scale: Mercator.pixels(view.zoom()), ...Mercator.point(view.centre()) };
}

/** Worlds that a route has to be moved by to be near the camera. */
export const turnsTo = (camera: Camera, x: number): number => Math.round(camera.x - x);

/** The part of the unit square in view, with so many pixels around it. */
export function inView({ width, height, scale, x, y }: Camera, margin: number) {
  const [halfWidth, halfHeight] = [(width / 2 + margin) / scale, (height / 2 + margin) / scale];
  return { west: x - halfWidth, north: y - halfHeight, east: x + halfWidth, south: y + halfHeight };
}
