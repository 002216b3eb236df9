// PMTiles version 3: one file of map tiles that a browser reads with HTTP ranges.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const headerLength = 127;
const longestRoot = 16_384 - headerLength;
const gzip = bytes => gzipSync(bytes, { level: 9 });

/** The tiles of a z/x/y pyramid, equal ones stored once. Tiles must be added in the order of their ids. */
export class PmtilesWriter {
  #entries = [];
  #known = new Map();
  #parts = [];
  #length = 0;
  #tiles = 0;

  add(id, tile) {
    const bytes = gzip(tile);
    const hash = createHash('sha256').update(bytes).digest('hex');
    let place = this.#known.get(hash);
    if (!place) {
      place = { offset: this.#length, length: bytes.length };
      this.#known.set(hash, place);
      this.#parts.push(bytes);
      this.#length += bytes.length;
    }
    const last = this.#entries.at(-1);
    if (last && last.id + last.run === id && last.offset === place.offset) {
      last.run++;
    } else {
      this.#entries.push({ id, run: 1, ...place });
    }
    this.#tiles++;
  }

  /** @param {number} maxZoom @param {object} metadata */
  finish(maxZoom, metadata) {
    const { root, leaves } = directories(this.#entries);
    const json = gzip(Buffer.from(JSON.stringify(metadata)));
    const jsonAt = headerLength + root.length;
    const leavesAt = jsonAt + json.length;
    const tilesAt = leavesAt + leaves.length;

    const header = Buffer.alloc(headerLength);
    header.write('PMTiles', 0);
    header[7] = 3;
    [headerLength, root.length, jsonAt, json.length, leavesAt, leaves.length, tilesAt, this.#length,
      this.#tiles, this.#entries.length, this.#known.size]
      .forEach((value, i) => header.writeBigUInt64LE(BigInt(value), 8 + 8 * i));
    header[96] = 1; // clustered
    header[97] = 2; // directories: gzip
    header[98] = 2; // tiles: gzip
    header[99] = 1; // tile type: MVT
    header[100] = 0;
    header[101] = maxZoom;
    [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000].forEach((e7, i) => header.writeInt32LE(e7, 102 + 4 * i));
    header[118] = 1; // centre zoom
    header.writeInt32LE(200_000_000, 123);
    return Buffer.concat([header, root, json, leaves, ...this.#parts]);
  }
}

function directories(entries) {
  let root = directory(entries);
  let leaves = [];
  for (let size = 1024; root.length > longestRoot; size *= 2) {
    leaves = [];
    const pointers = [];
    let offset = 0;
    for (let i = 0; i < entries.length; i += size) {
      const leaf = directory(entries.slice(i, i + size));
      pointers.push({ id: entries[i].id, offset, length: leaf.length, run: 0 });
      leaves.push(leaf);
      offset += leaf.length;
    }
    root = directory(pointers);
  }
  return { root, leaves: Buffer.concat(leaves) };
}

function directory(entries) {
  const bytes = [];
  writeVarint(bytes, entries.length);
  entries.forEach((e, i) => writeVarint(bytes, e.id - (entries[i - 1]?.id ?? 0)));
  entries.forEach(e => writeVarint(bytes, e.run));
  entries.forEach(e => writeVarint(bytes, e.length));
  entries.forEach((e, i) => {
    const before = entries[i - 1];
    writeVarint(bytes, before && before.offset + before.length === e.offset ? 0 : e.offset + 1);
  });
  return gzip(Buffer.from(bytes));
}

function writeVarint(bytes, value) {
  while (value >= 128) {
    bytes.push((value % 128) | 128);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
}

/** Position of a tile on the Hilbert curve through all zooms. */
export function tileId(z, x, y) {
  let id = 0;
  for (let zoom = 0; zoom < z; zoom++) {
    id += 4 ** zoom;
  }
  for (let side = 2 ** z / 2; side >= 1; side /= 2) {
    const right = (x & side) > 0 ? 1 : 0;
    const low = (y & side) > 0 ? 1 : 0;
    id += side * side * ((3 * right) ^ low);
    if (low === 0) {
      if (right === 1) {
        [x, y] = [side - 1 - x, side - 1 - y];
      }
      [x, y] = [y, x];
    }
  }
  return id;
}
