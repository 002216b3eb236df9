import type { TokenSource } from './hubLink.js';
import type { TimedPlace } from './trail.js';

/** Gets where the operator of a request has been, oldest first; empty when that cannot be had now. */
export type RouteSource = (requestUrl: string, token: TokenSource) => Promise<readonly TimedPlace[]>;

interface RouteCollection {
  readonly features?: readonly {
    readonly geometry?: { readonly coordinates?: readonly (readonly number[])[] };
    readonly properties?: { readonly times?: readonly number[] };
  }[];
}

export const httpRoute: RouteSource = async (requestUrl, token) => {
  try {
    const response = await fetch(`${requestUrl}/route?role=operator`, {
      headers: { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return [];
    }
    const line = (await response.json() as RouteCollection).features?.[0];
    const times = line?.properties?.times ?? [];
    return (line?.geometry?.coordinates ?? [])
      .map(([lng, lat], i) => ({ lat: lat!, lng: lng!, timestamp: times[i]! }))
      .filter(({ lat, lng, timestamp }) => [lat, lng, timestamp].every(Number.isFinite));
  } catch {
    return []; // what is missed now is asked for after the next break
  }
};
