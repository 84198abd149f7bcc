import { expect, test } from '@playwright/test';
import { type Api, createApi, createTenant } from '../support/api.ts';
import { bind, someone } from '../support/people.ts';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;
/** A link of the shortest life, made first and tried last. */
let short: { api: Api; realmId: string; link: string; until: number };

test.beforeAll(async () => {
  server = await startServer();
  const { api } = await createTenant(server);
  const realmId = await api.createRealm('Customers');
  const identityId = await api.createIdentity(realmId, 'late');
  const link = await api.createLink(realmId, identityId, { expiresInSeconds: 60 });
  short = { api, realmId, link, until: Date.now() + 61_000 };
});
test.afterAll(() => server.stop());

test("another tenant's token sees nothing, and the attempt is recorded", async () => {
  const mine = await createTenant(server);
  const theirs = await createTenant(server);
  const realmId = await theirs.api.createRealm('Theirs');
  const answer = await mine.api.graphql('query ($id: ID!) { realm(id: $id) { displayName } }', {
    id: realmId,
  });
  expect(answer).toMatchObject({ data: { realm: null } });
  const scim = await mine.api.scim(realmId, 'GET', '/Users');
  expect(scim.status).toBe(404);
  const refused = await mine.api.events(mine.adminRealmId, { types: ['access.refused'] });
  expect(refused.map(({ data }) => data.target)).toContain(realmId);

  const narrow = createApi(server, (await createTenant(server, 'realms:read')).token);
  const denied = await narrow.graphql('{ tenant { adminRealm { identities { nodes { id } } } } }');
  expect(denied.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('a link that was used and one that was withdrawn are refused plainly and recorded', async ({
  browser,
}) => {
  const { api } = await createTenant(server);
  const realmId = await api.createRealm('Customers');
  const identityId = await api.createIdentity(realmId, 'ada');
  const used = await api.createLink(realmId, identityId);
  const ada = await someone(browser);
  await bind(ada, used);

  const visitor = await someone(browser);
  await visitor.page.goto(used);
  await expect(visitor.page.getByRole('alert')).toContainText('was used already');
  await expect(visitor.page.getByRole('alert').getByText(/[0-9a-f-]{36}/)).toBeVisible();

  const short = await api.createLink(realmId, identityId, { expiresInSeconds: 60 });
  await visitor.page.goto('about:blank');
  await visitor.page.goto(short);
  await expect(visitor.page.getByRole('button', { name: 'Create passkey' })).toBeVisible();
  const jobs = await api.graphql<{
    realm: { credentialBindingJobs: { nodes: { id: string; status: string }[] } };
  }>('query ($id: ID!) { realm(id: $id) { credentialBindingJobs { nodes { id status } } } }', {
    id: realmId,
  });
  const open = jobs.data.realm.credentialBindingJobs.nodes.find(({ status }) => status === 'LINK_OPENED');
  await api.mutate(
    'revokeCredentialBindingJob',
    'RevokeCredentialBindingJobInput',
    'credentialBindingJob { status }',
    { realmId, credentialBindingJobId: open?.id },
  );
  await visitor.page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(visitor.page.getByRole('alert')).toContainText('was withdrawn');

  const events = await api.events(realmId, { types: ['credential_binding_job.refused'] });
  expect(events.map(({ data }) => data.reason)).toEqual(
    expect.arrayContaining(['LINK_USED', 'LINK_REVOKED']),
  );
  await ada.context.close();
  await visitor.context.close();
});

test('a challenge that was answered already and a call from another origin are refused and recorded', async ({
  browser,
}) => {
  const { api } = await createTenant(server);
  const realmId = await api.createRealm('Customers');
  const identityId = await api.createIdentity(realmId, 'ada');
  const link = await api.createLink(realmId, identityId);
  const ada = await someone(browser);
  const sent: { url: string; body: string }[] = [];
  ada.page.on('request', (request) => {
    if (request.url().endsWith('/registration/verify'))
      sent.push({ url: request.url(), body: request.postData() ?? '' });
  });
  await bind(ada, link);

  const [verify] = sent;
  const replay = (origin: string) =>
    fetch(verify?.url ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: verify?.body ?? '',
    });
  const again = await replay(server.url);
  expect(again.status).toBe(410);
  expect(await again.json()).toMatchObject({ error: { code: 'LINK_USED' } });

  const second = await api.createLink(realmId, identityId);
  const token = second.split('#token=')[1];
  const stale = { ...(JSON.parse(verify?.body ?? '{}') as object), token };
  const replayed = await fetch(verify?.url ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify(stale),
  });
  expect(await replayed.json()).toMatchObject({ error: { code: 'CHALLENGE_INVALID' } });

  const foreign = await replay('https://evil.example');
  expect(foreign.status).toBe(403);
  const reasons = (await api.events(realmId)).map(({ type, data }) => `${type} ${String(data.reason)}`);
  expect(reasons).toEqual(
    expect.arrayContaining([
      'credential_binding_job.refused LINK_USED',
      'registration.failed challenge',
      'access.refused origin',
    ]),
  );
  await ada.context.close();
});

test('a link that has expired is refused plainly and recorded', async ({ browser }) => {
  const late = await someone(browser);
  await new Promise((done) => setTimeout(done, Math.max(0, short.until - Date.now())));
  await late.page.goto(short.link);
  await expect(late.page.getByRole('alert')).toContainText('has expired');
  const events = await short.api.events(short.realmId, { types: ['credential_binding_job.refused'] });
  expect(events.map(({ data }) => data.reason)).toEqual(['LINK_EXPIRED']);
  await late.context.close();
});
