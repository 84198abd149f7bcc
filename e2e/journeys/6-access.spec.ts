import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { createTenant } from '../support/api.ts';
import { administrator, someone } from '../support/people.ts';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

/** Faults of WCAG 2.2, levels A and AA, each with the elements at fault. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** Presses Tab until the element has the focus, as someone without a mouse does. */
async function tabTo(page: Page, name: string, role: 'button' | 'link' | 'textbox'): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  await expect(wanted).toBeVisible();
  for (let press = 0; press < 60; press++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name} can't be reached by keyboard`);
}

test('the pages have no accessibility fault in light and in dark, and break no content security policy', async ({
  browser,
}) => {
  const admin = await administrator(browser, server);
  const { page } = admin;
  const broken: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) broken.push(message.text());
  });
  const realm = /realms\/([0-9a-f-]{36})/.exec(server.bindingLink)?.[1] ?? '';
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const path of ['', '/identities', '/groups', '/applications', '/policy', '/events']) {
      await page.goto(`${server.url}/console/realms/${realm}${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.getByRole('main')).not.toHaveAttribute('aria-busy', 'true');
      expect(await faults(page), `${path} ${scheme}`).toEqual([]);
    }
    const stranger = await someone(browser);
    await stranger.page.emulateMedia({ colorScheme: scheme });
    await stranger.page.goto(server.bindingLink);
    await expect(stranger.page.getByRole('alert')).toContainText('was used already');
    expect(await faults(stranger.page), `bind ${scheme}`).toEqual([]);
    await stranger.context.close();
  }
  expect(broken).toEqual([]);
  await admin.context.close();
});

test('without a mouse: bind a passkey, sign in to the console, create an identity, sign out', async ({
  browser,
}) => {
  const tenant = await createTenant(server);
  const { page, context } = await someone(browser);
  await page.goto(tenant.bindingLink);
  await tabTo(page, 'Create passkey', 'button');
  await page.keyboard.press('Enter');
  const navigation = page.getByRole('navigation', { name: 'Main' });
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  await expect(button.or(navigation).first()).toBeVisible();
  if (await button.isVisible()) {
    await button.focus().catch(() => undefined);
    await page.keyboard.press('Enter');
  }
  await expect(navigation).toBeVisible();

  await page.goto(`${server.url}/console/realms/${tenant.adminRealmId}/identities`);
  await tabTo(page, 'Create identity', 'button');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Username', 'textbox');
  await page.keyboard.type('by-keyboard');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'by-keyboard' })).toBeVisible();

  await tabTo(page, 'Sign out', 'button');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/signed out/i).first()).toBeVisible();
  await context.close();
});
