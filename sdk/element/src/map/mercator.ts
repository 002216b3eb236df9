import type { Place } from '@artmqtt/client';
import type { Insets, Point } from './mapView.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

const tile = 512;
const x = (lng: number): number => (lng + 180) / 360;
const y = (lat: number): number => 0.5 - Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360)) / (2 * Math.PI);
const place = (point: Point): Place => ({
  lng: point.x * 360 - 180,
  lat: Math.atan(Math.exp((0.5 - point.y) * 2 * Math.PI)) * 360 / Math.PI - 90,
});

/** A web Mercator camera: what is in the middle, and how close. */
export class Mercator {
  constructor(readonly centre: Place, readonly zoom: number) {}

  /** A place on the unit square of the projection: 0,0 in the north-west. */
  static point({ lat, lng }: Place): Point {
    return { x: x(lng), y: y(lat) };
  }

  /** Pixels that the whole world is wide. */
  static pixels(zoom: number): number {
    return tile * 2 ** zoom;
  }

  /** The closest camera that shows all places inside the insets. */
  static fitting(places: readonly Place[], size: Size, insets: Insets, maxZoom: number): Mercator {
    const xs = places.map(p => x(p.lng));
    const ys = places.map(p => y(p.lat));
    const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const width = Math.max(40, size.width - insets.left - insets.right);
    const height = Math.max(40, size.height - insets.top - insets.bottom);
    const zoomFor = (pixels: number, share: number): number => Math.log2(pixels / (Math.max(1e-9, share) * tile));
    const zoom = Math.min(maxZoom, zoomFor(width, east - west), zoomFor(height, south - north));
    const middle = new Mercator(place({ x: (west + east) / 2, y: (north + south) / 2 }), zoom);
    return middle.moved({ x: (insets.right - insets.left) / 2, y: (insets.bottom - insets.top) / 2 }, size);
  }

  project({ lat, lng }: Place, size: Size): Point {
    const scale = tile * 2 ** this.zoom;
    return {
      x: (x(lng) - x(this.centre.lng)) * scale + size.width / 2,
      y: (y(lat) - y(this.centre.lat)) * scale + size.height / 2,
    };
  }

  unproject(point: Point, size: Size): Place {
    const scale = tile * 2 ** this.zoom;
    return place({
      x: (point.x - size.width / 2) / scale + x(this.centre.lng),
      y: (point.y - size.height / 2) / scale + y(this.centre.lat),
    });
  }

  moved(by: Point, size: Size): Mercator {
    return new Mercator(this.unproject({ x: size.width / 2 + by.x, y: size.height / 2 + by.y }, size), this.zoom);
  }

  /** Closer by so many steps, with the place under a point kept where it is. */
  zoomed(by: number, around: Point, size: Size): Mercator {
    const closer = new Mercator(this.centre, Math.min(19, Math.max(1, this.zoom + by)));
    const now = closer.project(this.unproject(around, size), size);
    return closer.moved({ x: now.x - around.x, y: now.y - around.y }, size);
  }
}
