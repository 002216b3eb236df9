import type { Place } from '@artmqtt/client';
import type { Streets } from './map/index.js';

/** What a map of a request begins with. */
export interface Places extends Streets {
  readonly pickup: Place | null;
}

/** Gets the pickup point and the streets; what cannot be had is left out. */
export async function fetchPlaces(server: string, requestId: string, token: string, signal: AbortSignal): Promise<Places> {
  const get = async (path: string, headers: Record<string, string> = {}): Promise<unknown> => {
    try {
      const response = await fetch(new URL(path, server), { headers, signal });
      return response.ok ? await response.json() : null;
    } catch {
      return null; // a map without it is better than none
    }
  };
  const [request, config] = await Promise.all([
    get(`/api/requests/${encodeURIComponent(requestId)}`, { authorization: `Bearer ${token}` }),
    get('/api/map/config'),
  ]) as [{ pickup?: Partial<Place> } | null, Partial<Streets> | null];
  const { lat, lng } = request?.pickup ?? {};
  return {
    pickup: typeof lat === 'number' && typeof lng === 'number' ? { lat, lng } : null,
    streetsUrl: config?.streetsUrl ? new URL(config.streetsUrl, server).href : null,
    attribution: config?.attribution ?? null,
  };
}
