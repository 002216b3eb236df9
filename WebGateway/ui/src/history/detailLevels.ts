import type { Track } from './track';

/** Vertices of a level: x and y from the track's first position (unit square), and the speed; below 0 after a gap. */
export const floatsPerVertex = 3;
/** Vertices that are looked at, and drawn, together. */
export const chunkLength = 256;
/** A level is for maps up to its zoom, and errs by at most this many pixels there. */
const errorPixels = 0.75;
const zooms: readonly number[] = [3, 5, 7, 9, 11, 13, 15, 17];
/** A change of speed of so many m/s is kept where there is room to see it. */
const speedStep = 4;

interface Box { west: number; east: number; north: number; south: number }

/** A run of vertices. */
export interface Run {
  readonly start: number;
  readonly count: number;
}

/** A track as exact as a zoom needs it. */
export class Level {
  private readonly boxes: Box[] = [];
  private taken = 0;
  private anchor = -1;
  private low = 0;
  private high = 0;
  private farthest = 0;
  private capacity = 512;
  private kept = 0;
  vertices = new Float32Array(this.capacity * floatsPerVertex);
  /** Which position of the track a vertex is. */
  indices = new Uint32Array(this.capacity);

  /** @param tolerance How far the line may be off, on the unit square; 0: every position. */
  constructor(private readonly track: Track, private readonly tolerance: number) {}

  get length(): number {
    return this.kept;
  }

  /** Takes what has come to the track since. The newest position is always the last vertex. */
  grow(): void {
    const { track } = this;
    if (this.kept > 0 && this.taken < track.length && this.indices[this.kept - 1] !== this.anchor) {
      this.dropLast();
    }
    for (; this.taken < track.length; this.taken++) {
      this.take(this.taken);
    }
    if (this.kept > 0 && this.indices[this.kept - 1] !== track.length - 1) {
      this.keep(track.length - 1);
    }
  }

  /** Runs of vertices whose lines may be in a box of the unit square. */
  runsIn(west: number, north: number, east: number, south: number): Run[] {
    const runs: { start: number; count: number }[] = [];
    this.boxes.forEach((box, chunk) => {
      if (box.west > east || box.east < west || box.north > south || box.south < north) {
        return;
      }
      const start = chunk * chunkLength;
      // The line that leads to the next chunk belongs to this one.
      const count = Math.min(chunkLength + 1, this.kept - start);
      const last = runs.at(-1);
      if (last && last.start + last.count - 1 === start) {
        last.count += count - 1;
      } else {
        runs.push({ start, count });
      }
    });
    return runs;
  }

  // A cone from the last kept position, in which the line passes everybody since within the tolerance. Who leaves it, or
  // turns back, makes the one before a corner.
  private take(i: number): void {
    const { track } = this;
    if (this.tolerance === 0 || this.anchor < 0) {
      this.corner(i);
      return;
    }
    if (track.isGap(i)) {
      if (this.anchor !== i - 1) {
        this.keep(i - 1);
      }
      this.corner(i);
      return;
    }
    if ((!this.fits(i) || this.isFaster(i)) && this.anchor !== i - 1) {
      this.corner(i - 1);
      this.fits(i);
    }
  }

  private fits(i: number): boolean {
    const { track, tolerance, anchor } = this;
    const [dx, dy] = [track.xs[i]! - track.xs[anchor]!, track.ys[i]! - track.ys[anchor]!];
    const away = Math.hypot(dx, dy);
    if (away < this.farthest - tolerance) {
      return false;
    }
    if (away <= tolerance) {
      return true;
    }
    const half = Math.asin(tolerance / away);
    const angle = Math.atan2(dy, dx);
    if (this.farthest <= tolerance) {
      [this.low, this.high] = [angle - half, angle + half];
      this.farthest = Math.max(this.farthest, away);
      return true;
    }
    const middle = (this.low + this.high) / 2;
    const near = middle + Math.atan2(Math.sin(angle - middle), Math.cos(angle - middle));
    if (near < this.low || near > this.high) {
      return false;
    }
    [this.low, this.high] = [Math.max(this.low, near - half), Math.min(this.high, near + half)];
    this.farthest = Math.max(this.farthest, away);
    return true;
  }

  private isFaster(i: number): boolean {
    return this.farthest > 4 * this.tolerance && Math.abs(this.track.speeds[i]! - this.track.speeds[this.anchor]!) > speedStep;
  }

  private corner(i: number): void {
    this.keep(i);
    this.anchor = i;
    this.farthest = 0;
  }

  private keep(i: number): void {
    const { track } = this;
    if (this.kept === this.capacity) {
      this.capacity *= 2;
      const [vertices, indices] = [new Float32Array(this.capacity * floatsPerVertex), new Uint32Array(this.capacity)];
      vertices.set(this.vertices);
      indices.set(this.indices);
      [this.vertices, this.indices] = [vertices, indices];
    }
    const [x, y] = [track.xs[i]!, track.ys[i]!];
    this.vertices[this.kept * floatsPerVertex] = x - track.xs[0]!;
    this.vertices[this.kept * floatsPerVertex + 1] = y - track.ys[0]!;
    this.vertices[this.kept * floatsPerVertex + 2] = track.isGap(i) ? -1 - track.speeds[i]! : track.speeds[i]!;
    this.indices[this.kept] = i;
    this.extend(this.boxes.at(-1), x, y);
    if (this.kept % chunkLength === 0) {
      this.boxes.push({ west: x, east: x, north: y, south: y });
    }
    this.kept++;
  }

  private extend(box: Box | undefined, x: number, y: number): void {
    if (box) {
      box.west = Math.min(box.west, x);
      box.east = Math.max(box.east, x);
      box.north = Math.min(box.north, y);
      box.south = Math.max(box.south, y);
    }
  }

  private dropLast(): void {
    this.kept--;
    if (this.kept % chunkLength === 0) {
      this.boxes.pop();
    }
  }
}

/** A track in several exactnesses, which grow with it. */
export class DetailLevels {
  private readonly levels: readonly (readonly [zoom: number, level: Level])[];

  constructor(track: Track) {
    this.levels = [
      ...zooms.map(zoom => [zoom, new Level(track, errorPixels / (512 * 2 ** zoom))] as const),
      [Number.POSITIVE_INFINITY, new Level(track, 0)],
    ];
  }

  get all(): readonly Level[] {
    return this.levels.map(([, level]) => level);
  }

  grow(): void {
    this.levels.forEach(([, level]) => level.grow());
  }

  for(zoom: number): Level {
    return this.levels.find(([upTo]) => zoom <= upTo)![1];
  }
}
