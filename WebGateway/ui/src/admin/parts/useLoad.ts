import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiError } from '../api';

/** What a view shows of something it has asked for. */
export interface Loaded<T> {
  /** The last answer; stays while it is asked again, and when that fails. */
  readonly data: T | undefined;
  /** Why the newest call failed, or null. */
  readonly error: ApiError | null;
  /** Whether nothing has come yet. */
  readonly isLoading: boolean;
  /** Asks again. */
  readonly reload: () => void;
}

interface State<T> {
  /** Whose answer it is. */
  readonly load: unknown;
  readonly data: T | undefined;
  readonly error: ApiError | null;
}

/**
 * Asks when it begins and whenever `load` is another function, and again each `everyMs` while the page is visible. An
 * answer that comes after a newer question is not used.
 * @param load must be the same function as long as the question is the same (useCallback).
 */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<State<T>>({ load, data: undefined, error: null });
  const [round, setRound] = useState(0);
  const running = useRef(false);
  const reload = useCallback(() => setRound(count => count + 1), []);

  useEffect(() => {
    const stop = new AbortController();
    running.current = true;
    const ended = (next: (before: State<T>) => State<T>): void => {
      if (!stop.signal.aborted) {
        running.current = false;
        setState(next);
      }
    };
    load(stop.signal).then(
      data => ended(() => ({ load, data, error: null })),
      (error: ApiError) => ended(before => ({ load, data: before.load === load ? before.data : undefined, error })),
    );
    return () => stop.abort();
  }, [load, round]);

  useEffect(() => {
    if (everyMs === undefined) {
      return;
    }
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && !running.current) {
        reload();
      }
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);

  const isCurrent = state.load === load;
  return {
    data: isCurrent ? state.data : undefined,
    error: isCurrent ? state.error : null,
    isLoading: !isCurrent || (state.data === undefined && state.error === null),
    reload,
  };
}
