import { type EmbeddedApplication, startEmbeddedApplication } from '@keyrealm/examples/embedded';
import { expect, type Page, test } from '@playwright/test';
import { type Api, createTenant } from '../support/api.ts';
import { bindAt, type Embedded, startEmbedded } from '../support/embedded.ts';
import { type Someone, someone } from '../support/people.ts';
import { freePort, type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
let api: Api;
let realmId: string;
let bank: Embedded;
let manual: Embedded;
/** The same page at an origin that the realm does not trust: a copy, as somebody fishing for passkeys makes one. */
let copy: EmbeddedApplication;

test.beforeAll(async () => {
  server = await startServer();
  ({ api } = await createTenant(server));
  realmId = await api.createRealm('Customers');
  bank = await startEmbedded(server, api, realmId, 'AUTOMATIC');
  manual = await startEmbedded(server, api, realmId, 'MANUAL');
  copy = await startEmbeddedApplication({
    issuer: `${server.url}/realms/${realmId}`,
    clientId: bank.clientId,
    port: await freePort(),
  });
});
test.afterAll(async () => {
  await Promise.all([bank, manual, copy].map((application) => application?.close()));
  await server.stop();
});

/** Somebody new, who bound a passkey on the application's page. */
async function customer(
  browser: Parameters<typeof someone>[0],
  username: string,
  { url, configId }: Embedded,
): Promise<Someone & { identityId: string }> {
  const identityId = await api.createIdentity(realmId, username);
  const link = await api.createLink(realmId, identityId, { authenticatorConfigId: configId });
  const person = await someone(browser);
  await bindAt(person, link);
  expect(new URL(person.page.url()).origin).toBe(url);
  await expect(person.page.getByRole('status')).toContainText(`is ready for ${username}`);
  return { ...person, identityId };
}

/** The offer in the field may win: then the button is gone when it is pressed. */
const press = (page: Page, name: string): Promise<void> =>
  page
    .getByRole('button', { name, exact: true })
    .click({ timeout: 1_500 })
    .catch(() => undefined);

const expectSignedIn = async (page: Page, username: string): Promise<void> => {
  await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
  await expect(page.getByRole('row', { name: `preferred_username ${username}` })).toBeVisible();
};

test('a person binds a passkey on the application’s own page, signs in there, and disappears from its list when revoked', async ({
  browser,
}) => {
  const ada = await customer(browser, 'ada', bank);
  const { page } = ada;
  await page.goto(bank.url);
  await expect(page.getByRole('listitem')).toHaveText(/^ada: .+ Forget$/);

  // Nothing of ours is stored in cross-site requests, so third-party cookies may as well be blocked.
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/(authenticate|callback)/);
  await press(page, 'Sign in with a passkey');
  await expectSignedIn(page, 'ada');
  expect(new URL(page.url()).href).toBe(`${bank.url}/callback`);

  const { data } = await api.graphql<{ realm: { identity: { credentials: { nodes: { id: string }[] } } } }>(
    'query ($id: ID!, $who: ID!) { realm(id: $id) { identity(id: $who) { credentials { nodes { id } } } } }',
    { id: realmId, who: ada.identityId },
  );
  const [credential] = data.realm.identity.credentials.nodes;
  await api.mutate('revokeCredential', 'RevokeCredentialInput', 'credential { status }', {
    realmId,
    credentialId: credential?.id,
  });
  await page.goto(bank.url);
  await expect(page.getByText('None yet')).toBeVisible();
  await ada.context.close();
});

test('an application asks by itself, and the person signs in without leaving the page', async ({
  browser,
}) => {
  const bob = await customer(browser, 'bob', manual);
  const { page } = bob;
  await page.goto(manual.url);
  // The passkey that the list offers, in the browser's dialogue; the field does not get to offer its own.
  await bob.authenticator.setUserVerified(false);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(page.url()).toBe(`${manual.url}/`);
  await bob.authenticator.setUserVerified(true);
  await press(page, 'Sign in with the newest passkey');
  await expectSignedIn(page, 'bob');
  // The browser never began an authorization with us, so it keeps nothing of ours.
  const cookies = await bob.context.cookies(server.url);
  expect(cookies.filter(({ name }) => name.startsWith('keyrealm'))).toEqual([]);
  await bob.context.close();
});

