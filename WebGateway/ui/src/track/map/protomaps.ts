import type { LayerSpecification } from 'maplibre-gl';
import type { Palette } from '@artmqtt/element/map';

const green = ['park', 'forest', 'wood', 'grass', 'nature_reserve'];

/** Layers for a vector archive with the Protomaps schema, the usual one for .pmtiles from OpenStreetMap. */
export function protomapsLayers(source: string, colors: Palette): LayerSpecification[] {
  const fill = (layer: string, color: string, filter?: unknown): LayerSpecification => ({
    id: `tiles-${layer}`, type: 'fill', source, 'source-layer': layer, paint: { 'fill-color': color },
    ...(filter ? { filter: filter as never } : {}),
  });
  const road = (id: string, color: string, extra: number): LayerSpecification => ({
    id, type: 'line', source, 'source-layer': 'roads',
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': color,
      'line-width': ['interpolate', ['exponential', 1.6], ['zoom'],
        8, ['match', ['get', 'kind'], 'highway', 1.2 + extra, 'major_road', 0.6 + extra, 0.1],
        17, ['match', ['get', 'kind'], 'highway', 16 + extra, 'major_road', 13 + extra, 8 + extra]],
    },
  });
  const name = (id: string, layer: string, placement: 'line' | 'point', minzoom: number): LayerSpecification => ({
    id, type: 'symbol', source, 'source-layer': layer, minzoom,
    layout: {
      'symbol-placement': placement, 'text-field': ['get', 'name'], 'text-font': ['sans-serif'],
      'text-size': placement === 'line' ? 11 : 13,
    },
    paint: { 'text-color': colors.label, 'text-halo-color': colors.halo, 'text-halo-width': 1.5 },
  });

  return [
    fill('earth', colors.land),
    fill('landuse', colors.park, ['in', ['get', 'kind'], ['literal', green]]),
    fill('water', colors.sea, ['==', ['geometry-type'], 'Polygon']),
    fill('buildings', colors.building),
    road('tiles-road-edge', colors.roadEdge, 1.5),
    road('tiles-road', colors.road, 0),
    {
      id: 'tiles-boundary', type: 'line', source, 'source-layer': 'boundaries',
      paint: { 'line-color': colors.border, 'line-dasharray': [3, 2] },
    },
    name('tiles-road-name', 'roads', 'line', 14),
    name('tiles-place', 'places', 'point', 2),
  ];
}
