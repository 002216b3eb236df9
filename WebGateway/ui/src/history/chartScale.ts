/** The lowest and highest value of each column of pixels; NaN where nothing is. */
export interface Envelope {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Squeezes values over growing keys (times, distances) into columns, so that no peak is lost, however many there are. */
export function envelope(
  keys: ArrayLike<number>, values: ArrayLike<number>, begin: number, end: number, from: number, to: number, columns: number,
): Envelope {
  const low = new Float32Array(columns).fill(Number.NaN);
  const high = new Float32Array(columns).fill(Number.NaN);
  const scale = columns / Math.max(1e-9, to - from);
  for (let i = begin; i < end; i++) {
    const value = values[i]!;
    const column = Math.min(columns - 1, Math.floor((keys[i]! - from) * scale));
    if (column < 0 || Number.isNaN(value)) {
      continue;
    }
    low[column] = low[column]! <= value ? low[column]! : value;
    high[column] = high[column]! >= value ? high[column]! : value;
  }
  return { low, high };
}

/** Round numbers from 0 or the least value up, about so many. */
export function ticks(from: number, to: number, wanted: number): number[] {
  const rough = Math.max(1e-9, (to - from) / wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}

const spans = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];

/** Round moments, ms, of a zone that is so many minutes west of UTC; about so many. */
export function timeTicks(from: number, to: number, wanted: number, zoneMinutes: number): number[] {
  const step = (spans.find(seconds => seconds * 1_000 * wanted >= to - from) ?? spans.at(-1)!) * 1_000;
  const shift = zoneMinutes * 60_000;
  const first = Math.ceil((from - shift) / step);
  const count = Math.floor((to - shift) / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step + shift);
}
