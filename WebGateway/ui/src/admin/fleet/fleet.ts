import { between, type Place } from '@artmqtt/client';
import type { Frame, VehicleNow } from './frame';

/** A vehicle on its way from the place it was shown at to the newest one. */
export interface Vehicle {
  readonly now: VehicleNow;
  readonly from: Place;
  /** When it set off, ms on the clock of animation frames. */
  readonly since: number;
}

/** How long a vehicle glides to a new place, ms: a little more than the time between two frames. */
export const glideMs = 1_200;
/** Farther than this, degrees, is a jump and not a drive. */
const longestGlide = 0.02;

/** All vehicles in view, by their keys. */
export class Fleet {
  private readonly vehicles = new Map<number, Vehicle>();

  get size(): number {
    return this.vehicles.size;
  }

  get all(): Iterable<Vehicle> {
    return this.vehicles.values();
  }

  find(key: number): Vehicle | null {
    return this.vehicles.get(key) ?? null;
  }

  /** Takes a frame. `isKept` says which of those that are known stay, by their place: others have left the view. */
  take(frame: Frame, now: number, isKept: (place: Place) => boolean): void {
    const old = frame.isWhole ? new Map(this.vehicles) : this.vehicles;
    if (frame.isWhole) {
      this.vehicles.clear();
    }
    for (const next of frame.vehicles) {
      const before = old.get(next.key);
      this.vehicles.set(next.key, { now: next, from: before ? startOf(before, next, now) : next, since: now });
    }
    for (const [key, { now: place }] of this.vehicles) {
      if (!isKept(place)) {
        this.vehicles.delete(key);
      }
    }
  }

  clear(): void {
    this.vehicles.clear();
  }
}

/** Where a vehicle is shown. */
export function shownAt({ from, now: to, since }: Vehicle, now: number): Place {
  return between(from, to, Math.min(1, Math.max(0, (now - since) / glideMs)));
}

function startOf(vehicle: Vehicle, next: Place, now: number): Place {
  const shown = shownAt(vehicle, now);
  return Math.abs(shown.lat - next.lat) > longestGlide || Math.abs(shown.lng - next.lng) > longestGlide ? next : shown;
}
