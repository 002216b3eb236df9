import type { Denied, Place, RequestStatus, TimedPlace } from '@artmqtt/client';
import type { TrackingLink } from './link';
import { learnServerTime } from './serverClock';

/** The parts of a request that this page shows. */
export interface TrackedRequest {
  readonly status: RequestStatus;
  readonly pickup: Place | null;
  readonly updatedAt: number;
}

/** How the customer reaches the service. */
export interface Contact {
  /** E.164. */
  readonly phoneNumber: string | null;
  readonly messageUrl: string | null;
}

/** How the map is to be drawn; everything is optional. */
export interface MapConfig {
  readonly styleUrl: string | null;
  readonly tilesUrl: string | null;
  readonly streetsUrl: string | null;
  readonly attribution: string | null;
  /** Middle and zoom of the first view. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly zoom: number | null;
  readonly contact: Contact | null;
}

/** For while the gateway does not say. */
export const noMapConfig: MapConfig = {
  styleUrl: null, tilesUrl: null, streetsUrl: null, attribution: null, latitude: null, longitude: null, zoom: null,
  contact: null,
};
const timeoutMs = 10_000;

/** The request, or a no for good, or `unavailable` for now. */
export async function fetchRequest(link: TrackingLink): Promise<TrackedRequest | Denied | 'unavailable'> {
  const response = await get(`/api/requests/${link.requestId}`, link.token);
  if (!response?.ok) {
    return await readDenial(response) ?? 'unavailable';
  }
  const body = await json<{ status: RequestStatus; pickup?: unknown; updatedAt?: string }>(response);
  return body === null ? 'unavailable' : {
    status: body.status,
    pickup: readPlace(body.pickup),
    updatedAt: Date.parse(body.updatedAt ?? '') || Date.now(),
  };
}

/** What a shared link opens, or a no for good, or `unavailable` for now. */
export async function fetchShare(token: string): Promise<TrackingLink | Denied | 'unavailable'> {
  const response = await get('/api/share', token);
  if (!response?.ok) {
    return await readDenial(response) ?? 'unavailable';
  }
  const body = await json<{ requestId: string; role: string }>(response);
  return body === null ? 'unavailable' : { requestId: body.requestId, token, isViewer: body.role === 'viewer' };
}

/** Where the operator has been so far; empty when that cannot be had. */
export async function fetchRoute(link: TrackingLink): Promise<TimedPlace[]> {
  const response = await get(`/api/requests/${link.requestId}/route?role=operator`, link.token);
  const body = response?.ok ? await json<RouteCollection>(response) : null;
  const line = body?.features?.[0];
  const times = line?.properties?.times ?? [];
  return (line?.geometry?.coordinates ?? [])
    .map(([lng, lat], i) => ({ lat: lat!, lng: lng!, timestamp: times[i] ?? 0 }))
    .filter(place => Number.isFinite(place.lat) && Number.isFinite(place.lng));
}

/** How the page is set up; null when that cannot be had now. */
export async function fetchMapConfig(): Promise<MapConfig | null> {
  const response = await get('/api/map/config', null);
  const config = response?.ok ? await json<Partial<MapConfig>>(response) : null;
  return config && { ...noMapConfig, ...config };
}

interface RouteCollection {
  readonly features?: readonly {
    readonly geometry?: { readonly coordinates?: readonly (readonly number[])[] };
    readonly properties?: { readonly times?: readonly number[] };
  }[];
}

async function get(path: string, token: string | null): Promise<Response | null> {
  try {
    const askedAt = Date.now();
    const response = await fetch(path, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    learnServerTime(response, askedAt);
    return response;
  } catch {
    return null; // no network, no server, or too slow: all the same to this page
  }
}

async function readDenial(response: Response | null): Promise<Denied | null> {
  return response && [401, 403, 404, 410].includes(response.status)
    ? { denied: (await json<{ code?: string }>(response))?.code ?? '' }
    : null;
}

async function json<T>(response: Response): Promise<T | null> {
  try {
    return await response.json() as T;
  } catch {
    return null; // cut off on the way, or not from our gateway
  }
}

function readPlace(value: unknown): Place | null {
  const { lat, lng } = (value ?? {}) as Partial<Place>;
  return typeof lat === 'number' && typeof lng === 'number' ? { lat, lng } : null;
}
