import { startRelyingParty } from '@keyrealm/examples/hosted-web';
import { expect, test } from '@playwright/test';
import { administrator, bind, signInTo, someone } from '../support/people.ts';
import { freePort, type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('an administrator makes a realm, a person and an application by clicking; the person signs in to it', async ({
  browser,
}) => {
  const admin = await administrator(browser, server);
  const { page } = admin;

  await page.getByRole('button', { name: 'Create realm' }).click();
  await page.getByRole('dialog').getByRole('textbox').first().fill('Customers');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Create/ })
    .click();
  await expect(page.getByRole('combobox', { name: 'Realm' })).toHaveValue('Customers');
  const realmId = /\/realms\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Identities' }).click();
  await page.getByRole('button', { name: 'Create identity' }).first().click();
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Create/ })
    .click();
  await expect(page.getByRole('heading', { level: 1, name: 'ada' })).toBeVisible();

  await page.getByRole('button', { name: 'Create binding link' }).first().click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Create/ })
    .click();
  const link = (await page.getByLabel('The link').textContent()) ?? '';
  expect(link).toContain(`/realms/${realmId}/bind#token=`);
  await page.getByRole('button', { name: 'Done' }).click();

  const port = await freePort();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Applications' }).click();
  await page.getByRole('button', { name: 'Create application' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByRole('radio', { name: /Web server/ }).check();
  await form.getByRole('textbox', { name: 'Name' }).fill('Example shop');
  await form
    .getByRole('textbox', { name: 'Redirect URIs', exact: true })
    .fill(`http://localhost:${port}/callback`);
  await form.getByRole('textbox', { name: 'Post-logout redirect URIs' }).fill(`http://localhost:${port}/`);
  await form.getByRole('button', { name: 'Create application' }).click();
  const clientSecret = (await page.getByLabel('The secret').textContent()) ?? '';
  const shown = (await page.getByRole('dialog', { name: 'The application is ready' }).textContent()) ?? '';
  const clientId = /Client id([0-9a-f-]{36})/.exec(shown)?.[1] ?? '';
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Example shop' })).toBeVisible();
  expect(await page.content()).not.toContain(clientSecret);

  const shop = await startRelyingParty({
    issuer: `${server.url}/realms/${realmId}`,
    clientId,
    clientSecret,
    port,
  });
  try {
    const ada = await someone(browser);
    await bind(ada, link);
    await signInTo(shop.url, ada);
    await expect(ada.page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
    await expect(ada.page.getByRole('row', { name: 'preferred_username ada' })).toBeVisible();
    await expect(ada.page.getByRole('row', { name: 'email ada@example.com' })).toBeVisible();
    await ada.page.getByRole('link', { name: 'Sign out' }).click();
    await expect(ada.page.getByRole('heading', { name: 'Example shop' })).toBeVisible();
    await ada.context.close();
  } finally {
    await shop.close();
  }

  await page.goto(`${server.url}/console/realms/${realmId}/events`);
  await expect(page.getByRole('row', { name: /token.issued|Token issued/ }).first()).toBeVisible();
  await admin.context.close();
});
