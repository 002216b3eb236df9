import type { Plugin, UserConfig } from 'vite';

/**
 * SignalR's transports that the client never uses: it takes WebSockets without negotiation, and HTTP by itself. They are
 * left out of the one file; who bundles the package gets SignalR as it is.
 */
const unused = /\/(LongPollingTransport|ServerSentEventsTransport|XhrHttpClient)\.js$/;
const leaveOut: Plugin = {
  name: 'leave-out-unused-transports',
  load: id => {
    const [, name] = unused.exec(id) ?? [];
    return name === undefined ? null : `export class ${name} { constructor() { throw new Error('${name} is not in this file.'); } }`;
  },
};

/** One file with everything inside, for `<script type="module">`. The files for bundlers and Node come from tsc. */
export const bundleAs = (fileName: string): UserConfig => ({
  plugins: [leaveOut],
  build: {
    target: 'es2022',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => fileName },
    emptyOutDir: true,
    // SignalR's private members begin with an underscore.
    minify: 'terser',
    terserOptions: { module: true, compress: { passes: 3 }, mangle: { properties: { regex: /^_/ } } },
    rolldownOptions: { output: { minify: false } },
    reportCompressedSize: false,
  },
});
