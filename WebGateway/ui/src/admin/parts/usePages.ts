import { useCallback, useEffect, useRef, useState } from 'react';
import type { Api, ApiError } from '../api';

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** A list that is read page by page. */
export interface Pages<T> {
  /** What was read; null before the first answer. */
  readonly items: readonly T[] | null;
  /** Why the last page could not be read, or null. */
  readonly error: ApiError | null;
  readonly isLoading: boolean;
  /** Whether there is more. */
  readonly hasMore: boolean;
  readonly more: () => void;
  /** Begins again. */
  readonly again: () => void;
}

/** Reads a list of the REST (`items`, `next`) as far as it is asked to; another address begins another list. */
export function usePages<T>(api: Api, path: string): Pages<T> {
  const [state, setState] = useState<{ path: string; items: readonly T[] | null; next: string | null; error: ApiError | null }>(
    { path, items: null, next: null, error: null });
  const [isLoading, setLoading] = useState(false);
  const running = useRef<AbortController | null>(null);

  const read = useCallback(async (after: string | null): Promise<void> => {
    running.current?.abort();
    const abort = running.current = new AbortController();
    setLoading(true);
    try {
      const separator = path.includes('?') ? '&' : '?';
      const address = after === null ? path : `${path}${separator}after=${encodeURIComponent(after)}`;
      const page = await api.call<Page<T>>(address, { signal: abort.signal });
      setState(last => ({
        path, items: after === null ? page.items : [...last.items ?? [], ...page.items], next: page.next, error: null,
      }));
    } catch (failed) {
      if (abort.signal.aborted) {
        return;
      }
      setState(last => ({ ...last, path, error: failed as ApiError }));
    }
    setLoading(false);
  }, [api, path]);

  useEffect(() => {
    setState({ path, items: null, next: null, error: null });
    void read(null);
    return () => running.current?.abort();
  }, [path, read]);

  const { items, next, error } = state.path === path ? state : { items: null, next: null, error: null };
  return {
    items, error, isLoading, hasMore: next !== null, more: () => void read(next), again: () => void read(null),
  };
}
