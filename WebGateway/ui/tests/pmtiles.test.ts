import { gunzipSync } from 'node:zlib';
import { PMTiles, zxyToTileId, type RangeResponse, type Source } from 'pmtiles';
import { expect, it } from 'vitest';
import { PmtilesWriter, tileId } from '../tools/basemap/pmtiles.mjs';

class MemorySource implements Source {
  constructor(private readonly bytes: Buffer) {}

  getKey = () => 'memory';

  getBytes(offset: number, length: number): Promise<RangeResponse> {
    const part = this.bytes.subarray(offset, offset + length);
    return Promise.resolve({ data: part.buffer.slice(part.byteOffset, part.byteOffset + part.length) as ArrayBuffer });
  }
}

const unzip = async (bytes: ArrayBuffer) => {
  const plain = gunzipSync(Buffer.from(bytes));
  return plain.buffer.slice(plain.byteOffset, plain.byteOffset + plain.length) as ArrayBuffer;
};

it('numbers tiles as the reader does', () => {
  for (const [z, x, y] of [[0, 0, 0], [1, 1, 0], [3, 5, 2], [6, 63, 17]] as const) {
    expect(tileId(z, x, y)).toBe(zxyToTileId(z, x, y));
  }
});

it('writes an archive that the reader understands, with more entries than fit into the root', async () => {
  const writer = new PmtilesWriter();
  const maxZoom = 7;
  const count = (4 ** (maxZoom + 1) - 1) / 3;
  for (let id = 0; id < count; id++) {
    // Two of three tiles are the same sea.
    writer.add(id, Buffer.from(id % 3 === 0 ? `land ${(id * 7_919) % 65_537}` : 'sea'));
  }
  const bytes = writer.finish(maxZoom, { name: 'test' });
  const archive = new PMTiles(new MemorySource(bytes), undefined, unzip as never);

  expect(await archive.getHeader()).toMatchObject({ maxZoom, numAddressedTiles: count, tileType: 1 });
  const read = async (z: number, x: number, y: number) =>
    Buffer.from((await archive.getZxy(z, x, y))!.data).toString();
  const expected = (id: number) => id % 3 === 0 ? `land ${(id * 7_919) % 65_537}` : 'sea';
  for (const [z, x, y] of [[0, 0, 0], [4, 3, 9], [7, 127, 0], [7, 64, 65]] as const) {
    expect(await read(z, x, y)).toBe(expected(tileId(z, x, y)));
  }
});