test('the field alone signs a person in', async ({ browser }) => {
  const carol = await customer(browser, 'carol', bank);
  await carol.page.goto(bank.url);
  await carol.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expectSignedIn(carol.page, 'carol');
  await carol.context.close();
});

test('a page that the realm does not trust binds nothing, signs nobody in, and leaves a trace', async ({
  browser,
}) => {
  const identityId = await api.createIdentity(realmId, 'dave');
  const link = await api.createLink(realmId, identityId, { authenticatorConfigId: bank.configId });
  const dave = await someone(browser);
  const { page } = dave;
  await page.goto(link);
  await page.goto(page.url().replace(bank.url, copy.url));
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('UNREACHABLE');
  expect(await dave.authenticator.credentials()).toEqual([]);

  await page.goto(bank.url);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/authenticate/);
  await page.goto(page.url().replace(bank.url, copy.url));
  await expect(page.getByRole('alert')).toContainText('UNREACHABLE');

  const refused = await api.events(realmId, { types: ['access.refused'] });
  expect(refused.map(({ data }) => data)).toContainEqual({ reason: 'origin', target: copy.url });
  await dave.context.close();
});

test('a page is told by stable codes what went wrong', async ({ browser }) => {
  const frank = await customer(browser, 'frank', manual);
  const { page, authenticator } = frank;
  const used = page.url();
  const second = await api.createLink(realmId, frank.identityId, { authenticatorConfigId: manual.configId });
  await page.goto(manual.url);
  await authenticator.setUserVerified(false);
  const refused = await page.evaluate(
    async ({ issuer, clientId, used }) => {
      const sdk = '/keyrealm.js';
      const keyrealm = (await import(sdk)).createKeyrealm({ issuer });
      const url = new URL(`${issuer}/authorize`);
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: `${location.origin}/callback`,
        response_type: 'code',
        scope: 'openid',
        code_challenge: 'a'.repeat(43),
        code_challenge_method: 'S256',
      }).toString();
      const { authenticateUrl } = await (await fetch(url)).json();
      const codeOf = (outcome: Promise<unknown>): Promise<string> =>
        outcome.then(
          () => 'none',
          ({ code, cause }) => [code, cause?.name].filter(Boolean).join(' '),
        );
      return {
        cancelled: await codeOf(keyrealm.authenticate(authenticateUrl)),
        givenUp: await codeOf(keyrealm.authenticate(authenticateUrl, { signal: AbortSignal.abort() })),
        withoutField: await codeOf(keyrealm.conditionalAuthenticate(authenticateUrl)),
        elsewhere: await codeOf(keyrealm.authenticate('https://elsewhere.example/?request=a.b.c')),
        used: await codeOf(keyrealm.bind(used)),
      };
    },
    { issuer: `${server.url}/realms/${realmId}`, clientId: manual.clientId, used },
  );
  expect(refused).toEqual({
    cancelled: 'CANCELLED NotAllowedError',
    givenUp: 'ABORTED AbortError',
    withoutField: 'NO_INPUT',
    elsewhere: 'INVALID_URL',
    used: 'LINK_USED',
  });
  await authenticator.setUserVerified(true);
  await page.goto(second);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('ALREADY_BOUND');
  await frank.context.close();
});

test('a sign-in that somebody else began ends at an application that refuses it', async ({ browser }) => {
  const erin = await customer(browser, 'erin', bank);
  const attacker = await someone(browser);
  await attacker.authenticator.remove();
  await attacker.page.goto(bank.url);
  await attacker.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await attacker.page.waitForURL(/\/authenticate/);

  await erin.page.goto(attacker.page.url());
  await press(erin.page, 'Sign in with a passkey');
  await expect(erin.page.getByRole('alert')).toContainText('not begun here');
  // And the browser that began it gets nothing, although it holds our cookies and knows the address.
  const [, uid] = (new URL(attacker.page.url()).searchParams.get('request') ?? '').split('.');
  await attacker.page.goto(`${server.url}/realms/${realmId}/authorize/${uid}`);
  await expect(attacker.page.getByRole('heading', { name: 'Signed in' })).toBeHidden();
  expect(attacker.page.url()).not.toContain('/callback');
  await Promise.all([erin.context.close(), attacker.context.close()]);
});
