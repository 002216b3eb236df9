import type { Feature, MultiLineString } from 'geojson';
import {
  LngLatBounds, Map as MapLibre, Marker, setWorkerUrl, type GeoJSONSource,
  type LineLayerSpecification, type StyleSpecification,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { MapConfig } from '../gateway';
import type { Place } from '@artmqtt/client';
import {
  gridLines, onPaletteChange, palette, type Insets, type MapMarker, type MapView, type Point,
} from '@artmqtt/element/map';
import { readArchives, recoverFromNetworkErrors, showSeaWithLand } from './recovery';
import { mapStyle } from './style';

setWorkerUrl(workerUrl);
readArchives();

const naturalEarth = 'Made with Natural Earth';

/** The map drawn by MapLibre GL. Throws where there is no WebGL 2. */
export async function createMapLibreView(container: HTMLElement, config: MapConfig, title: string): Promise<MapView> {
  let style = await styleOf(config);
  const map = new MapLibre({
    container,
    style,
    center: [config.longitude ?? 10, config.latitude ?? 30],
    zoom: config.zoom ?? 1,
    maxZoom: 19,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    locale: { 'Map.Title': title },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();

  if (typeof style === 'string') {
    // A style that cannot be had must not leave the page without a map.
    const onError = async (): Promise<void> => void map.setStyle(await mapStyle(withoutOwnMap(config), palette()));
    map.once('error', onError);
    map.once('style.load', () => map.off('error', onError));
  }
  recoverFromNetworkErrors(map, () => style);
  onPaletteChange(async () => {
    if (typeof style !== 'string') {
      style = await styleOf(config);
      map.setStyle(style, { diff: false });
    }
  });
  const isOwnWorld = !config.styleUrl && !config.tilesUrl;
  if (isOwnWorld) {
    showSeaWithLand(map);
  }
  return new MapLibreView(map, [isOwnWorld ? naturalEarth : '', config.attribution ?? ''].filter(Boolean).join(' · '));
}

/** The configured map; ours when that cannot be had. */
const styleOf = (config: MapConfig): Promise<StyleSpecification | string> =>
  mapStyle(config, palette()).catch(() => mapStyle(withoutOwnMap(config), palette()));

const withoutOwnMap = (config: MapConfig): MapConfig => ({ ...config, styleUrl: null, tilesUrl: null });

class MapLibreView implements MapView {
  private trail: readonly Place[] = [];

  constructor(private readonly map: MapLibre, readonly attribution: string) {
    map.on('style.load', () => {
      this.addTrail();
      this.drawGrid();
    });
    map.on('moveend', () => this.drawGrid());
  }

  addMarker(element: HTMLElement, anchor: 'center' | 'bottom', place: Place): MapMarker {
    // Sub-pixel: a slow vehicle must not step from pixel to pixel.
    const marker = new Marker({ element, anchor, subpixelPositioning: true });
    marker.setLngLat([place.lng, place.lat]).addTo(this.map);
    return { moveTo: to => void marker.setLngLat([to.lng, to.lat]), remove: () => void marker.remove() };
  }

  setTrail(line: readonly Place[]): void {
    this.trail = line;
    this.map.getSource<GeoJSONSource>('trail')?.setData(lines([line]));
  }

  fit(places: readonly Place[], insets: Insets, maxZoom: number, isAnimated: boolean): void {
    const bounds = new LngLatBounds();
    places.forEach(place => bounds.extend([place.lng, place.lat]));
    this.map.fitBounds(bounds, { padding: { ...insets }, maxZoom, duration: isAnimated ? 900 : 0 });
  }

  project(place: Place): Point {
    return this.map.project([place.lng, place.lat]);
  }

  size() {
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    return { width, height };
  }

  centre(): Place {
    return this.map.getCenter();
  }

  zoom(): number {
    return this.map.getZoom();
  }

  onUserMove(handler: () => void): void {
    this.map.on('movestart', event => event.originalEvent && handler());
  }

  onMove(handler: () => void): void {
    this.map.on('move', handler);
    this.map.on('resize', handler);
  }

  private addTrail(): void {
    this.map.addSource('trail', { type: 'geojson', data: lines([this.trail]), tolerance: 0.2 });
    const before = firstLabel(this.map.getStyle());
    this.map.addLayer(trailLayer('trail-edge', palette().trailEdge, 8, 0.9), before);
    this.map.addLayer(trailLayer('trail', palette().trail, 4.5, 0.8), before);
  }

  private drawGrid(): void {
    const grid = this.map.getSource<GeoJSONSource>('grid');
    if (grid && this.map.getZoom() > 6) {
      const bounds = this.map.getBounds();
      grid.setData(lines(gridLines(bounds.getSouthWest(), bounds.getNorthEast(), this.map.getZoom())));
    }
  }
}

const trailLayer = (id: string, color: string, width: number, opacity: number): LineLayerSpecification => ({
  id, type: 'line', source: 'trail',
  layout: { 'line-cap': 'round', 'line-join': 'round' },
  paint: { 'line-color': color, 'line-width': width, 'line-opacity': opacity },
});

const firstLabel = (style: StyleSpecification): string | undefined =>
  style.layers.find(layer => layer.type === 'symbol')?.id;

const lines = (all: readonly (readonly Place[])[]): Feature<MultiLineString> => ({
  type: 'Feature', properties: {},
  geometry: {
    type: 'MultiLineString',
    coordinates: all.filter(line => line.length > 1).map(line => line.map(({ lat, lng }) => [lng, lat])),
  },
});
