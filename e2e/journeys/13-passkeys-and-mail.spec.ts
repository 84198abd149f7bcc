import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Page, expect as playwrightExpect, test } from '@playwright/test';
import { type Api, createTenant } from '../support/api.ts';
import { bind, signInToConsole, someone } from '../support/people.ts';
import { type RunningServer, startServer } from '../support/server.ts';

// Pages that load anew sign in on the way, and a campaign is looked at every few seconds.
const expect = playwrightExpect.configure({ timeout: 25_000 });

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

const invite = async (api: Api, realmId: string, username: string, emails: string[]): Promise<string> =>
  (
    await api.mutate<{ identity: { id: string } }>(
      'createIdentity',
      'CreateIdentityInput',
      'identity { id }',
      { realmId, username, emails: emails.map((value) => ({ value })) },
    )
  ).identity.id;

test('passkeys found, exported and taken back; people asked by a campaign, whose mails wait in the outbox', async ({
  browser,
}) => {
  // Five looks at whole pages for accessibility faults, each of seconds.
  test.slow();
  const tenant = await createTenant(server);
  const { api } = tenant;
  const realmId = await api.createRealm('Staff');
  const ada = await invite(api, realmId, 'ada', ['ada@example.com']);
  await invite(api, realmId, 'grace', ['grace@example.com']);
  await invite(api, realmId, 'linus', []);
  const holder = await someone(browser);
  await bind(holder, await api.createLink(realmId, ada));
  await holder.context.close();

  const admin = await someone(browser);
  const { page } = admin;
  await page.goto(tenant.bindingLink);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await signInToConsole(admin);
  const realm = `${server.url}/console/realms/${realmId}`;
  const navigation = page.getByRole('navigation', { name: 'Main' });

  await test.step('a campaign is drafted by keyboard, with a look at whom it asks', async () => {
    await page.goto(`${realm}/campaigns`);
    await expect(page.getByText('No campaign yet')).toBeVisible();
    await page.getByRole('button', { name: 'Create campaign' }).first().focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Create campaign' });
    await expect(panel.getByRole('textbox', { name: 'Name' })).toBeFocused();
    await page.keyboard.type('Passkeys for all');
    await expect(panel.getByText(/1 person would be asked now/)).toContainText('1 with a passkey already');
    await panel.getByRole('button', { name: 'Create draft' }).click();
    await expect(panel.getByText('Choose a day.')).toBeVisible();
    const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    await panel.getByLabel('Until the end of').fill(day);
    await panel.getByLabel('Message').fill('Before the old system is switched off.');
    expect(await faults(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Create draft' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Passkeys for all' })).toBeVisible();
    await expect(page.getByText('Before the old system is switched off.')).toBeVisible();
  });

  await test.step('it is started, asks who has no passkey, and tells who has no address', async () => {
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await expect(page.getByText('Passkeys for all is running.')).toBeVisible();
    await expect(page.getByText('0 of 1 people who were asked')).toBeVisible();
    await page.reload();
    const people = page.getByRole('table', { name: 'People' });
    await expect(people.getByRole('row', { name: /grace/ })).toContainText('Has an open link');
    await expect(people.getByRole('row', { name: /linus/ })).toContainText('No e-mail address');
    await expect(people.getByRole('row', { name: /ada/ })).toBeHidden();
    await page.getByRole('button', { name: 'Exclude linus' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Exclude' }).click();
    await expect(people.getByRole('row', { name: /linus/ })).toContainText('Excluded');
    expect(await faults(page)).toEqual([]);
  });

  let link = '';
  await test.step('its mail waits, and its link can be handed over', async () => {
    await navigation.getByRole('link', { name: 'Mail' }).click();
    await expect(page.getByText('No mail server is configured')).toBeVisible();
    await expect(page.getByRole('row', { name: /grace@example.com/ })).toContainText('Waiting');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show link for grace@example.com' }).click();
    const dialog = page.getByRole('dialog', { name: 'The link for grace@example.com' });
    link = (await dialog.getByLabel('The link').textContent()) ?? '';
    expect(link).toContain('/bind#token=');
    await dialog.getByRole('button', { name: 'Done' }).click();
    const grace = await someone(browser);
    await bind(grace, link);
    await grace.context.close();
    await navigation.getByRole('link', { name: 'Campaigns' }).click();
    await page.getByRole('link', { name: 'Passkeys for all' }).click();
    await expect(page.getByText('1 of 1 people who were asked')).toBeVisible();
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByText('Passkeys for all is paused.')).toBeVisible();
    await page.getByRole('button', { name: 'End' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
    await expect(page.getByText('Ended by an administrator')).toBeVisible();
  });

  await test.step('the inventory is filtered in the address and exported as it is shown', async () => {
    await navigation.getByRole('link', { name: 'Passkeys' }).click();
    const inventory = page.getByRole('table', { name: 'Inventory' });
    await expect(inventory.getByRole('row', { name: /ada/ })).toContainText('Synced');
    await expect(inventory.getByRole('row', { name: /grace/ })).toBeVisible();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('searchbox', { name: 'Search passkeys' }).fill('ada');
    await expect(page).toHaveURL(/q=ada/);
    await expect(inventory.getByRole('row', { name: /grace/ })).toBeHidden();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toMatch(/^passkeys-\d{4}-\d\d-\d\d\.csv$/);
    const text = readFileSync(await file.path(), 'utf8');
    expect(text.split('\r\n').filter(Boolean)).toHaveLength(2);
    expect(text).toContain(',ada,');
    await page.goto(`${realm}/passkeys?kept=device`);
    await expect(page.getByText('No passkey matches')).toBeVisible();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await expect(inventory.getByRole('row', { name: /ada/ })).toBeVisible();
  });

  await test.step('one passkey is revoked, and then all of its model after a look at whom it reaches', async () => {
    const inventory = page.getByRole('table', { name: 'Inventory' });
    await inventory.getByRole('row', { name: /ada/ }).getByRole('checkbox').check();
    await page
      .getByRole('region', { name: 'Chosen passkeys' })
      .getByRole('button', { name: 'Revoke' })
      .click();
    const question = page.getByRole('dialog', { name: 'Revoke 1 passkey?' });
    await expect(question).toContainText('of ada');
    await question.getByRole('button', { name: 'Revoke' }).click();
    await expect(inventory.getByRole('row', { name: /ada/ })).toContainText('Revoked');
    await page.getByRole('button', { name: /^Revoke all of/ }).click();
    const preview = page.getByRole('dialog', { name: /^Revoke all passkeys of/ });
    await expect(preview).toContainText('1 left without a passkey');
    await expect(preview.getByRole('link', { name: 'grace' })).toBeVisible();
    expect(await faults(page)).toEqual([]);
    await preview.getByLabel('Reason').fill('Recalled');
    await preview.getByRole('button', { name: 'Revoke all' }).click();
    await expect(inventory.getByRole('row', { name: /grace/ })).toContainText('Revoked');
  });

  const types = (await api.events(realmId)).map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining([
      'campaign.created',
      'campaign.started',
      'campaign.person_excluded',
      'campaign.paused',
      'campaign.ended',
      'credential_binding_job.link_revealed',
      'credential_inventory.exported',
      'credential_model.revoked',
    ]),
  );
  await admin.context.close();
});
