import { pathOf, rangeOf, type Sample } from './chart';

const width = 320;
const height = 72;

/** A small line over time. What it shows is also said in words: its newest value. */
export function Chart({ title, samples, from, to, gap, write }: {
  readonly title: string;
  readonly samples: readonly Sample[];
  readonly from?: number;
  readonly to?: number;
  /** Longest time between two values that are joined, milliseconds. */
  readonly gap: number;
  readonly write: (value: number) => string;
}) {
  const range = rangeOf(samples, from, to);
  const newest = samples.reduce<number | null>((last, { value }) => value ?? last, null);

  return (
    <figure className="ops-chart panel">
      <figcaption><span className="note">{title}</span><strong>{newest === null ? '–' : write(newest)}</strong></figcaption>
      <svg viewBox={`0 -2 ${width} ${height + 4}`} preserveAspectRatio="none" role="img" aria-label={newest === null ? title : `${title}, 0 to ${write(range.most)}`}>
        <path className="ops-chart-base" d={`M0 ${height}H${width}`} />
        <path className="ops-chart-line" d={pathOf(samples, range, width, height, gap)} />
      </svg>
      {newest !== null && <span className="note ops-chart-most" aria-hidden="true">{write(range.most)}</span>}
    </figure>
  );
}
