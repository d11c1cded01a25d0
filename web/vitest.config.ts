// Unit tests run in Node; a test that needs a document asks for it with `@vitest-environment jsdom`.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'node',
    // It imports CommonJS packages by name, which only the bundler makes right.
    server: { deps: { inline: [/@grafana/] } },
  },
});
