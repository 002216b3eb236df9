import { Mercator } from '@artmqtt/element/map';

const equatorMetres = 40_075_017;
/** Faster than this nothing drives, m/s. */
const fastest = 40;

/** How long the fastest vehicle takes for half a pixel, ms: drawn more often, a picture would be the same. */
export const redrawMs = (zoom: number, lat: number): number =>
  500 * equatorMetres * Math.cos(lat * Math.PI / 180) / Mercator.pixels(zoom) / fastest;
