// Builds the interface into dist/, which the crate `ui` embeds; `npm run dev` proxies every API to a running server.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.SIGHTGLASS_URL ?? 'http://127.0.0.1:7300';
const apis = [
  '/api',
  '/otlp',
  '/elasticsearch',
  '/prometheus',
  '/jaeger',
  '/alertmanager',
  '/-',
  '/metrics$',
];

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [
      { find: '@', replacement: fileURLToPath(new URL('./src', import.meta.url)) },
      // Time zones of the last ten years are enough for a monitoring tool and save 500 kB.
      {
        find: /^moment-timezone$/,
        replacement: 'moment-timezone/builds/moment-timezone-with-data-10-year-range.js',
      },
    ],
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      apis.map((path) => [path.endsWith('$') ? `^${path}` : path, { target: server }]),
    ),
  },
  build: {
    target: 'es2022',
    // Source maps would double the binary; a stack trace names the component without them.
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
  },
});
