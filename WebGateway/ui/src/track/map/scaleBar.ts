import { metresPerPixel, roundStep, type MapView } from '@artmqtt/element/map';
import { formatDistance } from '../texts';

const widest = 112;

/** Shows how long a stretch of the map is. */
export function showScale(view: MapView, bar: HTMLElement): void {
  const metresPerPixelHere = metresPerPixel(view.centre().lat, view.zoom());
  const metres = roundStep(metresPerPixelHere, widest);
  bar.style.width = `${Math.round(metres / metresPerPixelHere)}px`;
  bar.textContent = metres < 10 ? `${metres} m` : formatDistance(metres).replace('.0', '');
}
