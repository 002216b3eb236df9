import { PMTiles, TileType } from 'pmtiles';
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import worldUrl from '../../../generated/world.pmtiles?url';
import type { MapConfig } from '../gateway';
import { protomapsLayers } from './protomaps';

// Without a `glyphs` address MapLibre draws labels from the fonts of the device: nothing is fetched.
const font = { 'text-font': ['sans-serif'] };
const white = { 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 };

type Layers = LayerSpecification[];

/** The style for a configuration: the user's own map, or the world we bring along, with streets where there are any. */
export async function mapStyle(config: MapConfig): Promise<StyleSpecification | string> {
  if (config.styleUrl) {
    return config.styleUrl;
  }
  const tiles = config.tilesUrl ? await ownTiles(config.tilesUrl, config.attribution) : offlineWorld();
  const streets = config.streetsUrl ? streetLayers(config.streetsUrl) : gridLayers();
  return {
    version: 8,
    sources: { ...tiles.sources, ...streets.sources },
    layers: [...tiles.layers, ...streets.layers, ...tiles.labels],
  };
}

interface StylePart {
  readonly sources: Record<string, SourceSpecification>;
  readonly layers: Layers;
  readonly labels: Layers;
}

function offlineWorld(): StylePart {
  return {
    sources: {
      world: { type: 'vector', url: `pmtiles://${new URL(worldUrl, location.href).href}` },
    },
    layers: [
      {
        id: 'sea', type: 'background', layout: { visibility: 'none' },
        paint: { 'background-color': '#c9dfea' },
      },
      {
        id: 'land', type: 'fill', source: 'world', 'source-layer': 'land',
        paint: { 'fill-color': ['interpolate', ['linear'], ['zoom'], 4, '#f3f1ea', 10, '#f1f0eb'] },
      },
      {
        id: 'coast', type: 'line', source: 'world', 'source-layer': 'coast',
        paint: { 'line-color': '#94b9cc', 'line-width': 0.7 },
      },
      {
        id: 'border', type: 'line', source: 'world', 'source-layer': 'border',
        paint: {
          'line-color': '#b3a5b1', 'line-dasharray': [3, 2],
          'line-width': ['interpolate', ['linear'], ['zoom'], 2, 0.5, 6, 1.5],
        },
      },
    ],
    labels: [{
      id: 'country', type: 'symbol', source: 'world', 'source-layer': 'label', maxzoom: 9,
      filter: ['<=', ['get', 'rank'], ['step', ['zoom'], 1, 2, 2, 3, 3, 4, 4]],
      layout: {
        ...font, 'text-field': ['get', 'name'], 'text-max-width': 6,
        'text-size': ['interpolate', ['linear'], ['zoom'], 1, 10, 6, 16],
      },
      paint: { ...white, 'text-color': '#5a5560' },
    }],
  };
}

/** Roads of class 0 (main) to 2 (residential) with their names, and parks. */
function streetLayers(url: string): Omit<StylePart, 'labels'> {
  const importance = ['-', 2, ['get', 'class']];
  const width = (from: number, perClassFrom: number, to: number, perClassTo: number) => [
    'interpolate', ['exponential', 1.6], ['zoom'],
    9, ['+', from, ['*', perClassFrom, importance]],
    16, ['+', to, ['*', perClassTo, importance]],
  ] as never;
  const roads = ['has', 'class'] as never;
  const round = { 'line-cap': 'round', 'line-join': 'round', 'line-sort-key': importance } as const;
  return {
    sources: { streets: { type: 'geojson', data: new URL(url, location.href).href } },
    layers: [
      {
        id: 'park', type: 'fill', source: 'streets', minzoom: 8, filter: ['has', 'park'],
        paint: { 'fill-color': '#d3e7c6' },
      },
      {
        id: 'road-edge', type: 'line', source: 'streets', minzoom: 9, filter: roads, layout: round as never,
        paint: { 'line-color': '#d6cec2', 'line-width': width(0.5, 0.5, 8, 5) },
      },
      {
        id: 'road', type: 'line', source: 'streets', minzoom: 9, filter: roads, layout: round as never,
        paint: {
          'line-color': ['match', ['get', 'class'], 0, '#ffe6a3', '#ffffff'],
          'line-width': width(0.2, 0.4, 6, 5),
        },
      },
      {
        id: 'road-name', type: 'symbol', source: 'streets', minzoom: 13.5, filter: ['has', 'name'],
        layout: {
          ...font, 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-size': 11.5,
          'symbol-spacing': 320, 'symbol-sort-key': ['get', 'class'],
        },
        paint: { ...white, 'text-color': '#635a4f' },
      },
    ],
  };
}

function gridLayers(): Omit<StylePart, 'labels'> {
  return {
    sources: { grid: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } },
    layers: [{
      id: 'grid', type: 'line', source: 'grid', minzoom: 7,
      paint: {
        'line-color': '#8d9aa5', 'line-width': 0.8,
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 7, 0, 9, 0.3],
      },
    }],
  };
}

/** Tiles of the user's own: pictures, or vectors with the Protomaps schema. */
async function ownTiles(url: string, attribution: string | null): Promise<StylePart> {
  const address = new URL(url, location.href).href.replaceAll('%7B', '{').replaceAll('%7D', '}');
  const { pathname } = new URL(address);
  const isArchive = pathname.endsWith('.pmtiles');
  const isVector = isArchive
    ? (await new PMTiles(address).getHeader()).tileType === TileType.Mvt
    : /\.(mvt|pbf)$/.test(pathname);
  const place = {
    ...(isArchive ? { url: `pmtiles://${address}` } : { tiles: [address] }),
    ...(attribution ? { attribution } : {}),
  };
  const paper: LayerSpecification = { id: 'paper', type: 'background', paint: { 'background-color': '#eeeeea' } };
  return isVector
    ? { sources: { tiles: { type: 'vector', ...place } }, layers: [paper, ...protomapsLayers('tiles')], labels: [] }
    : {
      sources: { tiles: { type: 'raster', tileSize: 256, ...place } },
      layers: [paper, { id: 'tiles', type: 'raster', source: 'tiles' }],
      labels: [],
    };
}
