import { useEffect, useState } from 'react';
import type { ApiError } from '../api';
import type { Device, DevicePage } from './device';

/** The first page, which is read again and again, and those that were asked for behind it. */
export function useMore(first: DevicePage | undefined, read: (after: string) => Promise<DevicePage>): {
  readonly items: readonly Device[];
  readonly next: string | null;
  readonly isBusy: boolean;
  /** Why the page that was asked for last did not come. */
  readonly error: ApiError | null;
  readonly load: () => void;
} {
  const [rest, setRest] = useState<readonly DevicePage[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const isGone = first === undefined;
  // Another question: what was behind the old one's first page is nothing of it.
  useEffect(() => {
    if (isGone) {
      setRest([]);
      setError(null);
    }
  }, [isGone]);

  const seen = new Set<string>();
  const items = [first, ...rest].flatMap(page => page?.items ?? []).filter(({ deviceId }) => !seen.has(deviceId) && seen.add(deviceId));
  const next = (rest.at(-1) ?? first)?.next ?? null;
  const load = (): void => {
    if (next !== null) {
      setBusy(true);
      setError(null);
      read(next).then(page => setRest(pages => [...pages, page]), setError).finally(() => setBusy(false));
    }
  };
  return { items, next, isBusy, error, load };
}
