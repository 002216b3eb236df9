import { defineConfig } from 'vite';

// One file with everything inside, for <script type="module">. The files for bundlers and Node come from tsc.
export default defineConfig({
  build: {
    target: 'es2022',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'artmqtt-client.js' },
    emptyOutDir: true,
    minify: true,
    rolldownOptions: { output: { minify: true } },
    reportCompressedSize: false,
  },
});
