import { expect, test } from '@playwright/test';
import { addAuthenticator } from '../support/browser.ts';
import { bind, type Someone, someone } from '../support/people.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { begin, faults, type Shop, shopIn, shopOf, signedIn, useTheButton } from '../support/signing.ts';

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

/** Somebody with a passkey of the realm. */
async function enrolled(
  browser: Parameters<typeof someone>[0],
  username: string,
  at = shop,
): Promise<Someone & { id: string }> {
  const who = await someone(browser);
  const id = await at.api.createIdentity(at.realmId, username);
  await bind(who, await at.api.createLink(at.realmId, id));
  return { ...who, id };
}

const CANCELLED = /it was cancelled, or took too long/;
const NOT_ACCEPTED = /This passkey was not accepted/;

test('a ceremony that the person cancels or lets run out can be tried again', async ({ browser }) => {
  const { page, context, authenticator } = await enrolled(browser, 'ada');
  await authenticator.setUserVerified(false);
  await begin(shop, page);
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  await button.click();
  await expect(page.getByRole('alert')).toContainText(CANCELLED);
  // Without an authenticator nothing answers, until the time is over.
  const [credential] = await authenticator.credentials();
  await authenticator.remove();
  await page.route('**/passkeys/authentication/options', async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { options: { timeout: number } };
    body.options.timeout = 1_000;
    await route.fulfill({ response, json: body });
  });
  await button.click();
  await expect(page.getByRole('status')).toContainText('Follow your device');
  await expect(page.getByRole('alert')).toContainText(CANCELLED, { timeout: 20_000 });
  await page.unroute('**/passkeys/authentication/options');
  const back = await addAuthenticator(page);
  if (credential) await back.add(credential);
  await useTheButton(page);
  await signedIn(page, 'ada');
  await context.close();
});

