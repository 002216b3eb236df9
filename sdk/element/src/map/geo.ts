/** Metres per degree of latitude. */
const metresPerDegree = 111_195;

/** Metres that one screen pixel covers (512-pixel tiles). */
export const metresPerPixel = (lat: number, zoom: number): number =>
  metresPerDegree * 360 * Math.cos(lat * Math.PI / 180) / (512 * 2 ** zoom);
