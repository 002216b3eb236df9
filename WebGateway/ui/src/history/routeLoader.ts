import type { Api } from '../admin/api';
import type { Row, Track } from './track';
import type { Detail, Subject } from './wish';

/** So many at once keep a page fluid while they come, and the server's answers short. */
const pageSize = 10_000;
/** With `auto`, so many at most, if each subject reports each second. */
const mostAtOnce = 2_000_000;
/** The page's memory ends somewhere. */
export const mostPositions = 3_000_000;

/** Seconds of which only the first position is loaded; 0: every position. */
export function bucketSeconds(detail: Detail, from: number, to: number, subjects: number): number {
  if (detail !== 'auto') {
    return detail === 'minute' ? 60 : 0;
  }
  const bucket = Math.ceil((to - from) / 1_000 * Math.max(1, subjects) / mostAtOnce);
  return bucket <= 1 ? 0 : bucket;
}

/** Longer than this without a position, ms, a route has a gap. */
export const gapMs = (bucket: number): number => Math.max(300, 3 * bucket) * 1_000;

export const pathOf = ({ kind, id }: Subject): string => `/api/${kind}s/${encodeURIComponent(id)}`;

export const periodOf = (from: number, to: number): string =>
  `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;

interface RowsAnswer {
  readonly rows: readonly Row[];
  readonly cursor?: string;
}

/** Loads a route into a track, page after page; says after each up to when it is there. Returns whether it is whole. */
export async function loadRoute(
  api: Api, subject: Subject, from: number, to: number, bucket: number, track: Track, signal: AbortSignal,
  onPage: (upTo: number) => boolean,
): Promise<boolean> {
  for (let after = ''; ;) {
    const answer = await api.call<RowsAnswer>(
      `${pathOf(subject)}/route?${periodOf(from, to)}&format=rows&limit=${pageSize}`
      + `${bucket > 0 ? `&bucketSeconds=${bucket}` : ''}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`, { signal });
    track.append(answer.rows);
    const isLast = answer.cursor === undefined;
    const goesOn = onPage(isLast ? to : track.end);
    if (isLast || !goesOn) {
      return isLast;
    }
    after = answer.cursor!;
  }
}
