import { addProtocol, type Map as MapLibre, type StyleSpecification } from 'maplibre-gl';
import { Protocol } from 'pmtiles';

const firstRetryMs = 3_000;
const mostRetries = 8;

/** Lets MapLibre read .pmtiles addresses; a new reader, without what an old one failed to load. */
export function readArchives(): void {
  addProtocol('pmtiles', new Protocol().tile);
}

/** Loads the map again when the network was away; MapLibre itself would leave the holes. */
export function recoverFromNetworkErrors(map: MapLibre, style: () => StyleSpecification | string): void {
  let retries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  map.on('error', event => {
    const isOfSource = 'sourceId' in event;
    const status = (event.error as { status?: number }).status ?? 0;
    // An answer, even a bad one, will not get better by asking again.
    if (!isOfSource || status >= 400 || timer !== undefined || retries >= mostRetries) {
      return;
    }
    timer = setTimeout(() => {
      timer = undefined;
      readArchives();
      map.setStyle(style(), { diff: false });
    }, firstRetryMs * 2 ** Math.min(4, retries++));
  });
}

/** Keeps the sea hidden until the first land has come: a street without tiles must not look like an ocean. */
export function showSeaWithLand(map: MapLibre): void {
  map.on('data', event => {
    if ('sourceId' in event && event.sourceId === 'world' && 'tile' in event
      && map.getLayoutProperty('sea', 'visibility') === 'none') {
      map.setLayoutProperty('sea', 'visibility', 'visible');
    }
  });
}
