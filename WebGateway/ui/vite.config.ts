import { cp, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { operatorShell } from './tools/operatorShell.mjs';

const here = import.meta.dirname;

/** Puts what other pages import where they find it: /sdk/artmqtt-client.js, /sdk/art-tracker.js. */
const publishSdk = (): Plugin => ({
  name: 'publish-sdk',
  apply: 'build',
  async closeBundle() {
    await mkdir(resolve(here, 'dist/sdk'), { recursive: true });
    for (const file of ['client/dist/artmqtt-client.js', 'element/dist/art-tracker.js']) {
      await cp(resolve(here, '../../sdk', file), resolve(here, 'dist/sdk', file.split('/').at(-1)!));
    }
  },
});

export default defineConfig({
  base: '/',
  assetsInclude: ['**/*.pmtiles'],
  plugins: [react(), publishSdk(), operatorShell()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Everything stays a file: the pages run under `default-src 'self'`, without data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_200,
    reportCompressedSize: false,
    rolldownOptions: {
      // What the pages share of the map is one file: each is an answer that a phone waits for.
      output: { codeSplitting: { groups: [{ name: 'map', test: /sdk[\\/]element[\\/]|track[\\/]gateway|client[\\/]\w+[\\/]geo\b/ }] } },
      input: {
        index: resolve(here, 'index.html'), track: resolve(here, 'track.html'), operator: resolve(here, 'operator.html'),
        admin: resolve(here, 'admin.html'), history: resolve(here, 'history.html'),
      },
    },
  },
});
