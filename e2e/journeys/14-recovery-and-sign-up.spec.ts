import { expect, type Page, test } from '@playwright/test';
import { type Mailbox, openMailbox } from '../support/mailbox.ts';
import { bind, signInTo, someone } from '../support/people.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { begin, faults, type Shop, shopIn, signedIn, useTheButton } from '../support/signing.ts';

let mailbox: Mailbox;
let server: RunningServer;
let shop: Shop;

test.beforeAll(async () => {
  mailbox = await openMailbox();
  server = await startServer({ SMTP_URL: mailbox.url, KEYREALM_MAIL_FROM: 'keys@acme.example' });
  shop = await shopIn(server);
});
test.afterAll(async () => {
  await shop.close();
  await server.stop();
  await mailbox.close();
});

const allowRecovery = (existingPasskeys: 'KEEP' | 'REVOKE') =>
  shop.api.mutate('updateRecoverySettings', 'UpdateRecoverySettingsInput', 'recoverySettings { version }', {
    realmId: shop.realmId,
    emailLink: true,
    waitingMinutes: 0,
    existingPasskeys,
  });

async function allowSignUp(signUpProof: 'LINK' | 'CODE'): Promise<void> {
  const { data } = await shop.api.graphql<{
    realm: { authenticatorConfigs: { nodes: { id: string; kind: string }[] } };
  }>('query ($id: ID!) { realm(id: $id) { authenticatorConfigs { nodes { id kind } } } }', {
    id: shop.realmId,
  });
  const hosted = data.realm.authenticatorConfigs.nodes.find(({ kind }) => kind === 'HOSTED_WEB');
  await shop.api.mutate(
    'updateAuthenticatorConfig',
    'UpdateAuthenticatorConfigInput',
    'authenticatorConfig { id }',
    {
      realmId: shop.realmId,
      authenticatorConfigId: hosted?.id,
      signUp: true,
      signUpProof,
      signUpDomains: ['example.com'],
    },
  );
}

async function invite(username: string, email: string): Promise<string> {
  const { identity } = await shop.api.mutate<{ identity: { id: string } }>(
    'createIdentity',
    'CreateIdentityInput',
    'identity { id }',
    { realmId: shop.realmId, username, email },
  );
  return shop.api.createLink(shop.realmId, identity.id);
}

const linkIn = ({ text }: { text: string }): string => /http\S+#token=\S+/.exec(text)?.[0] ?? '';
const submit = (page: Page, name: string) => page.getByRole('button', { name }).click();

test('a person who lost their passkey asks for a link, binds a new one, and signs in with that', async ({
  browser,
}) => {
  await allowRecovery('REVOKE');
  const ada = await someone(browser);
  await bind(ada, await invite('ada', 'ada@example.com'));
  await ada.authenticator.remove();

  const again = await someone(browser);
  const { page } = again;
  await begin(shop, page);
  await page.getByRole('link', { name: 'Lost your passkey?' }).click();
  await expect(page.getByText(/another of your devices/)).toBeVisible();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'Your e-mail address' }).fill('ada@example.com');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/If there is an account/)).toBeFocused();

  const link = linkIn(await mailbox.take('ada@example.com', /\/bind#token=/));
  await bind(again, link);
  await mailbox.take('ada@example.com', /recover\/stop#token=[\s\S]*/);
  await signInTo(shop.url, again);
  await signedIn(page, 'ada');
  await page.goto(link);
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('used already');
});

test('whoever is told of what they did not ask for stops it, and the link is dead', async ({ browser }) => {
  await allowRecovery('KEEP');
  const eve = await someone(browser);
  await bind(eve, await invite('eve', 'eve@example.com'));
  const { page } = eve;
  await page.goto(`${server.url}/realms/${shop.realmId}/recover`);
  await page.getByRole('textbox', { name: 'Your e-mail address' }).fill('EVE@example.com');
  await submit(page, 'Ask for a link');
  const stop = linkIn(await mailbox.take('eve@example.com', /recover\/stop#token=/));
  const link = linkIn(await mailbox.take('eve@example.com', /\/bind#token=/));

  await page.goto(stop);
  await expect(page.getByRole('button', { name: 'This was not me, stop it' })).toBeFocused();
  expect(page.url()).not.toContain('token');
  expect(await faults(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/It is stopped/)).toBeFocused();
  await page.goto(link);
  await expect(page.getByRole('alert')).toContainText('withdrawn');
});

test('a newcomer proves an address by a code, and is signed in to the application', async ({ browser }) => {
  await allowSignUp('CODE');
  const { page } = await someone(browser);
  await begin(shop, page);
  await page.getByRole('link', { name: 'Sign up' }).click();
  const email = page.getByRole('textbox', { name: 'Your e-mail address' });
  await expect(email).toBeFocused();
  expect(await faults(page)).toEqual([]);
  await email.fill('new@elsewhere.example');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('can’t sign up here');
  await email.fill('new@example.com');
  await page.keyboard.press('Enter');

  const code = page.getByRole('textbox', { name: 'Code from the mail' });
  await expect(code).toBeFocused();
  expect(await faults(page)).toEqual([]);
  const { text } = await mailbox.take('new@example.com', /^\d{6}\s*$/m);
  const right = /^\d{6}/m.exec(text)?.[0] ?? '';
  await code.fill(right === '000000' ? '111111' : '000000');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('not right');
  await code.fill(right);
  await page.keyboard.press('Enter');

  await page.getByRole('textbox', { name: 'Your name' }).fill('New Comer');
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue('new@example.com');
  expect(await faults(page)).toEqual([]);
  await submit(page, 'Create passkey');
  await signedIn(page, 'new@example.com');

  await page.context().clearCookies();
  await begin(shop, page);
  await useTheButton(page);
  await signedIn(page, 'new@example.com');
});

test('a newcomer proves an address by a link, in another browser than the one that began', async ({
  browser,
}) => {
  await allowSignUp('LINK');
  const first = await someone(browser);
  await begin(shop, first.page);
  await first.page.getByRole('link', { name: 'Sign up' }).click();
  await first.page.getByRole('textbox', { name: 'Your e-mail address' }).fill('link@example.com');
  await submit(first.page, 'Continue');
  await expect(first.page.getByText(/a mail brings the link/)).toBeFocused();

  const { page } = await someone(browser);
  await page.goto(linkIn(await mailbox.take('link@example.com', /sign-up#token=/)));
  await expect(page.getByText('link@example.com is confirmed. Who are you?')).toBeVisible();
  await page.reload();
  await page.getByRole('textbox', { name: 'Your name' }).fill('Link');
  await page.getByRole('textbox', { name: 'Username' }).fill('ada');
  await submit(page, 'Create passkey');
  await expect(page.getByRole('alert')).toContainText('This username is taken');
  await page.getByRole('textbox', { name: 'Username' }).fill('link');
  await submit(page, 'Create passkey');
  await expect(page.getByText(/Your account is ready. Sign in/)).toBeFocused();
  await begin(shop, page);
  await useTheButton(page);
  await signedIn(page, 'link');
});
