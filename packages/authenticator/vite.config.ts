import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/authenticator/',
  // The server replaces this word by a fresh nonce in every response, so that the policy can stay strict.
  html: { cspNonce: '__KEYREALM_NONCE__' },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: { include: ['src/**/*.test.ts'] },
});
