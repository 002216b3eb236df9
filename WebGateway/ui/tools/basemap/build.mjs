// Makes generated/world.pmtiles: the world at zoom 0 to 6, from the world-atlas package. The same bytes every time.
import { GeoJSONVT } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readGeography } from './geography.mjs';
import { PmtilesWriter, tileId } from './pmtiles.mjs';

const maxZoom = 6;
const target = resolve(import.meta.dirname, '../../generated/world.pmtiles');
const options = { maxZoom, indexMaxZoom: 0, indexMaxPoints: 0, tolerance: 3, extent: 4096, buffer: 64 };

const layers = Object.entries(readGeography()).map(([name, data]) =>
  ({ name, index: new GeoJSONVT(data, { ...options, buffer: name === 'label' ? 128 : options.buffer }) }));

const tiles = [];
for (let z = 0; z <= maxZoom; z++) {
  for (let x = 0; x < 2 ** z; x++) {
    for (let y = 0; y < 2 ** z; y++) {
      tiles.push({ id: tileId(z, x, y), z, x, y });
    }
  }
}

const writer = new PmtilesWriter();
for (const { id, z, x, y } of tiles.sort((a, b) => a.id - b.id)) {
  const content = {};
  for (const { name, index } of layers) {
    const tile = index.getTile(z, x, y);
    if (tile?.features.length) {
      content[name] = tile;
    }
  }
  if (Object.keys(content).length > 0) {
    writer.add(id, Buffer.from(fromGeojsonVt(content, { version: 2, extent: options.extent })));
  }
}

const bytes = writer.finish(maxZoom, {
  name: 'Natural Earth',
  attribution: 'Made with Natural Earth',
  vector_layers: [
    { id: 'land', fields: {} }, { id: 'coast', fields: {} }, { id: 'border', fields: {} },
    { id: 'label', fields: { name: 'String', rank: 'Number' } },
  ],
});
mkdirSync(dirname(target), { recursive: true });
writeFileSync(`${target}.tmp`, bytes);
renameSync(`${target}.tmp`, target);
console.log(`world.pmtiles: ${tiles.length} tiles, ${(bytes.length / 1e6).toFixed(2)} MB`);
