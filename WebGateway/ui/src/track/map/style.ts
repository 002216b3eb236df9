import { PMTiles, TileType } from 'pmtiles';
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import worldUrl from '../../../generated/world.pmtiles?url';
import type { MapConfig } from '../gateway';
import type { Palette } from '@artmqtt/element/map';
import { protomapsLayers } from './protomaps';

// Without a `glyphs` address MapLibre draws labels from the fonts of the device: nothing is fetched.
const font = { 'text-font': ['sans-serif'] };
const halo = (colors: Palette) => ({ 'text-halo-color': colors.halo, 'text-halo-width': 1.5 });

type Layers = LayerSpecification[];

/** The style for a configuration: the user's own map, or the world we bring along, with streets where there are any. */
export async function mapStyle(config: MapConfig, colors: Palette): Promise<StyleSpecification | string> {
  if (config.styleUrl) {
    return config.styleUrl;
  }
  const tiles = config.tilesUrl ? await ownTiles(config.tilesUrl, config.attribution, colors)
    : offlineWorld(colors);
  const streets = config.streetsUrl ? streetLayers(config.streetsUrl, colors) : gridLayers(colors);
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

function offlineWorld(colors: Palette): StylePart {
  return {
    sources: {
      world: { type: 'vector', url: `pmtiles://${new URL(worldUrl, location.href).href}` },
    },
    layers: [
      {
        id: 'sea', type: 'background', layout: { visibility: 'none' },
        paint: { 'background-color': colors.sea },
      },
      {
        id: 'land', type: 'fill', source: 'world', 'source-layer': 'land',
        paint: { 'fill-color': colors.land },
      },
      {
        id: 'coast', type: 'line', source: 'world', 'source-layer': 'coast',
        paint: { 'line-color': colors.coast, 'line-width': 0.7 },
      },
      {
        id: 'border', type: 'line', source: 'world', 'source-layer': 'border',
        paint: {
          'line-color': colors.border, 'line-dasharray': [3, 2],
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
      paint: { ...halo(colors), 'text-color': colors.label },
    }],
  };
}

/** Roads of class 0 (main) to 2 (residential) with their names, and parks. */
function streetLayers(url: string, colors: Palette): Omit<StylePart, 'labels'> {
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
        paint: { 'fill-color': colors.park },
      },
      {
        id: 'road-edge', type: 'line', source: 'streets', minzoom: 9, filter: roads, layout: round as never,
        paint: { 'line-color': colors.roadEdge, 'line-width': width(0.8, 0.6, 8, 5) },
      },
      {
        id: 'road', type: 'line', source: 'streets', minzoom: 9, filter: roads, layout: round as never,
        paint: {
          'line-color': ['match', ['get', 'class'], 0, colors.mainRoad, colors.road],
          'line-width': width(0.2, 0.4, 6, 5),
        },
      },
      {
        id: 'road-name', type: 'symbol', source: 'streets', minzoom: 11.5,
        // Names of small streets when there is room for them.
        filter: ['all', ['has', 'name'], ['<=', ['get', 'class'], ['step', ['zoom'], 0, 12.8, 1, 14, 2]]],
        layout: {
          ...font, 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-size': 11.5,
          'symbol-spacing': 320, 'symbol-sort-key': ['get', 'class'],
        },
        paint: { ...halo(colors), 'text-color': colors.roadName },
      },
    ],
  };
}

function gridLayers(colors: Palette): Omit<StylePart, 'labels'> {
  return {
    sources: { grid: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } },
    layers: [{
      id: 'grid', type: 'line', source: 'grid', minzoom: 7,
      paint: {
        'line-color': colors.grid, 'line-width': 1,
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 7, 0, 9, 1],
      },
    }],
  };
}

/** Tiles of the user's own: pictures, or vectors with the Protomaps schema. */
async function ownTiles(url: string, attribution: string | null, colors: Palette): Promise<StylePart> {
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
  const paper: LayerSpecification = { id: 'paper', type: 'background', paint: { 'background-color': colors.land } };
  return isVector
    ? { sources: { tiles: { type: 'vector', ...place } }, layers: [paper, ...protomapsLayers('tiles', colors)], labels: [] }
    : {
      sources: { tiles: { type: 'raster', tileSize: 256, ...place } },
      layers: [paper, { id: 'tiles', type: 'raster', source: 'tiles' }],
      labels: [],
    };
}
