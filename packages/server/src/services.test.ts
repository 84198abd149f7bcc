import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx, RequestFacts } from './kernel/context.js';
import { newId } from './kernel/ids.js';
import { ALL_SCOPES, type Scope } from './kernel/permissions.js';
import { createVault } from './kernel/vault.js';
import type { CreatedTenant } from './modules/tenants/tenants.service.js';
import { createServices, type Services } from './services.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';

const facts = (): RequestFacts => ({
  requestId: newId(),
  correlationId: newId(),
  ip: '127.0.0.1',
  userAgent: 'test',
});

describe('services', () => {
  let database: TestDatabase;
  let services: Services;
  let mine: CreatedTenant;
  let other: CreatedTenant;

  beforeAll(async () => {
    database = await createTestDatabase();
    const vault = createVault('a secret of more than thirty-two characters');
    services = createServices({ db: database.db, vault, config: { publicUrl: 'http://localhost:8080' } });
    mine = await services.tenants.create(facts(), { name: 'Mine', adminEmail: 'me@example.com' });
    other = await services.tenants.create(facts(), { name: 'Other', adminEmail: 'you@example.com' });
  });
  afterAll(() => database.drop());

  /** The tenant's own machine with exactly these scopes, inside one realm. */
  const caller = (scopes: readonly Scope[], realmId = mine.adminRealmId): Promise<RealmCtx> =>
    services.realms.enter(
      {
        ...facts(),
        actor: {
          kind: 'APPLICATION',
          id: mine.managementApi.clientId,
          realmId: mine.adminRealmId,
          displayName: 'Machine',
        },
        tenantId: mine.tenantId,
        grants: new Map(scopes.map((scope) => [scope, 'ALL'])),
      },
      realmId,
    );

  it('makes a tenant whose link opens for its administrator and for nobody else', async () => {
    const ctx = await caller(ALL_SCOPES);
    const token = mine.bindingLink.split('#token=')[1];
    expect(await services.registration.open(ctx, { token })).toMatchObject({
      result: 'open',
      identity: { username: 'me@example.com' },
    });
    expect(await services.registration.open(ctx, { token: 'guess' })).toMatchObject({ code: 'LINK_INVALID' });
    const refused = await services.events.list(ctx, { types: ['credential_binding_job.refused'] }, {});
    expect(refused.items).toHaveLength(1);
  });

  it('makes no second tenant at a second start', async () => {
    expect(
      await services.tenants.createFirst(facts(), { name: 'Again', adminEmail: 'a@example.com' }),
    ).toBeUndefined();
  });

  it('answers for the realm of another tenant as for one that does not exist', async () => {
    const answers = await Promise.all(
      [other.adminRealmId, newId(), 'nonsense'].map((realmId) =>
        caller(ALL_SCOPES, realmId).catch((error: unknown) => error),
      ),
    );
    for (const answer of answers)
      expect(answer).toMatchObject({ code: 'NOT_FOUND', message: 'There is no such realm.' });
  });

  it('refuses to create an identity without the scope, and records one with it', async () => {
    await expect(
      services.identities.create(await caller(['identities:read']), { username: 'x' }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const ctx = await caller(['identities:create', 'events:read']);
    const identity = await services.identities.create(ctx, { username: 'Ada' });
    const events = await services.events.list(ctx, { involvesId: identity.id }, {});
    expect(events.items.map(({ node }) => [node.type, node.correlation_id])).toEqual([
      ['identity.created', ctx.correlationId],
    ]);
    await expect(services.identities.create(ctx, { username: 'ADA' })).rejects.toMatchObject({
      code: 'USERNAME_TAKEN',
    });
  });

  it('keeps both of two changes made at once', async () => {
    const ctx = await caller(['identities:create', 'identities:update', 'identities:read']);
    const { id } = await services.identities.create(ctx, { username: 'racer' });
    await Promise.all([
      services.identities.suspend(ctx, { identityId: id }),
      services.identities.change(ctx, {
        id,
        change: (current: object) => ({ ...current, displayName: 'Racer' }),
      }),
    ]);
    expect(await services.identities.find(ctx, id)).toMatchObject({
      status: 'SUSPENDED',
      display_name: 'Racer',
      version: 3,
    });
  });

  it('does not let the last administrator be taken out of the access group', async () => {
    const ctx = await caller(ALL_SCOPES);
    const groups = await services.groups.list(ctx, {}, {});
    const access = groups.items
      .map(({ node }) => node)
      .find((group) => group.managed === 'ADMIN_CONSOLE_ACCESS');
    const admin = await services.identities.findByUsername(database.db, mine.adminRealmId, 'me@example.com');
    const removal = { groupId: access?.id, identityIds: [admin?.id] };
    await expect(services.groups.removeMembers(ctx, removal)).rejects.toMatchObject({
      code: 'ADMIN_LOCKOUT',
    });
    const members = await services.groups.members(ctx, access?.id ?? '', {});
    expect(members.items).toHaveLength(1);
  });

  it('does not let anyone give a scope that they do not hold', async () => {
    const ctx = await caller(['groups:read', 'groups:update', 'identities:create']);
    const groups = await services.groups.list(ctx, { query: 'admin console' }, {});
    const { id } = await services.identities.create(ctx, { username: 'climber' });
    await expect(
      services.groups.addMembers(ctx, { groupId: groups.items[0]?.node.id, identityIds: [id] }),
    ).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
  });

  it('does not let anyone make a binding link for someone who holds more than they do', async () => {
    const admin = await services.identities.findByUsername(database.db, mine.adminRealmId, 'me@example.com');
    const helpDesk = await caller(['credential-binding-jobs:create', 'identities:create']);
    await expect(services.bindingJobs.create(helpDesk, { identityId: admin?.id })).rejects.toMatchObject({
      code: 'SCOPE_NOT_HELD',
    });
    const plain = await services.identities.create(helpDesk, { username: 'plain' });
    expect(await services.bindingJobs.create(helpDesk, { identityId: plain.id })).toMatchObject({
      link: expect.stringContaining('#token='),
    });
  });

  it('lets a link grow no power: promoted meanwhile, its holder needs another one', async () => {
    const ctx = await caller(ALL_SCOPES);
    const helpDesk = await caller(['credential-binding-jobs:create', 'identities:create']);
    const { id } = await services.identities.create(helpDesk, { username: 'decoy' });
    const { link } = await services.bindingJobs.create(helpDesk, { identityId: id });
    const token = link.split('#token=')[1];
    expect(await services.registration.open(ctx, { token })).toMatchObject({ result: 'open' });
    const groups = await services.groups.list(ctx, { query: 'admin console' }, {});
    await services.groups.addMembers(ctx, { groupId: groups.items[0]?.node.id, identityIds: [id] });
    expect(await services.registration.options(ctx, { token })).toMatchObject({ code: 'LINK_OUTGROWN' });
    const fresh = await services.bindingJobs.create(ctx, { identityId: id });
    const again = { token: fresh.link.split('#token=')[1] };
    expect(await services.registration.options(ctx, again)).toMatchObject({ result: 'options' });
    await services.groups.removeMembers(ctx, { groupId: groups.items[0]?.node.id, identityIds: [id] });
  });

  it('keeps the only link that leads to an administrator, and lets the operator recover one', async () => {
    const ctx = await caller(ALL_SCOPES);
    const admin = await services.identities.findByUsername(database.db, mine.adminRealmId, 'me@example.com');
    const jobs = await services.bindingJobs.list(ctx, { identityId: admin?.id ?? '' }, {});
    const [only] = jobs.items;
    await expect(
      services.bindingJobs.revoke(ctx, { credentialBindingJobId: only?.node.id }),
    ).rejects.toMatchObject({ code: 'ADMIN_LOCKOUT' });
    const operator = await services.tenants.operatorContext(
      facts(),
      { kind: 'SYSTEM', displayName: 'Operator' },
      mine.tenantId,
    );
    const made = await services.tenants.recover(operator, {
      username: 'ME@example.com',
      expiresInSeconds: 60,
    });
    expect(made.did).toEqual(['A binding link was made.']);
    const events = await services.events.list(ctx, { types: ['administrator.recovered'] }, {});
    expect(events.items[0]?.node).toMatchObject({ actor_kind: 'SYSTEM', actor_name: 'Operator' });
    await services.bindingJobs.revoke(ctx, { credentialBindingJobId: only?.node.id });
  });

  it('lets nobody act on an identity, or redirect an application, that holds more than they do', async () => {
    const ctx = await caller(ALL_SCOPES);
    const admin = await services.identities.findByUsername(database.db, mine.adminRealmId, 'me@example.com');
    const helpDesk = await caller(['identities:update', 'identities:delete', 'applications:update']);
    for (const attempt of [
      () =>
        services.identities.change(helpDesk, {
          id: admin?.id,
          change: (now: object) => ({ ...now, username: 'x' }),
        }),
      () => services.identities.suspend(helpDesk, { identityId: admin?.id ?? '' }),
      () => services.identities.remove(helpDesk, { identityId: admin?.id }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
    const servers = await services.resourceServers.list(ctx, undefined, {});
    const { application } = await services.applications.create(ctx, {
      displayName: 'Automation',
      type: 'PUBLIC',
      grantTypes: ['authorization_code'],
      redirectUris: ['https://ours.example/callback'],
      resourceServerId: servers.items[0]?.node.id,
      allowedScopes: ['realms:read'],
    });
    await expect(
      services.applications.change(helpDesk, {
        applicationId: application.id,
        redirectUris: ['https://evil.example/callback'],
      }),
    ).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
  });

  it('allows no name that hides or reorders its characters', async () => {
    const ctx = await caller(ALL_SCOPES);
    for (const username of ['ad\u200Bmin', 'ad\u202Enim', 'ad\u0000min'])
      await expect(
        services.identities.create(ctx, { username }),
        JSON.stringify(username),
      ).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    expect(await services.identities.create(ctx, { username: 'نام\u200Cکاربر' })).toBeDefined();
  });

  it('refuses a redirect to a stranger and an http address off the loopback', async () => {
    const ctx = await caller(ALL_SCOPES);
    const admin = await services.identities.findByUsername(database.db, mine.adminRealmId, 'me@example.com');
    await expect(
      services.bindingJobs.create(ctx, { identityId: admin?.id, redirectUri: 'https://evil.example/' }),
    ).rejects.toMatchObject({ path: ['redirectUri'] });
    const wanted = { displayName: 'App', type: 'PUBLIC', grantTypes: ['authorization_code'] };
    await expect(
      services.applications.create(ctx, { ...wanted, redirectUris: ['http://app.example/callback'] }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('keeps events and policy versions as they were: the database refuses a change', async () => {
    await expect(database.pool.query('update events set outcome = $1', ['FORGED'])).rejects.toThrow(
      /immutable/,
    );
    await expect(database.pool.query('delete from events')).rejects.toThrow(/immutable/);
    await expect(database.pool.query('delete from policy_versions')).rejects.toThrow(/immutable/);
  });

  it('keeps private keys wrapped, and opens them only for their own realm', async () => {
    const [key] = await services.keys.privateKeys(mine.adminRealmId);
    expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', d: expect.any(String) });
    const stored = await database.pool.query('select wrapped_private_jwk from signing_keys');
    for (const row of stored.rows) expect(row.wrapped_private_jwk.toString('latin1')).not.toContain('"d"');
  });
});
