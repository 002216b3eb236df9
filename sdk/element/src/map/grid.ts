import type { Place } from '@artmqtt/client';
import { metresPerPixel } from './geo.js';

const wantedPixels = 110;
const metresPerDegree = 111_195;

/** A round number of metres that covers about so many pixels. */
export function roundStep(metresPerPixelHere: number, pixels: number): number {
  const wanted = metresPerPixelHere * pixels;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([5, 2, 1].find(factor => factor * power <= wanted) ?? 1);
}

/** Lines of a square grid over an area, so that a place without streets is not an empty sheet. */
export function gridLines(southWest: Place, northEast: Place, zoom: number): Place[][] {
  const middle = Math.round((southWest.lat + northEast.lat) / 2);
  const step = roundStep(metresPerPixel(middle, zoom), wantedPixels) / metresPerDegree;
  const stepLng = step / Math.max(0.05, Math.cos(middle * Math.PI / 180));
  const lines: Place[][] = [];
  for (const lat of multiples(southWest.lat, northEast.lat, step)) {
    lines.push([{ lat, lng: southWest.lng }, { lat, lng: northEast.lng }]);
  }
  for (const lng of multiples(southWest.lng, northEast.lng, stepLng)) {
    lines.push([{ lat: southWest.lat, lng }, { lat: northEast.lat, lng }]);
  }
  return lines;
}

function multiples(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const count = Math.min(200, Math.floor(to / step) - first + 1);
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}