test('an authenticator that verifies nobody is refused, and says so to the person', async ({ browser }) => {
  const { page, context, authenticator } = await enrolled(browser, 'una');
  const [credential] = await authenticator.credentials();
  await authenticator.remove();
  const weak = await addAuthenticator(page, { verifiesUsers: false });
  if (credential) await weak.add(credential);
  await begin(shop, page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText(/\S/);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await context.close();
});

test('two tabs each finish their own sign-in', async ({ browser }) => {
  const { page, context, authenticator } = await enrolled(browser, 'tom');
  await authenticator.setUserVerified(false);
  await begin(shop, page);
  const second = await context.newPage();
  await begin(shop, second);
  await expect(second.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  const [credential] = await authenticator.credentials();
  await authenticator.setUserVerified(true);
  // The shop keeps one sign-in at a time; here it matters that each tab comes back with a code of its own.
  const arrived = (tab: typeof page) => tab.waitForRequest(/\/callback\?code=/);
  const first = arrived(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  const one = new URL((await first).url()).searchParams.get('code');
  const other = await addAuthenticator(second);
  if (credential) await other.add({ ...credential, signCount: credential.signCount + 100 });
  const next = arrived(second);
  await second.getByRole('button', { name: 'Sign in with a passkey' }).click();
  const two = new URL((await next).url()).searchParams.get('code');
  expect(one).not.toBe(two);
  await context.close();
});

test('the way back after a sign-in leads to nothing that can be used again', async ({ browser }) => {
  const { page, context } = await enrolled(browser, 'eve');
  await page.goto(shop.url);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await useTheButton(page);
  await signedIn(page, 'eve');
  await page.goBack();
  await expect(
    page
      .getByRole('alert')
      .or(page.getByRole('link', { name: 'Sign in' }))
      .first(),
  ).toBeVisible();
  const alert = page.getByRole('alert').filter({ hasText: /\S/ });
  if (await alert.isVisible()) {
    await expect(alert).toContainText('Start again at the application');
    await expect(alert.locator('code').first()).toHaveText(/[0-9a-f-]{36}/);
  }
  await page.goto(shop.url);
  await signedIn(page, 'eve');
  await context.close();
});

test('a sign-in that is over midway says where to start again', async ({ browser }) => {
  const { page, context, authenticator } = await enrolled(browser, 'max');
  await authenticator.setUserVerified(false);
  await begin(shop, page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  await authenticator.setUserVerified(true);
  await context.clearCookies({ name: /^keyrealm_interaction/ });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('Start again at the application');
  await expect(page.getByRole('alert').locator('code').first()).toHaveText(/[0-9a-f-]{36}/);
  await begin(shop, page);
  await useTheButton(page);
  await signedIn(page, 'max');
  await context.close();
});

test('a copy of a passkey whose counter stayed behind is refused and recorded', async ({ browser }) => {
  const { page, context, authenticator } = await enrolled(browser, 'kim');
  const [stale] = await authenticator.credentials();
  for (let times = 0; times < 2; times += 1) {
    await begin(shop, page, { prompt: 'login' });
    const chosen = page.getByRole('button', { name: /^kim/ });
    const button = page.getByRole('button', { name: 'Sign in with a passkey' });
    const inside = page.getByRole('heading', { name: 'Signed in' });
    await expect(chosen.or(button).or(inside).first()).toBeVisible();
    if (await chosen.isVisible()) await chosen.click();
    else await useTheButton(page);
    await signedIn(page, 'kim');
  }
  const thief = await someone(browser);
  if (stale) await thief.authenticator.add(stale);
  await begin(shop, thief.page);
  await thief.page
    .getByRole('button', { name: 'Sign in with a passkey' })
    .click({ timeout: 3_000 })
    .catch(() => undefined);
  await expect(thief.page.getByRole('alert')).toContainText(NOT_ACCEPTED);
  const [failed] = await shop.api.events(shop.realmId, { types: ['authentication.failed'] });
  expect(failed?.data.reason).toBe('counter');
  // The good one is not taken from its owner for that.
  expect(await thief.authenticator.credentials()).toHaveLength(1);
  await thief.context.close();
  await context.close();
});

test('a passkey that is backed up by now is known as that from the next sign-in on', async ({ browser }) => {
  const who = await someone(browser);
  await who.authenticator.remove();
  const authenticator = await addAuthenticator(who.page);
  const id = await shop.api.createIdentity(shop.realmId, 'liv');
  await bind(who, await shop.api.createLink(shop.realmId, id));
  const [credential] = await authenticator.credentials();
  const backedUp = async (): Promise<boolean | undefined> => {
    const answer = await shop.api.graphql<{
      realm: { identity: { credentials: { nodes: { backedUp: boolean }[] } } };
    }>(
      'query ($realm: ID!, $id: ID!) { realm(id: $realm) { identity(id: $id) { credentials { nodes { backedUp } } } } }',
      { realm: shop.realmId, id },
    );
    return answer.data.realm.identity.credentials.nodes[0]?.backedUp;
  };
  expect(await backedUp()).toBe(true);
  for (const state of [false, true]) {
    await authenticator.setBackedUp(credential?.credentialId ?? '', state);
    await who.context.clearCookies();
    await begin(shop, who.page);
    await useTheButton(who.page);
    await signedIn(who.page, 'liv');
    expect(await backedUp()).toBe(state);
  }
  await who.context.close();
});

test('a passkey of another realm on the same host is refused, and stays with its owner', async ({
  browser,
}) => {
  const elsewhere = await shopOf(server, shop.api);
  const { page, context, authenticator } = await enrolled(browser, 'ray', elsewhere);
  await begin(shop, page);
  await page
    .getByRole('button', { name: 'Sign in with a passkey' })
    .click({ timeout: 3_000 })
    .catch(() => undefined);
  await expect(page.getByRole('alert')).toContainText(NOT_ACCEPTED);
  expect(await authenticator.credentials()).toHaveLength(1);
  await begin(elsewhere, page);
  await useTheButton(page);
  await signedIn(page, 'ray');
  await context.close();
  await elsewhere.close();
});

test('a passkey that was revoked is dropped by the browser when it next comes by', async ({ browser }) => {
  const { page, context, authenticator, id } = await enrolled(browser, 'rex');
  const answer = await shop.api.graphql<{
    realm: { identity: { credentials: { nodes: { id: string }[] } } };
  }>(
    'query ($realm: ID!, $id: ID!) { realm(id: $realm) { identity(id: $id) { credentials { nodes { id } } } } }',
    {
      realm: shop.realmId,
      id,
    },
  );
  await shop.api.mutate('revokeCredential', 'RevokeCredentialInput', 'credential { status }', {
    realmId: shop.realmId,
    credentialId: answer.data.realm.identity.credentials.nodes[0]?.id,
  });
  await begin(shop, page);
  // Offered in the field, and taken at once.
  await expect.poll(async () => (await authenticator.credentials()).length).toBe(0);
  const [failed] = await shop.api.events(shop.realmId, { types: ['authentication.failed'] });
  expect(failed?.data.reason).toBe('revoked');
  await context.close();
});

test('two people in one browser are told apart, chosen from and signed out one by one', async ({
  browser,
}) => {
  const ben = await enrolled(browser, 'ben');
  const [bens] = await ben.authenticator.credentials();
  await ben.context.close();
  const { page, context, authenticator } = await enrolled(browser, 'amy');
  await begin(shop, page);
  await useTheButton(page);
  await signedIn(page, 'amy');

  await authenticator.remove();
  const other = await addAuthenticator(page);
  if (bens) await other.add(bens);
  await begin(shop, page, { prompt: 'select_account' });
  await expect(page.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^amy/ })).toBeFocused();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await faults(page)).toEqual([]);
  }
  await page.getByRole('button', { name: 'Use another account' }).click();
  await useTheButton(page);
  await signedIn(page, 'ben');

  await begin(shop, page, { prompt: 'select_account' });
  await page.getByRole('button', { name: /^amy/ }).click();
  await signedIn(page, 'amy');
  await begin(shop, page, { login_hint: 'BEN' });
  await signedIn(page, 'ben');

  await begin(shop, page, { prompt: 'select_account' });
  await page.getByRole('button', { name: 'Sign out of ben' }).click();
  await expect(page.getByText('ben is signed out.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^ben/ })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('button', { name: /^amy/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^ben/ })).toHaveCount(0);
  await context.close();
});
