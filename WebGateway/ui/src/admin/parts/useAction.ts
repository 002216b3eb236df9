import { useCallback, useState } from 'react';
import type { ApiError } from '../api';

/** Something a button does: whether it is being done, and why it failed. */
export interface Action {
  readonly isBusy: boolean;
  readonly error: ApiError | null;
  /** Does it; true when it worked. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  /** Forgets why it failed. */
  readonly clear: () => void;
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (failed) {
      setError(failed as ApiError);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { isBusy, error, run, clear };
}
