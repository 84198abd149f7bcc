import { type Browser, chromium } from '@playwright/test';
import { startServer } from '../support/server.ts';
import { begin, shopIn } from '../support/signing.ts';

/**
 * When a person on a slow phone sees the hosted sign-in page: slow 4G (1.6 Mbit/s, 150 ms each way round) and a processor
 * four times slower than this one, nothing cached. `npm run paint`, with KEYREALM_CHROMIUM where Playwright has no browser
 * of its own. Measured on the built server; never a test.
 */
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};
const SLOWER = 4;
const VISITS = 7;

interface Visit {
  readonly firstPaint: number;
  readonly usable: number;
  readonly kilobytes: number;
}

async function visit(browser: Browser, open: Parameters<typeof begin>[0]): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', SLOW_4G);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  let bytes = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await begin(open, page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
  const measured = await page.evaluate(() => ({
    firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    usable: performance.now(),
  }));
  await context.close();
  return { ...measured, kilobytes: bytes / 1024 };
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const server = await startServer();
const shop = await shopIn(server);
const { KEYREALM_CHROMIUM: executablePath } = process.env;
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu'],
});
const visits: Visit[] = [];
for (let n = 0; n < VISITS; n++) visits.push(await visit(browser, shop));
await browser.close();
await shop.close();
await server.stop();
const of = (key: keyof Visit): string => middle(visits.map((one) => one[key])).toFixed(0);
process.stdout.write(
  `hosted sign-in page, slow 4G and a four times slower processor, median of ${VISITS}\n` +
    `  first contentful paint  ${of('firstPaint')} ms\n` +
    `  the button is there     ${of('usable')} ms\n` +
    `  over the wire           ${of('kilobytes')} KB\n`,
);
