import { expect, type Page, test } from '@playwright/test';
import { addAuthenticator } from '../support/browser.ts';
import { bind, signInTo, someone } from '../support/people.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { faults, type Shop, shopIn, tabTo } from '../support/signing.ts';

let server: RunningServer;
let shop: Shop;
test.beforeAll(async () => {
  server = await startServer();
  shop = await shopIn(server);
});
test.afterAll(async () => {
  await shop.close();
  await server.stop();
});

const invited = async (username: string): Promise<string> =>
  shop.api.createLink(shop.realmId, await shop.api.createIdentity(shop.realmId, username));

const part = (page: Page, heading: string) =>
  page.locator('section.part').filter({ has: page.getByRole('heading', { level: 2, name: heading }) });

async function come(page: Page): Promise<void> {
  await page.goto(shop.account);
  await page.getByRole('button', { name: 'Open with a passkey' }).click();
  await expect(page.getByRole('heading', { name: 'Passkeys' })).toBeVisible();
}

test('a person adds a second passkey, renames it and removes the first, and the browser forgets that one', async ({
  browser,
}) => {
  const ada = await someone(browser);
  const { page } = ada;
  await bind(ada, await invited('ada'));
  await come(page);
  await expect(page.getByText('Signed in as ada')).toBeVisible();
  const passkeys = part(page, 'Passkeys').getByRole('listitem');
  await expect(passkeys).toHaveCount(1);
  await expect(passkeys.first()).toContainText('Synced between your devices');
  await expect(passkeys.first()).toContainText('Used here');

  // Another device: the first one would make no second passkey for the same person.
  const [first] = await ada.authenticator.credentials();
  if (!first) throw new Error('no passkey');
  await ada.authenticator.remove();
  const device = await addAuthenticator(page, { synced: false });
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByText(/was added/)).toBeVisible();
  await expect(passkeys).toHaveCount(2);
  await expect(passkeys.nth(1)).toContainText('On one device only');

  await passkeys
    .nth(1)
    .getByRole('button', { name: /^Rename/ })
    .click();
  await page.getByRole('textbox', { name: 'New name' }).fill('Blue key');
  await page.keyboard.press('Enter');
  await expect(page.getByText('It is called Blue key now.')).toBeVisible();

  const [second] = await device.credentials();
  await device.remove();
  const old = await addAuthenticator(page);
  await old.add(first);
  await passkeys
    .nth(0)
    .getByRole('button', { name: /^Remove/ })
    .click();
  await expect(page.getByText(/can’t be brought back/)).toBeVisible();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  // What that passkey had opened has ended, this page with it.
  const open = page.getByRole('button', { name: 'Open with a passkey' });
  await expect(open).toBeVisible();
  expect(await old.credentials()).toHaveLength(0);

  await old.remove();
  const kept = await addAuthenticator(page, { synced: false });
  if (second) await kept.add(second);
  await open.click();
  await expect(passkeys).toHaveCount(1);
  await expect(passkeys.first()).toContainText('Blue key');
  const events = await shop.api.events(shop.realmId, { types: ['credential.revoked', 'credential.renamed'] });
  expect(events.map(({ type, actor }) => `${type} ${actor.displayName}`)).toEqual([
    'credential.revoked ada',
    'credential.renamed ada',
  ]);
  await ada.context.close();
});

test('the last passkey is removed only after a person said that they know what it means', async ({
  browser,
}) => {
  const bob = await someone(browser);
  const { page } = bob;
  await bind(bob, await invited('bob'));
  await come(page);
  await page.getByRole('button', { name: /^Remove / }).click();
  const remove = page.getByRole('button', { name: 'Remove', exact: true });
  await remove.click();
  // Nothing happens: the word is asked for.
  await expect(page.getByRole('checkbox')).toBeFocused();
  await page.keyboard.press('Space');
  await remove.click();
  await expect(page.getByRole('button', { name: 'Open with a passkey' })).toBeVisible();
  expect(await bob.authenticator.credentials()).toHaveLength(0);
  await bob.context.close();
});

test('a person sees where they are signed in, ends it, and reads their sign-ins', async ({ browser }) => {
  const cyd = await someone(browser);
  const { page } = cyd;
  await bind(cyd, await invited('cyd'));
  await signInTo(shop.url, cyd);
  await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
  await come(page);
  const sessions = part(page, 'Where you are signed in').getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'Used by Example shop' })).toHaveCount(1);
  const history = part(page, 'Your sign-ins').getByRole('listitem');
  await expect(history).toHaveCount(2);
  await expect(history.nth(1)).toContainText('to Example shop');
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByText('You are signed out everywhere else.')).toBeVisible();
  await expect(sessions).toHaveCount(1);
  await page.goto(`${shop.url}/refresh`);
  await expect(page.getByRole('heading', { name: 'Signed out' })).toBeVisible();
  await page.goto(shop.account);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByText('You have left your account page.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Open with a passkey' })).toBeVisible();
  await cyd.context.close();
});

test('the page can be used by keyboard alone and has no accessibility fault', async ({ browser }) => {
  const dee = await someone(browser);
  const { page } = dee;
  const broken: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) broken.push(message.text());
  });
  await bind(dee, await invited('dee'));
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(shop.account);
    const open = page.getByRole('button', { name: 'Open with a passkey' });
    const inside = page.getByRole('heading', { name: 'Passkeys' });
    await expect(open.or(inside).first()).toBeVisible();
    expect(await faults(page), `door ${scheme}`).toEqual([]);
    if (await open.isVisible()) await page.keyboard.press('Enter');
    await expect(inside).toBeVisible();
    await expect(part(page, 'Your sign-ins').getByRole('listitem').first()).toBeVisible();
    await tabTo(page, /^Rename/);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: 'New name' })).toBeFocused();
    expect(await faults(page), `renaming ${scheme}`).toEqual([]);
    await page.keyboard.type(`Key ${scheme}`);
    await tabTo(page, 'Save');
    await page.keyboard.press('Enter');
    await expect(page.getByText(`It is called Key ${scheme} now.`)).toBeVisible();
    await tabTo(page, /^Remove/);
    await page.keyboard.press('Enter');
    expect(await faults(page), `removing ${scheme}`).toEqual([]);
    await tabTo(page, 'Cancel');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Sign out everywhere else');
  }
  expect(broken).toEqual([]);
  await dee.context.close();
});

test('the page speaks the language of the browser', async ({ browser }) => {
  for (const [locale, title] of [
    ['de-AT', 'Ihr Konto'],
    ['es-MX', 'Su cuenta'],
    ['fr-CA', 'Votre compte'],
    ['ja-JP', 'アカウント'],
  ] as const) {
    const context = await browser.newContext({ locale });
    const other = await context.newPage();
    await other.goto(shop.account);
    await expect(other.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await context.close();
  }
});
