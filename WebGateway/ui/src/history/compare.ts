import { Mercator } from '@artmqtt/element/map';
import { metresBetween, type Track } from './track';

/** Positions of a track from one to another, both included. */
export interface Part {
  readonly track: Track;
  readonly first: number;
  readonly last: number;
}

/** What a part of a route amounts to. */
export interface Sums {
  /** Metres. */
  readonly distance: number;
  readonly seconds: number;
  /** Seconds at 1 km/h or faster. */
  readonly moving: number;
  /** m/s, while it moved. */
  readonly average: number;
  readonly fastest: number;
}

/** How two routes differ in where they go. */
export interface Deviation {
  /** Share of the first that is within 50 m of the second, 0 to 1. */
  readonly together: number;
  /** The farthest that the first is from the second, metres. */
  readonly most: number;
}

const moving = 1 / 3.6;
const near = 50;
const samples = 500;

export function partOf(track: Track, from: number, to: number): Part | null {
  const [before, last] = [track.indexAt(from - 1), track.indexAt(to)];
  return last > before + 1 ? { track, first: before + 1, last } : null;
}

export function sumsOf({ track, first, last }: Part): Sums {
  let [movingMs, fastest] = [0, 0];
  for (let i = first; i <= last; i++) {
    fastest = Math.max(fastest, track.speeds[i]!);
    if (i > first && !track.isGap(i)) {
      const ms = track.times[i]! - track.times[i - 1]!;
      const metres = track.distances[i]! - track.distances[i - 1]!;
      movingMs += metres / Math.max(1, ms) * 1_000 >= moving ? ms : 0;
    }
  }
  const distance = track.distances[last]! - track.distances[first]!;
  return {
    distance, seconds: (track.times[last]! - track.times[first]!) / 1_000, moving: movingMs / 1_000,
    average: movingMs > 0 ? distance / (movingMs / 1_000) : 0, fastest,
  };
}

/** Looks at places of the first that are evenly spread over its way, and how far each is from the second. */
export function deviation(first: Part, second: Part): Deviation {
  const way = first.track.distances[first.last]! - first.track.distances[first.first]!;
  const line = placesAlong(second, samples * 2);
  const away = placesAlong(first, samples).map(place => distanceTo(line, place));
  return {
    together: way === 0 ? 1 : away.filter(metres => metres <= near).length / away.length,
    most: Math.max(...away),
  };
}

function placesAlong({ track, first, last }: Part, count: number) {
  const [begin, way] = [track.distances[first]!, track.distances[last]! - track.distances[first]!];
  const places = [];
  for (let k = 0, i = first; k <= count; k++) {
    const at = begin + way * k / count;
    while (i < last && track.distances[i + 1]! < at) {
      i++;
    }
    const next = Math.min(last, i + 1);
    const step = track.distances[next]! - track.distances[i]!;
    const share = step > 0 ? Math.min(1, (at - track.distances[i]!) / step) : 0;
    const [a, b] = [track.place(i), track.place(next)];
    places.push({ lat: a.lat + (b.lat - a.lat) * share, lng: a.lng + (((b.lng - a.lng + 540) % 360) - 180) * share });
  }
  return places;
}

type Places = ReturnType<typeof placesAlong>;

// On the plane of web Mercator, whose scale is the same in all directions.
function distanceTo(line: Places, place: Places[number]): number {
  const at = Mercator.point(place);
  let least = Number.POSITIVE_INFINITY;
  let [ax, ay] = [0, 0];
  line.forEach((end, k) => {
    const { x, y } = Mercator.point(end);
    const [bx, by] = [x - at.x - Math.round(x - at.x), y - at.y];
    if (k === 0) {
      least = bx * bx + by * by;
    } else {
      const [dx, dy] = [bx - ax, by - ay];
      const along = dx * dx + dy * dy;
      const t = along > 0 ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / along)) : 0;
      least = Math.min(least, (ax + t * dx) ** 2 + (ay + t * dy) ** 2);
    }
    [ax, ay] = [bx, by];
  });
  const metresOfUnit = metresBetween({ lat: 0, lng: 0 }, { lat: 0, lng: 90 }) * 4 * Math.cos(place.lat * Math.PI / 180);
  return Math.sqrt(least) * metresOfUnit;
}
