import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { createApi, createTenant } from '../support/api.ts';
import { signInToConsole, someone } from '../support/people.ts';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

/** Faults of WCAG 2.2, levels A and AA, in light and in dark. */
async function faults(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    for (const { id, nodes } of violations)
      found.push(`${colorScheme} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }
  return found;
}

test('the directory in the console: delete and undo, restore, erase, suspend many, and watch a provider', async ({
  browser,
}) => {
  // Eight looks at whole pages for accessibility faults, each of seconds.
  test.slow();
  const tenant = await createTenant(server);
  const realmId = await tenant.api.createRealm('Staff');
  for (const name of ['ada', 'grace', 'linus']) await tenant.api.createIdentity(realmId, name);
  const admin = await someone(browser);
  const { page } = admin;
  await page.goto(tenant.bindingLink);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await signInToConsole(admin);
  const realm = `${server.url}/console/realms/${realmId}`;

  await test.step('a deletion is taken back from its notification', async () => {
    await page.goto(`${realm}/identities`);
    await page.getByRole('link', { name: 'ada' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete ada?' });
    await expect(dialog).toContainText('7 days');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Identities' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'ada' })).toBeHidden();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('ada is back.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'ada' })).toBeVisible();
  });

  await test.step('a profile is filled in, and a fault is told at its field', async () => {
    await page.getByRole('link', { name: 'ada' }).click();
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Analyst');
    await page.getByRole('button', { name: 'Add e-mail address' }).click();
    const address = page.getByRole('textbox', { name: 'E-mail addresses 1' });
    await address.fill('nowhere');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('This is not an e-mail address.')).toBeVisible();
    await expect(address).toHaveAttribute('aria-invalid', 'true');
    expect(await faults(page)).toEqual([]);
    await address.fill('ada@example.com');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('The profile was saved.')).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: 'Identities' }).click();
    await expect(page.getByRole('row', { name: /ada@example.com/ })).toBeVisible();
  });

  await test.step('many are suspended after a look at whom it reaches', async () => {
    await page.getByRole('checkbox', { name: 'Choose grace' }).check();
    await page.getByRole('checkbox', { name: 'Choose linus' }).check();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Suspend' }).click();
    const dialog = page.getByRole('dialog', { name: 'Suspend 2 identities?' });
    await expect(dialog).toContainText('grace');
    await dialog.getByRole('button', { name: 'Suspend' }).click();
    await expect(page.getByText('2 identities were suspended.')).toBeVisible();
    await expect(page.getByRole('row', { name: /grace/ })).toContainText('Suspended');
    await expect(page.getByRole('row', { name: /linus/ })).toContainText('Suspended');
    await expect(page.getByRole('row', { name: /ada/ })).toContainText('Active');
  });

  await test.step('many are deleted; one is restored and one is erased for good', async () => {
    await page.getByRole('checkbox', { name: 'Choose grace' }).check();
    await page.getByRole('checkbox', { name: 'Choose linus' }).check();
    await page.getByRole('region', { name: 'Chosen identities' }).getByText('Delete').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('2 identities were deleted.')).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: 'Deleted' }).click();
    await expect(page.getByRole('row', { name: /linus/ })).toBeVisible();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Restore grace' }).click();
    await expect(page.getByText('grace is back.')).toBeVisible();
    await expect(page.getByRole('row', { name: /grace/ })).toBeHidden();

    await page.getByRole('button', { name: 'Erase for good: linus' }).click();
    const dialog = page.getByRole('dialog', { name: 'Erase linus for good?' });
    await dialog.getByLabel('Reason').fill('Asked to be forgotten');
    await dialog.getByLabel('Type linus to go on').fill('grace');
    await dialog.getByRole('button', { name: 'Erase for good' }).click();
    await expect(dialog.getByText('This is another username.')).toBeVisible();
    await dialog.getByLabel('Type linus to go on').fill('linus');
    await dialog.getByRole('button', { name: 'Erase for good' }).click();
    await expect(page.getByText('linus was erased for good.')).toBeVisible();
    await expect(page.getByText('Nobody was deleted lately')).toBeVisible();
  });

  await test.step('a provider is listed with what it asked for, and can be put on a dry run', async () => {
    const navigation = page.getByRole('navigation', { name: 'Main' });
    await navigation.getByRole('link', { name: 'Provisioning' }).click();
    await expect(page.getByText('No client yet')).toBeVisible();
    const { token } = await server.cli(
      'api-token',
      'create',
      '--tenant',
      tenant.tenantId,
      '--scopes',
      'scim:all',
      '--name',
      'okta',
    );
    const provider = createApi(server, token ?? '');
    const user = (userName: string) => ({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName,
    });
    expect((await provider.scim(realmId, 'POST', '/Users', user('margaret'))).status).toBe(201);

    const clients = page.getByRole('table', { name: 'Clients' });
    const requests = page.getByRole('table', { name: 'Requests' });
    // The log is written in batches, a moment after its requests.
    await expect(async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      await expect(requests.getByRole('row', { name: /POST \/Users/ })).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(clients.getByRole('row', { name: /okta/ })).toBeVisible();

    // What is drawn lies above the switch itself; the click must reach it all the same.
    await page.getByRole('switch', { name: /^Dry run of/ }).click({ force: true });
    await expect(page.getByText(/^Dry run of .* is on\.$/)).toBeVisible();
    await provider.scim(realmId, 'POST', '/Users', user('katherine'));
    await expect(async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      await expect(requests.getByText('Dry run')).toBeVisible({ timeout: 1_000 });
    }).toPass();
    expect(await faults(page)).toEqual([]);

    await page.getByRole('button', { name: /^Edit the limits/ }).click();
    const dialog = page.getByRole('dialog', { name: /^Limits of/ });
    await dialog.getByLabel('At most this many').fill('7');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(clients.getByText(/^7 or /)).toBeVisible();
  });

  const list = await tenant.api.graphql<{ realm: { identities: { nodes: { username: string }[] } } }>(
    'query ($id: ID!) { realm(id: $id) { identities(first: 50) { nodes { username } } } }',
    { id: realmId },
  );
  expect(list.data.realm.identities.nodes.map(({ username }) => username).sort()).toEqual([
    'ada',
    'grace',
    'margaret',
  ]);
  await admin.context.close();
});
