import { cp, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { operatorShell } from './tools/operatorShell.mjs';

const here = import.meta.dirname;

/** Puts the client library where any page can import it: /sdk/artmqtt-client.js. */
const publishClient = (): Plugin => ({
  name: 'publish-client',
  apply: 'build',
  async closeBundle() {
    await mkdir(resolve(here, 'dist/sdk'), { recursive: true });
    await cp(resolve(here, '../../sdk/client/dist/artmqtt-client.js'), resolve(here, 'dist/sdk/artmqtt-client.js'));
  },
});

export default defineConfig({
  base: '/',
  assetsInclude: ['**/*.pmtiles'],
  plugins: [react(), publishClient(), operatorShell()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Everything stays a file: the pages run under `default-src 'self'`, without data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_200,
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        index: resolve(here, 'index.html'), track: resolve(here, 'track.html'), operator: resolve(here, 'operator.html'),
      },
    },
  },
});
