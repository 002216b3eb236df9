import type { Place } from '@artmqtt/client';
import type { Insets, MapView, Point } from './mapView.js';

/** Closest the camera goes by itself. */
const closestZoom = 16.5;
/** The same around a single place, which needs its surroundings to be recognised. */
const closestAlone = 15;
const pauseBetweenFits = 4_000;
/** Nearer to the edge than this share of the free area, the camera moves. */
const edgeShare = 0.06;
/** Filling less than this share of the free area, the camera goes closer. */
const smallShare = 0.4;

/** Keeps the operator and the pickup point in view until the user moves the map. */
export class Follow {
  private isOn = true;
  private lastFit = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly view: MapView,
    private readonly insets: () => Insets,
    private readonly isCalm: boolean,
    private readonly onChange: (isOn: boolean) => void,
  ) {
    view.onUserMove(() => this.set(false));
  }

  /** Called often; moves the camera seldom. */
  update(places: readonly Place[], now: number): void {
    if (!this.isOn || places.length === 0 || now - this.lastFit < pauseBetweenFits) {
      return;
    }
    const isFirst = this.lastFit === Number.NEGATIVE_INFINITY;
    const points = places.map(place => this.view.project(place));
    if (isFirst || needsFit(points, this.view.size(), this.insets(), closestZoom - this.view.zoom())) {
      this.fit(places, now, isFirst);
    }
  }

  recentre(places: readonly Place[], now: number): void {
    this.set(true);
    if (places.length > 0) {
      this.fit(places, now, false);
    }
  }

  /** The free area has changed: look again at the next update. */
  invalidate(now: number): void {
    this.lastFit = Math.min(this.lastFit, now - pauseBetweenFits);
  }

  private fit(places: readonly Place[], now: number, isFirst: boolean): void {
    this.lastFit = now;
    const closest = places.length > 1 ? closestZoom : closestAlone;
    this.view.fit(places, this.insets(), closest, !isFirst && !this.isCalm);
  }

  private set(isOn: boolean): void {
    if (this.isOn !== isOn) {
      this.isOn = isOn;
      this.onChange(isOn);
    }
  }
}

/** Whether the points leave the free area, or could be shown clearly larger. */
export function needsFit(
  points: readonly Point[], size: { readonly width: number; readonly height: number }, insets: Insets,
  zoomLeft: number,
): boolean {
  const width = size.width - insets.left - insets.right;
  const height = size.height - insets.top - insets.bottom;
  const xs = points.map(point => (point.x - insets.left) / width);
  const ys = points.map(point => (point.y - insets.top) / height);
  if ([...xs, ...ys].some(share => share < edgeShare || share > 1 - edgeShare)) {
    return true;
  }
  const spread = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  return points.length > 1 && spread < smallShare && zoomLeft > 0.7;
}
