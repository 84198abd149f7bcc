import { startRelyingParty } from '@keyrealm/examples/hosted-web';
import { expect, test } from '@playwright/test';
import { createApi, createTenant } from '../support/api.ts';
import { bind, signInTo, someone } from '../support/people.ts';
import { freePort, type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('an identity provider pushes a person and takes them back: their session is dead, and the events say who did it', async ({
  browser,
}) => {
  const tenant = await createTenant(server);
  const realmId = await tenant.api.createRealm('Customers');
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

  const created = await provider.scim(realmId, 'POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'grace@example.com',
    name: { givenName: 'Grace', familyName: 'Hopper' },
    emails: [{ value: 'grace@example.com', primary: true }],
    active: true,
  });
  expect(created.status).toBe(201);
  const { id } = (await created.json()) as { id: string };
  const found = await provider.scim(
    realmId,
    'GET',
    '/Users?filter=userName%20eq%20%22GRACE%40example.com%22',
  );
  expect(await found.json()).toMatchObject({
    totalResults: 1,
    Resources: [{ id, displayName: 'Grace Hopper' }],
  });

  const port = await freePort();
  const application = await tenant.api.createApplication(realmId, port);
  const shop = await startRelyingParty({ issuer: `${server.url}/realms/${realmId}`, port, ...application });
  const grace = await someone(browser);
  try {
    await bind(grace, await tenant.api.createLink(realmId, id));
    await signInTo(shop.url, grace);
    await expect(grace.page.getByRole('row', { name: /^name Grace Hopper/ })).toBeVisible();
    await grace.page.goto(`${shop.url}/refresh`);
    await expect(grace.page.getByRole('heading', { name: 'Refreshed' })).toBeVisible();

    const patched = await provider.scim(realmId, 'PATCH', `/Users/${id}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    });
    expect(patched.status).toBe(200);
    expect(await patched.json()).toMatchObject({ active: false });

    await grace.page.goto(`${shop.url}/refresh`);
    await expect(grace.page.getByText('invalid_grant')).toBeVisible();
    await signInTo(shop.url, grace);
    await expect(grace.page.getByRole('alert')).toContainText('not accepted');

    const removed = await provider.scim(realmId, 'DELETE', `/Users/${id}`);
    expect(removed.status).toBe(204);
    expect((await provider.scim(realmId, 'GET', `/Users/${id}`)).status).toBe(404);
  } finally {
    await shop.close();
    await grace.context.close();
  }

  const events = await tenant.api.events(realmId);
  const suspended = events.find(({ type }) => type === 'identity.suspended');
  expect(suspended?.actor).toEqual({ kind: 'APPLICATION', displayName: 'Management API (okta)' });
  expect(suspended?.data).toEqual({ endedSessions: 1 });
  const denied = events.find(({ type }) => type === 'authentication.denied');
  expect(denied).toMatchObject({ outcome: 'DENY', data: { reason: 'identity_suspended' } });
  const signedIn = events.find(({ type }) => type === 'authentication.succeeded');
  const flow = await tenant.api.events(realmId, { correlationId: signedIn?.correlationId });
  expect(flow.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      'authorization.requested',
      'policy.evaluated',
      'authentication.succeeded',
      'authorization.completed',
      'token.issued',
    ]),
  );
  expect(events.map(({ type }) => type)).toContain('token.refused');
});
