import { expect, test } from '@playwright/test';
import { administrator, someone } from '../support/people.ts';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  // A graceful stop: requests are finished, the exit code is 0.
  expect(await server.stop()).toBe(0);
});

test('the printed link binds the first passkey, leads into the console, and works once', async ({
  browser,
}) => {
  const { page, context } = await administrator(browser, server);
  await expect(page.getByRole('heading', { level: 1, name: 'Realms' })).toBeVisible();
  await expect(page.getByRole('cell', { name: /Acme administration/ })).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText(/signed out/i).first()).toBeVisible();
  // A second time there is nothing to sign out of, and no empty page either.
  const realm = /realms\/[0-9a-f-]{36}/.exec(server.bindingLink)?.[0] ?? '';
  await page.goto(`${server.url}/${realm}/logout`);
  await expect(page.getByRole('heading', { name: 'Signed out' })).toBeVisible();
  await context.close();

  const stranger = await someone(browser);
  await stranger.page.goto(server.bindingLink);
  await expect(stranger.page.getByRole('alert')).toContainText('was used already');
  await stranger.context.close();
  expect(server.output()).not.toMatch(/"(authorization|token)":/);
});
