import type { Place } from '@artmqtt/client';

/** What a map shows, as it stands behind the # of the address, so that a link leads to the same place. */
export interface ShownPart extends Place {
  readonly zoom: number;
}

/** Reads `#zoom/lat/lng`; null when it is something else. */
export function readView(fragment: string): ShownPart | null {
  const match = /^#(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(fragment);
  const [zoom, lat, lng] = (match ?? []).slice(1).map(Number);
  return zoom !== undefined && zoom <= 19 && Math.abs(lat!) <= 85 && Math.abs(lng!) <= 180
    ? { zoom, lat: lat!, lng: lng! } : null;
}

export const writeView = ({ zoom, lat, lng }: ShownPart): string => `#${zoom.toFixed(1)}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
