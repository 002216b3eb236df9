// Lays .br and .gz beside the text files of dist/, for the gateway to serve; nobody waits for a compressor then.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = join(import.meta.dirname, '../dist');
const text = /\.(js|css|svg|json|geojson)$/;
/** Smaller files fit into one packet anyway, bytes. */
const leastSize = 1_400;

const sum = { plain: 0, br: 0, gz: 0 };
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  const content = entry.isFile() && text.test(entry.name) ? readFileSync(path) : Buffer.alloc(0);
  if (content.length >= leastSize) {
    const br = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
    const gz = gzipSync(content, { level: 9 });
    writeFileSync(`${path}.br`, br);
    writeFileSync(`${path}.gz`, gz);
    sum.plain += content.length;
    sum.br += br.length;
    sum.gz += gz.length;
  }
}
console.log(`compressed: ${Object.entries(sum).map(([name, bytes]) => `${name} ${Math.round(bytes / 1000)} kB`).join(', ')}`);
