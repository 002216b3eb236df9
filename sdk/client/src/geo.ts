/** A place on earth, degrees. */
export interface Place {
  readonly lat: number;
  readonly lng: number;
}

/** Metres per degree of latitude. */
const metresPerDegree = 111_195;
const radians = Math.PI / 180;

/** Difference of two longitudes, -180 to 180: the short way around. */
const deltaLng = (from: number, to: number): number => ((to - from + 540) % 360 + 360) % 360 - 180;

/** Metres from one place to another; exact enough within a city, right to 1 % across a country. */
export function distance(from: Place, to: Place): number {
  const dLat = (to.lat - from.lat) * radians;
  const dLng = deltaLng(from.lng, to.lng) * radians;
  const h = Math.sin(dLat / 2) ** 2
    + Math.cos(from.lat * radians) * Math.cos(to.lat * radians) * Math.sin(dLng / 2) ** 2;
  return 2 * metresPerDegree / radians * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Degrees from true north. */
export function bearing(from: Place, to: Place): number {
  const dLng = deltaLng(from.lng, to.lng) * radians;
  const y = Math.sin(dLng) * Math.cos(to.lat * radians);
  const x = Math.cos(from.lat * radians) * Math.sin(to.lat * radians)
    - Math.sin(from.lat * radians) * Math.cos(to.lat * radians) * Math.cos(dLng);
  return (Math.atan2(y, x) / radians + 360) % 360;
}

/** On the straight line between two places; `share` may be outside 0 to 1. */
export const between = (from: Place, to: Place, share: number): Place => ({
  lat: from.lat + (to.lat - from.lat) * share,
  lng: from.lng + deltaLng(from.lng, to.lng) * share,
});

/** Between two headings, the short way around. */
export const turn = (from: number, to: number, share: number): number =>
  (from + deltaLng(from, to) * share + 720) % 360;
