import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/permissions.js';
import { buildTestApp, facts, type TestApp } from '../../testing/app.js';

describe('provisioning clients', () => {
  let test: TestApp;
  let admin: RealmCtx;

  beforeAll(async () => {
    test = await buildTestApp();
    admin = await inNewRealm();
  });
  afterAll(() => test.close());

  async function inNewRealm(): Promise<RealmCtx> {
    const row = await test.services.realms.create(await test.caller(), { displayName: `Realm ${newId()}` });
    return test.caller(undefined, row.id);
  }

  /** What SCIM does with the token of each request. */
  async function throughToken(token: string, realmId: string): Promise<RealmCtx> {
    const { tokens, provisioning } = test.services;
    return provisioning.enter(await tokens.authenticate(facts(), token), realmId);
  }

  async function mint(name: string, scopes: Scope[] = ['scim:all']): Promise<string> {
    return (await test.services.tokens.mint(await test.caller(), { name, scopes, replace: true })).token;
  }

  const clientsOf = async (ctx: RealmCtx) =>
    (await test.services.provisioning.list(ctx, {})).items.map(({ node }) => node);

  it('makes a client once, however many first requests come at the same time', async () => {
    const realm = await inNewRealm();
    const token = await mint('Crowd');
    const entered = await Promise.all(Array.from({ length: 20 }, () => throughToken(token, realm.realm.id)));
    const [client, ...others] = await clientsOf(realm);
    expect(others).toEqual([]);
    expect(new Set(entered.map((ctx) => ctx.provisioning?.clientId))).toEqual(new Set([client?.id]));
    const told = await test.services.events.list(realm, { types: ['provisioning_client.created'] }, {});
    expect(told.items.map(({ node }) => node.subject_name)).toEqual(['Crowd']);
  });

  it('knows a client again after its token was rotated, and tells another token of the application apart', async () => {
    const first = await throughToken(await mint('Okta'), admin.realm.id);
    const rotated = await throughToken(await mint('Okta'), admin.realm.id);
    const other = await throughToken(await mint('Entra'), admin.realm.id);
    expect(rotated.provisioning?.clientId).toBe(first.provisioning?.clientId);
    expect(other.provisioning?.clientId).not.toBe(first.provisioning?.clientId);
  });

  it('keeps the clients of two realms apart, although the token is the same', async () => {
    const token = await mint('Both');
    const [here, there] = [await inNewRealm(), await inNewRealm()];
    const a = await throughToken(token, here.realm.id);
    const b = await throughToken(token, there.realm.id);
    expect(a.provisioning?.clientId).not.toBe(b.provisioning?.clientId);
    const change = { clientId: a.provisioning?.clientId, dryRun: true };
    await expect(test.services.provisioning.updateClient(there, change)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await test.services.provisioning.find(there, a.provisioning?.clientId ?? '')).toBeUndefined();
  });

  it('answers for the realm of another tenant as for one that does not exist', async () => {
    const other = await test.services.tenants.create(facts(), { name: 'Other', adminEmail: 'o@example.com' });
    const token = await mint('Lost');
    const answers = await Promise.all(
      [other.adminRealmId, newId()].map((id) => throughToken(token, id).catch((error: unknown) => error)),
    );
    for (const answer of answers)
      expect(answer).toMatchObject({ code: 'NOT_FOUND', message: 'There is no such realm.' });
  });

  it('lets in nobody without scim:all', async () => {
    const token = await mint('Reader', ['identities:read', 'identities:delete']);
    await expect(throughToken(token, admin.realm.id)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'This needs the scope scim:all.',
    });
  });

  it('makes no client of a person, and gives a person nothing that they do not hold', async () => {
    const realm = await inNewRealm();
    const reader = await test.caller(['scim:all', 'identities:read', 'realms:update'], realm.realm.id);
    const actor = {
      kind: 'IDENTITY',
      id: newId(),
      realmId: newId(),
      displayName: 'A',
      username: 'a',
    } as const;
    const entered = await test.services.provisioning.enter({ ...reader, actor }, reader.realm.id);
    expect([...entered.grants.keys()]).toEqual(['identities:read']);
    expect(entered.provisioning).toBeUndefined();
    expect(await clientsOf(realm)).toEqual([]);
  });

  it('gives a client the identities and groups of this realm, and nothing else that its token holds', async () => {
    const everything = await mint('Powerful', ['scim:all', 'realms:update', 'tokens:create']);
    const entered = await throughToken(everything, admin.realm.id);
    expect([...entered.grants.keys()].sort()).toEqual([
      'groups:create',
      'groups:delete',
      'groups:read',
      'groups:update',
      'identities:create',
      'identities:delete',
      'identities:read',
      'identities:update',
    ]);
    for (const reach of entered.grants.values()) expect(reach).toEqual(new Set([admin.realm.id]));
    await expect(
      test.services.provisioning.updateClient(entered, {
        clientId: entered.provisioning?.clientId,
        adoptsUnowned: true,
      }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('finds the realm and a known client in one statement, and writes at most once a minute that it was here', async () => {
    const token = await mint('Steady');
    const entered = await throughToken(token, admin.realm.id);
    const { tokens, provisioning } = test.services;
    const caller = await tokens.authenticate(facts(), token);
    const before = test.database.statements();
    for (let i = 0; i < 10; i++) await provisioning.enter(caller, admin.realm.id);
    expect(test.database.statements() - before).toBe(10);
    const clientId = entered.provisioning?.clientId ?? '';
    const longAgo = new Date(Date.now() - 61_000);
    await test.database.db
      .updateTable('provisioning_clients')
      .set({ last_seen_at: longAgo })
      .where('id', '=', clientId)
      .execute();
    await provisioning.enter(caller, admin.realm.id);
    const seen = await provisioning.find(admin, clientId);
    expect(seen?.last_seen_at.getTime()).toBeGreaterThan(longAgo.getTime() + 60_000);
    expect(seen?.version).toBe(1);
  });

  it('leaves nothing behind of what a client in dry-run mode does, and answers as if it had', async () => {
    const realm = await inNewRealm();
    const { provisioning, identities } = test.services;
    const token = await mint('Rehearsal');
    const { provisioning: client } = await throughToken(token, realm.realm.id);
    await provisioning.updateClient(realm, { clientId: client?.clientId, dryRun: true });
    const entered = await throughToken(token, realm.realm.id);
    expect(entered.dryRun).toBe(true);
    const made = await identities.create(entered, { username: 'nobody' });
    expect(made.username).toBe('nobody');
    expect((await identities.list(realm, {}, 'USERNAME_ASC', {})).items).toEqual([]);
    const kept = await identities.create({ ...entered, dryRun: false }, { username: 'stays' });
    await identities.suspend(entered, { identityId: kept.id });
    await identities.remove(entered, { identityId: kept.id });
    expect(await identities.find(realm, kept.id)).toMatchObject({ status: 'ACTIVE', version: 1 });
    const events = await test.services.events.list(realm, {}, {});
    expect(events.items.map(({ node }) => node.type).filter((type) => type.startsWith('identity.'))).toEqual([
      'identity.created',
    ]);
    const counted = await test.database.db
      .selectFrom('provisioning_deprovisions')
      .selectAll()
      .where('realm_id', '=', realm.realm.id)
      .execute();
    expect(counted).toEqual([]);
  });

  it('records each change of its settings by name, and refuses one that was made on an older version', async () => {
    const entered = await throughToken(await mint('Settings'), admin.realm.id);
    const clientId = entered.provisioning?.clientId;
    const changed = await test.services.provisioning.updateClient(admin, {
      clientId,
      ifVersion: 1,
      adoptsUnowned: true,
      maxPercent: null,
      windowMinutes: 60,
    });
    expect(changed).toMatchObject({ adopts_unowned: true, max_percent: null, max_count: 1000, version: 2 });
    await expect(
      test.services.provisioning.updateClient(admin, { clientId, ifVersion: 1, dryRun: true }),
    ).rejects.toMatchObject({ code: 'VERSION_MISMATCH' });
    const told = await test.services.events.list(
      admin,
      { types: ['provisioning_client.updated'], involvesId: clientId },
      {},
    );
    expect(told.items.map(({ node }) => node.data)).toEqual([{ changed: ['adoptsUnowned', 'maxPercent'] }]);
  });
});
