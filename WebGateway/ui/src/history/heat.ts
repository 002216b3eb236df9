import type { Place } from '@artmqtt/client';
import type { Api } from '../admin/api';
import { periodOf } from './routeLoader';
import type { Subject } from './wish';

/** Positions counted by the tiles of the web map at a zoom. */
export interface Heat {
  readonly zoom: number;
  readonly cells: readonly HeatCell[];
  readonly most: number;
  readonly isTruncated: boolean;
}

export interface HeatCell {
  readonly x: number;
  readonly y: number;
  readonly positions: number;
  readonly devices: number;
}

interface HeatAnswer {
  readonly features: readonly { readonly properties: HeatCell }[];
  readonly zoom: number;
  readonly truncated: boolean;
}

export interface Box { readonly west: number; readonly south: number; readonly east: number; readonly north: number }

const mostZoom = 22;
const closer = 5;

/** Cells of 11 to 22 pixels. */
export const cellZoom = (mapZoom: number): number => Math.min(mostZoom, Math.max(1, Math.round(mapZoom) + closer));

/** The box of some places; not over the date line. */
export function boxOf(places: readonly Place[]): Box {
  const [lngs, lats] = [places.map(({ lng }) => lng), places.map(({ lat }) => lat)];
  return { west: Math.min(...lngs), south: Math.min(...lats), east: Math.max(...lngs), north: Math.max(...lats) };
}

/** How bright a cell is, 0 to 1: by orders of magnitude, since a depot has a thousand times more than a street. */
export const brightness = (positions: number, most: number): number => most <= 1 ? 1 : Math.log(positions) / Math.log(most);

export async function loadHeat(
  api: Api, subjects: readonly Subject[], from: number, to: number, box: Box, zoom: number, signal: AbortSignal,
): Promise<Heat> {
  const devices = subjects.filter(({ kind }) => kind === 'device').map(({ id }) => `&device=${encodeURIComponent(id)}`).join('');
  const { west, south, east, north } = box;
  const answer = await api.call<HeatAnswer>(
    `/api/positions/heat?${periodOf(from, to)}&west=${west}&south=${south}&east=${east}&north=${north}&zoom=${zoom}${devices}`, { signal });
  const cells = answer.features.map(({ properties }) => properties);
  return { zoom: answer.zoom, cells, most: Math.max(1, ...cells.map(({ positions }) => positions)), isTruncated: answer.truncated };
}
