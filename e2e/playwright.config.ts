import { defineConfig } from '@playwright/test';

/** Found by the test command; Playwright's own browser where it is not said. */
const executablePath = process.env.KEYREALM_CHROMIUM;
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'journeys',
  timeout: 90_000,
  expect: { timeout: 10_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: process.env.KEYREALM_E2E_REPORT
    ? [['line'], ['json', { outputFile: process.env.KEYREALM_E2E_REPORT }]]
    : [['list']],
  outputDir: '.results',
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        ...(asRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
