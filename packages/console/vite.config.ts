import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.KEYREALM_SERVER ?? 'http://localhost:8080';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  // The server replaces this word by a fresh nonce in every response, so that the policy can stay strict.
  html: { cspNonce: '__KEYREALM_NONCE__' },
  build: {
    target: 'es2022',
    // A data: script or style would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: { '/graphql': server, '/realms': server, '/console/config.json': server },
  },
  test: { include: ['src/**/*.test.ts'] },
});
