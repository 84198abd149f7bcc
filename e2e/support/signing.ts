import AxeBuilder from '@axe-core/playwright';
import { startRelyingParty } from '@keyrealm/examples/hosted-web';
import { expect, type Page } from '@playwright/test';
import { type Api, createTenant } from './api.ts';
import { freePort, type RunningServer } from './server.ts';

/** A realm with an application that people sign in to. */
export async function shopIn(server: RunningServer): Promise<Shop> {
  const { api } = await createTenant(server);
  return shopOf(server, api);
}

/** The same in another realm of a tenant. */
export async function shopOf(server: RunningServer, api: Api): Promise<Shop> {
  const realmId = await api.createRealm('Customers');
  const port = await freePort();
  const application = await api.createApplication(realmId, port);
  const party = await startRelyingParty({
    issuer: `${server.url}/realms/${realmId}`,
    clientId: application.clientId,
    clientSecret: application.clientSecret,
    port,
  });
  return {
    api,
    realmId,
    url: party.url,
    account: `${server.url}/realms/${realmId}/account`,
    close: party.close,
  };
}

export interface Shop {
  readonly api: Api;
  readonly realmId: string;
  readonly url: string;
  /** Where its people find their own page. */
  readonly account: string;
  close(): Promise<void>;
}

/** Begins a sign-in at the shop with more in its request than the shop asks for by itself. */
export async function begin(shop: Shop, page: Page, extra: Record<string, string> = {}): Promise<void> {
  const answer = await page.request.get(`${shop.url}/login`, { maxRedirects: 0 });
  const to = new URL(answer.headers().location ?? '');
  for (const [name, value] of Object.entries(extra)) to.searchParams.set(name, value);
  await page.goto(to.href);
}

/** Presses the button, unless the offer in the field was taken before. */
export async function useTheButton(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  const inside = page.getByRole('heading', { name: 'Signed in' });
  await expect(button.or(inside).first()).toBeVisible();
  if (await button.isVisible()) await button.click({ timeout: 3_000 }).catch(() => undefined);
}

export const signedIn = (page: Page, username: string): Promise<void> =>
  expect(page.getByRole('row', { name: `preferred_username ${username}` })).toBeVisible();

/** Faults of WCAG 2.2, levels A and AA, each with the elements at fault. */
export async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** Presses Tab until the element has the focus, as someone without a mouse does. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole('button', { name }).first();
  await expect(wanted).toBeVisible();
  for (let press = 0; press < 40; press++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(name)} can't be reached by keyboard`);
}
