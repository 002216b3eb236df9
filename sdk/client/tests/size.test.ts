import { gzipSync } from 'node:zlib';
import { resolve } from 'node:path';
import { build, type UserConfig } from 'vite';
import { describe, expect, it } from 'vitest';
import { bundleAs } from '../../bundle.ts';

const sdk = resolve(import.meta.dirname, '../..');

/** Bytes that a browser loads for an import, minified and compressed. */
async function size(code: string, config: UserConfig = bundleAs('size.js'), external: (string | RegExp)[] = []): Promise<number> {
  const entry = `${sdk}/client/tests/entry.ts`;
  const output = await build({
    ...config,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        enforce: 'pre',
        resolveId: id => id === entry ? entry
          : id === '@artmqtt/client' && !external.includes(id) ? `${sdk}/client/src/index.ts` : null,
        load: id => id === entry ? code : null,
      },
      ...config.plugins ?? [],
    ],
    build: {
      ...config.build, write: false, lib: { entry, formats: ['es'], fileName: () => 'size.js' },
      rolldownOptions: { ...config.build?.rolldownOptions, external },
    },
  });
  const chunks = (Array.isArray(output) ? output : [output]).flatMap(o => 'output' in o ? o.output : []);
  return chunks.reduce((sum, chunk) => sum + ('code' in chunk ? gzipSync(chunk.code, { level: 9 }).length : 0), 0);
}

describe('size budget', () => {
  it('is less than 20 kB with SignalR, whatever is imported', async () => {
    const watching = await size(`export { watchRequest } from '${sdk}/client/src/index.ts';`);
    const all = await size(`export * from '${sdk}/client/src/index.ts';`);

    console.log(`watchRequest ${watching} B, everything ${all} B`);
    expect(watching).toBeGreaterThan(10_000);
    expect(watching).toBeLessThan(all);
    expect(all).toBeLessThan(20_000);
  });

  it('is less than 1 kB more for the hook', async () => {
    const hook = await size(`export * from '${sdk}/react/src/index.ts';`, bundleAs('size.js'), ['@artmqtt/client', /^react/]);

    expect(hook).toBeGreaterThan(200);
    expect(hook).toBeLessThan(1_000);
  });

  it('is less than 26 kB for the element, with its map and the client', async () => {
    expect(await size(`export * from '${sdk}/element/src/index.ts';`)).toBeLessThan(26_000);
  });
});
