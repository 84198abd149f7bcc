import { expect, test } from '@playwright/test';
import { createTenant } from '../support/api.ts';
import { someone } from '../support/people.ts';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('the last administrator stays in the access group; with a second one the first may leave', async ({
  browser,
}) => {
  const tenant = await createTenant(server);
  const realmId = tenant.adminRealmId;
  const first = await someone(browser);
  await first.page.goto(tenant.bindingLink);
  await first.page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(first.page).toHaveURL(/\/console\/|\/sign-in\//);

  const { data } = await tenant.api.graphql<{
    realm: { groups: { nodes: { id: string; members: { nodes: { id: string }[] } }[] } };
  }>('query ($id: ID!) { realm(id: $id) { groups { nodes { id members { nodes { id } } } } } }', {
    id: realmId,
  });
  const [group] = data.realm.groups.nodes;
  const admin = group?.members.nodes[0]?.id;
  const remove = () =>
    tenant.api.graphql<{ removeGroupMembers: { errors: { code: string }[]; warnings: { code: string }[] } }>(
      `mutation ($input: GroupMembersInput!) { removeGroupMembers(input: $input) {
        results { changed } errors { code message } warnings { code } } }`,
      { input: { realmId, groupId: group?.id, identityIds: [admin] } },
    );

  expect((await remove()).data.removeGroupMembers.errors).toMatchObject([{ code: 'ADMIN_LOCKOUT' }]);

  const second = await tenant.api.createIdentity(realmId, 'second');
  await tenant.api.mutate('addGroupMembers', 'GroupMembersInput', 'results { changed }', {
    realmId,
    groupId: group?.id,
    identityIds: [second],
  });
  // A second administrator without a passkey is no way in.
  expect((await remove()).data.removeGroupMembers.errors).toMatchObject([{ code: 'ADMIN_LOCKOUT' }]);

  const other = await someone(browser);
  await other.page.goto(await tenant.api.createLink(realmId, second));
  await other.page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(other.page.getByText(/is ready/)).toBeVisible();
  expect((await remove()).data.removeGroupMembers).toMatchObject({
    errors: [],
    warnings: [{ code: 'ONE_ADMINISTRATOR_LEFT' }],
  });

  // Out of the group, the first administrator's own passkey opens the console no more.
  await first.page.goto(tenant.consoleUrl);
  const refused = first.page.getByRole('alert').filter({ hasText: /not allow/ });
  await first.page.getByRole('button', { name: /^Administrator / }).click();
  await expect(refused).toBeVisible();
  await first.page.getByRole('button', { name: 'Use another account' }).click();
  await first.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(refused).toBeVisible();
  await first.context.close();
  await other.context.close();
});
