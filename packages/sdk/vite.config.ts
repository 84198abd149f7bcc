import { defineConfig } from 'vitest/config';

/** One file with everything in it, for pages without a bundler. */
export default defineConfig({
  build: {
    target: 'es2022',
    outDir: 'dist/bundle',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'keyrealm.js' },
  },
  test: { include: ['src/**/*.test.ts'] },
});
