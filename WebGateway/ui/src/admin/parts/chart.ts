/** A value at a moment; null where there is none. */
export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly value: number | null;
}

/** What a chart spans. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly most: number;
}

/** From the first to the last moment, and from 0 to a round number over the highest value. */
export function rangeOf(samples: readonly Sample[], from?: number, to?: number): Range {
  const highest = samples.reduce((most, { value }) => Math.max(most, value ?? 0), 0);
  return { from: from ?? samples[0]?.at ?? 0, to: to ?? samples.at(-1)?.at ?? 1, most: roundUp(highest) };
}

/** The next of 1, 2, 5, 10, 20, 50 …; 1 for nothing. */
export function roundUp(value: number): number {
  if (value <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find(step => step * power >= value) ?? 10);
}

/**
 * The line as the path of an SVG. A moment without a value, or one that is further away than `gap`, begins it anew.
 * @param gap milliseconds.
 */
export function pathOf(samples: readonly Sample[], { from, to, most }: Range, width: number, height: number, gap: number): string {
  let path = '';
  let before: Sample | undefined;
  for (const sample of samples) {
    if (sample.value !== null) {
      const x = (sample.at - from) / Math.max(1, to - from) * width;
      const y = height - sample.value / most * height;
      const goesOn = before !== undefined && before.value !== null && sample.at - before.at <= gap;
      path += `${goesOn ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      // A dot, where nothing follows.
      path += goesOn ? '' : 'h0.1';
    }
    before = sample;
  }
  return path;
}
