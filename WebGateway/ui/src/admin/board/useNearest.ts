import { useEffect, useState } from 'react';
import type { Place } from '@artmqtt/client';
import type { Api } from '../api';

/** A vehicle that could serve a request. */
export interface NearestVehicle {
  readonly deviceId: string;
  readonly name: string | null;
  readonly place: Place;
  readonly fixTime: string;
  readonly requestId?: string;
  readonly etaSeconds: number;
  readonly low: number;
  readonly high: number;
  readonly distanceMeters: number;
}

const againMs = 15_000;

/** Who could serve a request, the fastest first; null until that is known. Asked again while the page is looked at. */
export function useNearest(
  api: Api, requestId: string, isBusyToo: boolean,
): { readonly vehicles: readonly NearestVehicle[] | null; readonly problem: string | null } {
  const [state, setState] = useState<{ key: string; vehicles: readonly NearestVehicle[] | null; problem: string | null }>(
    { key: '', vehicles: null, problem: null });
  const key = `${requestId} ${isBusyToo}`;

  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      if (document.visibilityState === 'hidden') {
        return;
      }
      try {
        const path = `/api/requests/${requestId}/nearest?busy=${isBusyToo}`;
        const { items } = await api.call<{ items: readonly NearestVehicle[] }>(path, { signal: abort.signal });
        setState({ key, vehicles: items, problem: null });
      } catch (error) {
        if (!abort.signal.aborted) {
          setState(last => ({ key, vehicles: last.key === key ? last.vehicles : null, problem: (error as Error).message }));
        }
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), againMs);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [api, requestId, isBusyToo, key]);

  return state.key === key ? state : { vehicles: null, problem: null };
}
