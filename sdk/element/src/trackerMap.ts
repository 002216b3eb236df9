import {
  animate, distance, Freshness, showsOperator, type Animation, type Place, type Pose, type TimedPlace, type TrackingSnapshot,
} from '@artmqtt/client';
import { CanvasView, Follow, type Insets, type MapMarker } from './map/index.js';
import { pickupMarker, VehicleMarker } from './markers.js';
import type { Places } from './places.js';

const insets: Insets = { top: 48, right: 32, bottom: 32, left: 32 };

/** The map in the element: streets or a grid, the way so far, the vehicle gliding on it, the pickup point. */
export class TrackerMap {
  readonly container = document.createElement('div');
  private readonly freshness = new Freshness();
  private readonly vehicle = new VehicleMarker();
  private view: CanvasView | null = null;
  private follow: Follow | null = null;
  private marker: MapMarker | null = null;
  private animation: Animation | null = null;
  private newest = Number.NEGATIVE_INFINITY;
  private trail: readonly TimedPlace[] = [];
  private pose: Pose | null = null;
  private pickup: Place | null = null;

  constructor(shadow: ShadowRoot) {
    this.container.className = 'map';
    this.container.setAttribute('part', 'map');
    this.container.setAttribute('role', 'img');
    shadow.append(this.container);
  }

  /** Begins to draw. */
  start(places: Places): void {
    this.pickup = places.pickup;
    try {
      this.view = new CanvasView(this.container, places);
    } catch {
      return; // no canvas at all: the words have to do
    }
    this.follow = new Follow(this.view, () => insets, true, () => undefined);
    if (places.pickup) {
      this.view.addMarker(pickupMarker(), 'bottom', places.pickup);
    }
    this.move();
  }

  /** Takes what is known now; called often. */
  show(known: TrackingSnapshot | null): void {
    const operator = known?.status && showsOperator(known.status.status) ? known.operator : null;
    if (known === null || operator === null) {
      this.forget();
    } else if (operator.timestamp > this.newest) {
      // The way so far is for the trail. What was missed in a break is played.
      const missed = this.newest === Number.NEGATIVE_INFINITY ? [] : known.trail.filter(place => place.timestamp > this.newest);
      this.animation ??= animate(this.draw);
      for (const fix of [...missed, operator]) {
        this.animation.push(fix);
      }
      this.newest = operator.timestamp;
      this.freshness.see(operator, Date.now());
    }
    this.trail = known?.trail ?? [];
    this.vehicle.showStale(this.freshness.isStale(Date.now()));
    this.move();
  }

  /** Metres from the vehicle to the pickup point, in a straight line; null while one is not known. */
  get distance(): number | null {
    return this.pose && this.pickup ? distance(this.pose, this.pickup) : null;
  }

  /** Seconds since the newest position; null before the first. */
  get age(): number | null {
    const age = this.freshness.age(Date.now());
    return age === null ? null : age / 1_000;
  }

  /** Forgets everything; `start` begins again. */
  reset(): void {
    this.forget();
    [this.view, this.follow, this.pickup] = [null, null, null];
    this.container.replaceChildren();
  }

  private forget(): void {
    this.animation?.stop();
    this.marker?.remove();
    this.view?.setTrail([]);
    this.freshness.clear();
    [this.animation, this.marker, this.pose, this.newest] = [null, null, null, Number.NEGATIVE_INFINITY];
  }

  private readonly draw = (pose: Pose, playedTime: number): void => {
    this.pose = pose;
    if (this.view) {
      this.marker ??= this.view.addMarker(this.vehicle.element, 'center', pose);
      this.marker.moveTo(pose);
      this.vehicle.turn(pose.heading);
      this.view.setTrail([...this.trail.filter(place => place.timestamp <= playedTime), pose]);
    }
  };

  private move(): void {
    const places = [this.pose, this.pickup].filter(place => place !== null);
    if (this.view && this.view.size().width > 0) {
      this.follow?.update(places, performance.now());
    }
  }
}
