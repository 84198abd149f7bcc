import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWork } from '../../kernel/command.js';
import type { Ctx, Reach, RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { ALL_SCOPES, type Scope } from '../../kernel/permissions.js';
import { buildTestApp, facts, type TestApp } from '../../testing/app.js';

describe('delegated administration', () => {
  let test: TestApp;
  let admin: RealmCtx;
  let mine: string;
  let other: string;
  beforeAll(async () => {
    test = await buildTestApp();
    admin = await test.caller();
    mine = (await test.services.realms.create(admin, { displayName: 'Mine' })).id;
    other = (await test.services.realms.create(admin, { displayName: 'Theirs' })).id;
  });
  afterAll(() => test.close());

  const person = (username = newId()) => test.services.identities.create(admin, { username });

  async function roleNamed(displayName: string): Promise<string> {
    const page = await test.services.roleChanges.list(admin, { query: displayName }, {});
    return page.items.find(({ node }) => node.display_name === displayName)?.node.id ?? '';
  }

  const give = (roleId: string, identityId: string, reachesRealmIds: string[] | null = null) =>
    test.services.roleAssignments.assign(admin, { roleId, identityIds: [identityId], reachesRealmIds });

  /** What a token of the identity would carry, entered like one: with what it holds now, as far as it reaches. */
  async function as(identity: { id: string; username: string }, realmId?: string): Promise<RealmCtx> {
    const grants = await test.database.db.transaction().execute(async (tx) => {
      return test.services.roles.managementGrants(openWork(admin, tx).work, admin.realm.id, identity.id);
    });
    const held = new Map<Scope, Reach>([...grants].map(([scope, reach]) => [scope as Scope, reach]));
    const ctx: Ctx = {
      ...facts(),
      actor: {
        kind: 'IDENTITY',
        id: identity.id,
        realmId: admin.realm.id,
        displayName: identity.username,
        username: identity.username,
      },
      tenantId: test.tenant.tenantId,
      grants: held,
    };
    return realmId === undefined
      ? test.services.realms.enterAdmin(ctx)
      : test.services.realms.enter(ctx, realmId);
  }

  it('has predefined roles, which can be given and taken and stay what they are', async () => {
    const page = await test.services.roleChanges.list(admin, {}, {});
    expect(page.items.map(({ node }) => node.managed).sort()).toEqual([
      'AUDITOR',
      'DIRECTORY_ADMINISTRATOR',
      'HELP_DESK',
      'READ_ONLY',
      'REALM_ADMINISTRATOR',
      'SUPER_ADMINISTRATOR',
    ]);
    const ids = page.items.map(({ node }) => node.id);
    const scopes = await test.services.roleChanges.scopesFor(admin, ids);
    const of = (managed: string) =>
      scopes[page.items.findIndex(({ node }) => node.managed === managed)] ?? [];
    expect(of('SUPER_ADMINISTRATOR')).toEqual([...ALL_SCOPES].sort());
    for (const reader of ['AUDITOR', 'READ_ONLY'])
      expect(of(reader).filter((scope) => !scope.endsWith(':read'))).toEqual([]);
    expect(of('READ_ONLY')).not.toContain('events:read');
    expect(of('HELP_DESK')).not.toContain('identities:update');
    const roleId = await roleNamed('Help Desk');
    const changed = test.services.roleChanges.update(admin, { roleId, scopes: ['identities:update'] });
    await expect(changed).rejects.toMatchObject({ code: 'MANAGED_OBJECT' });
    const removed = test.services.roleChanges.remove(admin, { roleId, cascade: true });
    await expect(removed).rejects.toMatchObject({ code: 'MANAGED_OBJECT' });
  });

  it('ends at the realms that an assignment names', async () => {
    const ada = await person();
    await give(await roleNamed('Realm Administrator'), ada.id, [mine]);
    const here = await as(ada, mine);
    const made = await test.services.identities.create(here, { username: 'of.mine' });
    expect(made.username).toBe('of.mine');
    await expect(as(ada, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const seen = await test.services.realms.list(await as(ada), undefined, {});
    expect(seen.items.map(({ node }) => node.id)).toEqual([mine]);
    const admins = await as(ada);
    await expect(test.services.identities.list(admins, {}, 'CREATED_AT_ASC', {})).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(test.services.realms.create(admins, { displayName: 'New' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(
      test.services.tokens.mint(admins, { name: 'Mine', scopes: ['identities:read'] }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(
      test.services.roleAssignments.assign(admins, {
        roleId: await roleNamed('Super Administrator'),
        identityIds: [ada.id],
      }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('gives nobody more than the giver holds, nor farther', async () => {
    const custom = await test.services.roleChanges.create(admin, {
      resourceServerId: (await test.services.resourceServers.list(admin, undefined, {})).items[0]?.node.id,
      displayName: 'Gives roles',
      scopes: ['roles:read', 'roles:create', 'roles:update', 'roles:delete', 'identities:read'],
    });
    const bob = await person();
    await give(custom.id, bob.id);
    const giver = await as(bob);
    const target = await person();
    const attempt = (roleId: string, more: object = {}) =>
      test.services.roleAssignments.assign(giver, { roleId, identityIds: [target.id], ...more });
    for (const name of ['Super Administrator', 'Help Desk'])
      await expect(attempt(await roleNamed(name))).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
    const wider = test.services.roleChanges.update(giver, {
      roleId: custom.id,
      scopes: ['roles:read', 'identities:update'],
    });
    await expect(wider).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
    const own = test.services.roleChanges.create(giver, {
      resourceServerId: custom.resource_server_id,
      displayName: 'A way around',
      scopes: ['tokens:create'],
    });
    await expect(own).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
    expect((await attempt(custom.id)).results).toMatchObject([{ changed: true }]);
    const taking = test.services.roleAssignments.unassign(giver, {
      roleId: await roleNamed('Super Administrator'),
      groupIds: [await accessGroup()],
    });
    await expect(taking).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
  });

  it('can not be given for a realm of another tenant', async () => {
    const foreign = await test.services.tenants.create(facts(), { name: 'T', adminEmail: 'a@example.com' });
    const ada = await person();
    const refused = give(await roleNamed('Auditor'), ada.id, [foreign.adminRealmId]);
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT', path: ['reachesRealmIds'] });
  });

  it('is never taken from the last administrator', async () => {
    const refused = test.services.roleAssignments.unassign(admin, {
      roleId: await roleNamed('Super Administrator'),
      groupIds: [await accessGroup()],
    });
    await expect(refused).rejects.toMatchObject({ code: 'ADMIN_LOCKOUT' });
    const narrowed = test.services.roleAssignments.assign(admin, {
      roleId: await roleNamed('Super Administrator'),
      groupIds: [await accessGroup()],
      reachesRealmIds: [mine],
    });
    await expect(narrowed).rejects.toMatchObject({ code: 'ADMIN_LOCKOUT' });
  });

  it('ends a binding link that was made before its holder came to reach farther', async () => {
    const ada = await person();
    const auditor = await roleNamed('Auditor');
    await give(auditor, ada.id, [mine]);
    const { link } = await test.services.bindingJobs.create(admin, { identityId: ada.id });
    const open = () => {
      const visitor = { ...admin, actor: { kind: 'ANONYMOUS' } as const, grants: new Map() };
      return test.services.registration.open(visitor, { token: link?.split('#token=')[1] });
    };
    expect(await open()).toMatchObject({ result: 'open' });
    await give(auditor, ada.id, [mine, other]);
    expect(await open()).toMatchObject({ result: 'refused', code: 'LINK_OUTGROWN' });
    await give(auditor, ada.id, [mine]);
    expect(await open()).toMatchObject({ result: 'open' });
    await give(auditor, ada.id);
    expect(await open()).toMatchObject({ result: 'refused', code: 'LINK_OUTGROWN' });
  });

  async function accessGroup(): Promise<string> {
    const row = await test.database.db
      .selectFrom('groups')
      .select('id')
      .where('realm_id', '=', admin.realm.id)
      .where('managed', '=', 'ADMIN_CONSOLE_ACCESS')
      .executeTakeFirstOrThrow();
    return row.id;
  }
});
