import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, expect, type Page, test } from '@playwright/test';
import { type Api, createTenant } from '../support/api.ts';
import { addAuthenticator } from '../support/browser.ts';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
let api: Api;
let realmId: string;
let identityId: string;
let clientId: string;

/** One pixel, transparent. */
const LOGO =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

test.beforeAll(async () => {
  server = await startServer();
  ({ api } = await createTenant(server));
  realmId = await api.createRealm('Customers');
  identityId = await api.createIdentity(realmId, 'ada');
  ({ clientId } = await api.createApplication(realmId, 9999));
  await api.mutate('updateTheme', 'UpdateThemeInput', 'theme { version }', {
    realmId,
    displayName: 'Northern Light',
    supportEmail: 'help@northern.example',
    supportUrl: 'https://northern.example/help',
    primaryColor: '#0f766e',
    logoAlt: 'Northern Light',
  });
});
test.afterAll(() => server.stop());

/** Where an application sends people to sign in; PKCE's example pair (RFC 7636, appendix B). */
const signInUrl = (more: Record<string, string> = {}): string =>
  `${server.url}/realms/${realmId}/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: 'http://localhost:9999/callback',
    response_type: 'code',
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...more,
  })}`;

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** Somebody with a browser of their own kind; whatever breaks the policy of a page is kept. */
async function visitor(browser: Browser, options: BrowserContextOptions) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const broken: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) broken.push(message.text());
  });
  return { context, page, broken };
}

const PAGES: Readonly<Record<string, () => Promise<string> | string>> = {
  bind: () => api.createLink(realmId, identityId),
  'a link that is none': () => `${server.url}/realms/${realmId}/bind#token=${'x'.repeat(43)}`,
  'sign in': () => signInUrl(),
  'an application that is not known': () => signInUrl({ client_id: 'nobody' }),
  'sign out': () => `${server.url}/realms/${realmId}/logout`,
  'signed out': () => `${server.url}/realms/${realmId}/logout/success`,
  account: () => `${server.url}/realms/${realmId}/account`,
  'an address that is not there': () => `${server.url}/realms/${realmId}/nothing`,
};

for (const locale of ['de-DE', 'ja-JP'])
  test(`in ${locale} no hosted page has an accessibility fault in light or in dark, breaks its policy or needs more than 320 pixels`, async ({
    browser,
  }) => {
    test.slow();
    const { page, context, broken } = await visitor(browser, { locale });
    await addAuthenticator(page);
    for (const [name, address] of Object.entries(PAGES)) {
      await page.goto('about:blank');
      await page.goto(await address());
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await faults(page), `${name} ${colorScheme}`).toEqual([]);
      }
      await page.setViewportSize({ width: 320, height: 640 });
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(needed, name).toBeLessThanOrEqual(320);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    expect(broken).toEqual([]);
    await context.close();
  });

test('an application asks for a language, and gets it before that of the browser', async ({ browser }) => {
  const { page, context } = await visitor(browser, { locale: 'de-DE' });
  await page.goto(signInUrl({ ui_locales: 'tlh fr-CA' }));
  await expect(page.getByRole('heading', { name: 'Se connecter' })).toBeVisible();
  await page.goto(signInUrl());
  await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible();
  await context.close();
});

test('a page wears the colours, the logo and the help of its realm', async ({ browser }) => {
  await api.mutate('uploadThemeLogo', 'UploadThemeLogoInput', 'theme { version }', {
    realmId,
    scheme: 'LIGHT',
    image: LOGO,
  });
  const { page, context, broken } = await visitor(browser, { locale: 'en-GB' });
  await page.goto(signInUrl());
  const logo = page.getByRole('img', { name: 'Northern Light' });
  await expect(logo).toBeVisible();
  expect(await logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  await expect(button).toHaveCSS('background-color', 'rgb(15, 118, 110)');
  await expect(page.getByRole('link', { name: 'help@northern.example' })).toHaveAttribute(
    'href',
    'mailto:help@northern.example',
  );
  await expect(page.getByRole('link', { name: 'Help page' })).toHaveAttribute(
    'href',
    'https://northern.example/help',
  );
  expect(broken).toEqual([]);
  await api.mutate('removeThemeLogo', 'RemoveThemeLogoInput', 'theme { version }', {
    realmId,
    scheme: 'LIGHT',
  });
  await context.close();
});

test('a browser without passkeys, one inside an app, and one without JavaScript are told what to do', async ({
  browser,
}) => {
  const link = await api.createLink(realmId, identityId);
  const old = await visitor(browser, { locale: 'en-GB', permissions: ['clipboard-read', 'clipboard-write'] });
  await old.page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
  await old.page.goto(link);
  await expect(old.page.getByRole('heading', { name: 'This browser can’t use passkeys' })).toBeVisible();
  await expect(old.page.getByText('Update this browser')).toBeVisible();
  await old.page.getByRole('button', { name: 'Copy the address' }).click();
  await expect(old.page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await old.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  expect(await faults(old.page)).toEqual([]);
  await old.context.close();

  const userAgent = 'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/120.0 Mobile';
  const inApp = await visitor(browser, { locale: 'es-ES', userAgent });
  await inApp.page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
  await inApp.page.goto(signInUrl());
  await expect(inApp.page.getByText('Abrir en el navegador')).toBeVisible();
  await inApp.context.close();

  const plain = await visitor(browser, { javaScriptEnabled: false });
  await plain.page.goto(link);
  const told = plain.page.locator('noscript p');
  await expect(told.filter({ hasText: 'This page needs JavaScript' })).toBeInViewport();
  await expect(told.filter({ hasText: 'Diese Seite braucht JavaScript' })).toBeInViewport();
  await plain.context.close();
});

test('a failure can be told to support: its reference is copied with one press, by keyboard too', async ({
  browser,
}) => {
  const { page, context } = await visitor(browser, {
    locale: 'en-GB',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const answer = await page.goto(`${server.url}/realms/${realmId}/nothing`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'Nothing is here' })).toBeVisible();
  const copy = page.getByRole('button', { name: 'Copy reference' });
  await page.keyboard.press('Tab');
  await expect(copy).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Copied' })).toBeFocused();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(answer?.headers()['x-correlation-id']);
  await context.close();
});
