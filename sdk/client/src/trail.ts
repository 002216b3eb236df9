import { distance, type Place } from './geo.js';

/** A place and when it was taken, sender's clock, ms since 1970. */
export interface TimedPlace extends Place {
  readonly timestamp: number;
}

const mostPoints = 2_000;
const leastSpacing = 3;

/** Where the operator has been, oldest first. Bounded: when it is full, the older half is thinned. */
export class Trail {
  private points: readonly TimedPlace[] = [];

  /** All of it; another array after each change. */
  get all(): readonly TimedPlace[] {
    return this.points;
  }

  /** Adds the newest point; those that are not newer or hardly moved are left out. */
  add(point: TimedPlace): void {
    const last = this.points.at(-1);
    if (last && (point.timestamp <= last.timestamp || distance(last, point) < leastSpacing)) {
      return;
    }
    this.points = [...this.points, point];
    if (this.points.length > mostPoints) {
      const half = mostPoints / 2;
      this.points = this.points.filter((_, i) => i >= half || i % 2 === 0);
    }
  }

  /** Puts the stored route in front of what came live, and into its gaps. */
  addHistory(route: readonly TimedPlace[]): void {
    const all = [...route, ...this.points].sort((a, b) => a.timestamp - b.timestamp);
    this.points = [];
    all.forEach(point => this.add(point));
  }

  clear(): void {
    this.points = [];
  }

  /** The way until a time, ending at the marker. */
  until(time: number, marker: Place): Place[] {
    const passed: Place[] = this.points.filter(point => point.timestamp <= time);
    return passed.length > 0 ? [...passed, marker] : [];
  }
}
