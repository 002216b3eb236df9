import { metresPerPixel, roundStep, type MapView } from '@artmqtt/element/map';
import { formatLength } from '../formats';

const widest = 112;

/** Shows how long a stretch of the map is. */
export function showScale(view: MapView, bar: HTMLElement): void {
  const metresPerPixelHere = metresPerPixel(view.centre().lat, view.zoom());
  const metres = roundStep(metresPerPixelHere, widest);
  bar.style.width = `${Math.round(metres / metresPerPixelHere)}px`;
  bar.textContent = formatLength(metres);
}
