import type { Place } from '@artmqtt/client';
import { Mercator } from '@artmqtt/element/map';

/** A stored position as REST has it with format=rows: time, lat, lng, speed, heading, altitude. */
export type Row = readonly [time: number, lat: number, lng: number, speed: number | null, heading: number | null, altitude: number | null];

/** Where something was at a moment; between two positions on the line between them. */
export interface Pose extends Place {
  /** m/s. */
  readonly speed: number;
  /** Degrees from north, null when it stands. */
  readonly heading: number | null;
  readonly altitude: number | null;
  /** The position at it or before it. */
  readonly index: number;
}

const earthRadius = 6_371_008.8;
/** Slower than this, m/s, a vehicle shows no direction. */
const standing = 0.3;

/** One route in columns, so that a million positions are a few arrays. It grows while it is loaded; oldest first. */
export class Track {
  private capacity = 1_024;
  private size = 0;
  /** ms. */
  times = new Float64Array(this.capacity);
  /** On the unit square of web Mercator; x goes on over the date line. */
  xs = new Float64Array(this.capacity);
  ys = new Float64Array(this.capacity);
  /** m/s: reported, or from the way since the position before. */
  speeds = new Float32Array(this.capacity);
  /** Metres above sea level; NaN where unknown. */
  altitudes = new Float32Array(this.capacity);
  /** Metres from the beginning, gaps included as straight lines. */
  distances = new Float64Array(this.capacity);

  /** @param gapMs Longer than this without a position, where it was is not known. */
  constructor(readonly gapMs: number) {}

  get length(): number {
    return this.size;
  }

  get begin(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.times[0]!;
  }

  get end(): number {
    return this.size === 0 ? Number.NEGATIVE_INFINITY : this.times[this.size - 1]!;
  }

  append(rows: readonly Row[]): void {
    while (this.size + rows.length > this.capacity) {
      this.widen();
    }
    for (const [time, lat, lng, speed, , altitude] of rows) {
      const i = this.size++;
      const { x, y } = Mercator.point({ lat: Math.max(-85.06, Math.min(85.06, lat)), lng });
      this.times[i] = time;
      this.xs[i] = i === 0 ? x : x + Math.round(this.xs[i - 1]! - x);
      this.ys[i] = y;
      const step = i === 0 ? 0 : metresBetween(placeOf(this.xs[i - 1]!, this.ys[i - 1]!), { lat, lng });
      this.distances[i] = i === 0 ? 0 : this.distances[i - 1]! + step;
      const seconds = i === 0 ? 0 : (time - this.times[i - 1]!) / 1_000;
      this.speeds[i] = speed ?? (seconds > 0 && !this.isGap(i) ? step / seconds : 0);
      this.altitudes[i] = altitude ?? Number.NaN;
    }
  }

  /** Whether it is not known how it came to a position. */
  isGap(index: number): boolean {
    return index === 0 || this.times[index]! - this.times[index - 1]! > this.gapMs;
  }

  /** The last position at a moment or before it; -1 before the first. */
  indexAt(time: number): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = low + high >>> 1;
      if (this.times[middle]! <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  place(index: number): Place {
    return placeOf(this.xs[index]!, this.ys[index]!);
  }

  /** Where it was; null before the first, behind the last, and in gaps. */
  poseAt(time: number): Pose | null {
    const i = this.indexAt(time);
    if (i < 0 || (i === this.size - 1 && time > this.times[i]!) || (time > this.times[i]! && this.isGap(i + 1))) {
      return null;
    }
    const next = Math.min(i + 1, this.size - 1);
    const whole = this.times[next]! - this.times[i]!;
    const share = whole > 0 ? (time - this.times[i]!) / whole : 0;
    const mix = (values: Float64Array | Float32Array): number => values[i]! + (values[next]! - values[i]!) * share;
    const speed = mix(this.speeds);
    const altitude = mix(this.altitudes);
    const [dx, dy] = [this.xs[next]! - this.xs[i]!, this.ys[next]! - this.ys[i]!];
    return {
      ...placeOf(mix(this.xs), mix(this.ys)), speed, index: i,
      heading: speed < standing || (dx === 0 && dy === 0) ? null : (Math.atan2(dx, -dy) * 180 / Math.PI + 360) % 360,
      altitude: Number.isNaN(altitude) ? null : altitude,
    };
  }

  private widen(): void {
    this.capacity *= 2;
    const wider = <T extends Float64Array | Float32Array>(values: T, empty: T): T => {
      empty.set(values);
      return empty;
    };
    this.times = wider(this.times, new Float64Array(this.capacity));
    this.xs = wider(this.xs, new Float64Array(this.capacity));
    this.ys = wider(this.ys, new Float64Array(this.capacity));
    this.distances = wider(this.distances, new Float64Array(this.capacity));
    this.speeds = wider(this.speeds, new Float32Array(this.capacity));
    this.altitudes = wider(this.altitudes, new Float32Array(this.capacity));
  }
}

/** A place of the unit square of web Mercator. */
export function placeOf(x: number, y: number): Place {
  return {
    lng: (x - Math.floor(x)) * 360 - 180,
    lat: Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360 / Math.PI - 90,
  };
}

/** Metres on a sphere. */
export function metresBetween(a: Place, b: Place): number {
  const radians = Math.PI / 180;
  const [dLat, dLng] = [(b.lat - a.lat) * radians, (b.lng - a.lng) * radians];
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.sin(dLng / 2) ** 2;
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)));
}
