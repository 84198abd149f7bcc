import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWork } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/permissions.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

interface Server {
  id: string;
  identifier: string;
  version: number;
  scopes: { name: string; description: string }[];
}
interface Payload {
  resourceServer: Server | null;
  deletedResourceServerId?: string | null;
  errors: { code: string; message: string; path: string[] | null }[];
}

const MUTATIONS = {
  createResourceServer: 'CreateResourceServerInput',
  updateResourceServer: 'UpdateResourceServerInput',
  addResourceServerScopes: 'AddResourceServerScopesInput',
  describeResourceServerScope: 'DescribeResourceServerScopeInput',
  removeResourceServerScopes: 'RemoveResourceServerScopesInput',
  deleteResourceServer: 'DeleteResourceServerInput',
} as const;
type Mutation = keyof typeof MUTATIONS;

describe('resource servers in GraphQL', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let token: string;
  beforeAll(async () => {
    test = await buildTestApp();
    token = await test.apiToken();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'APIs' });
    realm = await test.caller(undefined, row.id);
  });
  afterAll(() => test.close());

  async function run(name: Mutation, input: object, as = token, realmId = realm.realm.id) {
    const fields =
      name === 'deleteResourceServer'
        ? 'deletedResourceServerId'
        : 'resourceServer { id identifier version scopes { name description } }';
    const answer = await test.graphql<Record<Mutation, Payload>>(
      as,
      `mutation ($input: ${MUTATIONS[name]}!) { ${name}(input: $input) { ${fields} errors { code message path } } }`,
      { input: { realmId, ...input } },
    );
    if (answer.errors) throw new Error(String(answer.errors[0]?.extensions.code));
    return answer.data[name];
  }

  async function pets(scopes = ['pets:read', 'pets:write']): Promise<Server> {
    const made = await run('createResourceServer', {
      displayName: 'Pets',
      identifier: `https://${newId()}.example.com`,
      scopes: scopes.map((name) => ({ name, description: `May ${name}` })),
    });
    if (!made.resourceServer) throw new Error(made.errors[0]?.message);
    return made.resourceServer;
  }

  const find = async (id: string, as = token) => {
    const answer = await test.graphql<{
      realm: { resourceServer: (Server & { usage: Record<string, { displayName: string }[]> }) | null };
    }>(
      as,
      `query ($realm: ID!, $id: ID!) { realm(id: $realm) { resourceServer(id: $id) { id identifier version
        scopes { name description } usage(scopes: ["pets:write"]) { roles { displayName } applications { displayName } } } } }`,
      { realm: realm.realm.id, id },
    );
    return answer.data.realm.resourceServer;
  };

  /** A role and an application that use both scopes of a resource server. */
  async function use({ id }: Server) {
    const role = await test.database.db.transaction().execute(async (tx) => {
      const { work, flush } = openWork(realm, tx);
      const made = await test.services.roles.createIn(work, {
        resourceServerId: id,
        displayName: 'Vet',
        description: '',
        managed: null,
        scopes: ['pets:read', 'pets:write'],
      });
      await flush();
      return made;
    });
    const { application } = await test.services.applications.create(realm, {
      displayName: 'Surgery',
      type: 'CONFIDENTIAL',
      grantTypes: ['client_credentials'],
      resourceServerId: id,
      allowedScopes: ['pets:read', 'pets:write'],
    });
    return { role, application };
  }

  it('are made with scopes, found by name and identifier, and changed at the version that was seen', async () => {
    const server = await pets();
    expect(server).toMatchObject({
      version: 1,
      scopes: [
        { name: 'pets:read', description: 'May pets:read' },
        { name: 'pets:write', description: 'May pets:write' },
      ],
    });
    const taken = await run('createResourceServer', { displayName: 'Again', identifier: server.identifier });
    expect(taken.errors).toMatchObject([{ code: 'IDENTIFIER_TAKEN', path: ['identifier'] }]);
    const changed = await run('updateResourceServer', {
      resourceServerId: server.id,
      displayName: 'Animals',
      ifVersion: 1,
    });
    expect(changed.resourceServer).toMatchObject({ version: 2, identifier: server.identifier });
    const stale = await run('updateResourceServer', {
      resourceServerId: server.id,
      displayName: 'Beasts',
      ifVersion: 1,
    });
    expect(stale.errors).toMatchObject([{ code: 'VERSION_MISMATCH' }]);
    for (const query of ['anim', server.identifier.slice(8, 30)]) {
      const page = await test.services.resourceServers.list(realm, query, {});
      expect(page.items.map(({ node }) => node.id)).toEqual([server.id]);
    }
  });

  it.each([
    ['a scope with a space', { scopes: [{ name: 'pets read' }] }],
    ['a scope of OpenID Connect', { scopes: [{ name: 'openid' }] }],
    ['a scope twice', { scopes: [{ name: 'a' }, { name: 'a' }] }],
    ['a scope with a quotation mark', { scopes: [{ name: 'a"b' }] }],
    ['an identifier with a fragment', { identifier: 'https://api.example.com#x' }],
    ['no name', { displayName: ' ' }],
  ])('refuse %s', async (_what, wrong) => {
    const wanted = { displayName: 'Wrong', identifier: `urn:${newId()}`, ...wrong };
    const refused = await run('createResourceServer', wanted);
    expect(refused.resourceServer).toBeNull();
    expect(refused.errors[0]?.code).toBe('INVALID_INPUT');
  });

  it('gain and describe scopes', async () => {
    const { id } = await pets();
    const grown = await run('addResourceServerScopes', {
      resourceServerId: id,
      scopes: [{ name: 'pets:feed' }, { name: 'pets:read', description: 'Another text' }],
    });
    expect(grown.resourceServer?.scopes).toMatchObject([
      { name: 'pets:feed', description: '' },
      { name: 'pets:read', description: 'May pets:read' },
      { name: 'pets:write' },
    ]);
    const told = await run('describeResourceServerScope', {
      resourceServerId: id,
      name: 'pets:feed',
      description: 'Feed them',
    });
    expect(told.resourceServer?.scopes[0]).toEqual({ name: 'pets:feed', description: 'Feed them' });
    const missing = await run('describeResourceServerScope', {
      resourceServerId: id,
      name: 'pets:sell',
      description: 'x',
    });
    expect(missing.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['name'] }]);
  });

  it('say who would lose a scope, and take it from all of them at once', async () => {
    const server = await pets();
    const { role, application } = await use(server);
    expect((await find(server.id))?.usage).toEqual({
      roles: [{ displayName: 'Vet' }],
      applications: [{ displayName: 'Surgery' }],
    });
    const wanted = { resourceServerId: server.id, names: ['pets:write'] };
    const refused = await run('removeResourceServerScopes', wanted);
    expect(refused.errors[0]).toMatchObject({ code: 'IN_USE', path: ['names'] });
    expect(refused.errors[0]?.message).toContain('the role “Vet”, the application “Surgery”');
    const done = await run('removeResourceServerScopes', { ...wanted, cascade: true });
    expect(done.resourceServer?.scopes.map(({ name }) => name)).toEqual(['pets:read']);
    const row = await test.services.applications.findRow(realm.realm.id, application.id);
    expect(row?.allowed_scopes).toEqual(['pets:read']);
    const { db } = test.database;
    const left = await db.selectFrom('role_scopes').select('scope').where('role_id', '=', role.id).execute();
    expect(left).toEqual([{ scope: 'pets:read' }]);
    const events = await db
      .selectFrom('events')
      .select('type')
      .where('realm_id', '=', realm.realm.id)
      .where('subject_id', 'in', [role.id, application.id, server.id])
      .execute();
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['role.updated', 'application.updated', 'resource_server.scopes_removed']),
    );
  });

  it('go with their roles, and leave their applications, where that was said', async () => {
    const server = await pets();
    const { role, application } = await use(server);
    const refused = await run('deleteResourceServer', { resourceServerId: server.id });
    expect(refused.errors).toMatchObject([{ code: 'IN_USE', path: ['resourceServerId'] }]);
    expect(await find(server.id)).not.toBeNull();
    const done = await run('deleteResourceServer', { resourceServerId: server.id, cascade: true });
    expect(done.deletedResourceServerId).toBe(server.id);
    expect(await find(server.id)).toBeNull();
    const row = await test.services.applications.findRow(realm.realm.id, application.id);
    expect(row).toMatchObject({ resource_server_id: null, allowed_scopes: [] });
    const { db } = test.database;
    expect(await db.selectFrom('roles').select('id').where('id', '=', role.id).execute()).toEqual([]);
  });

  it('of Keyrealm itself stay as they are', async () => {
    const admin = await test.caller();
    const [managed] = (await test.services.resourceServers.list(admin, undefined, {})).items;
    const wanted = { resourceServerId: managed?.node.id };
    const attempts: [Mutation, object][] = [
      ['updateResourceServer', { ...wanted, displayName: 'Mine' }],
      ['addResourceServerScopes', { ...wanted, scopes: [{ name: 'root' }] }],
      ['removeResourceServerScopes', { ...wanted, names: ['realms:read'], cascade: true }],
      ['deleteResourceServer', { ...wanted, cascade: true }],
    ];
    for (const [name, input] of attempts) {
      const refused = await run(name, input, token, admin.realm.id);
      expect(refused.errors).toMatchObject([{ code: 'MANAGED_OBJECT' }]);
    }
  });

  it('are missing in another realm, and need their scopes', async () => {
    const server = await pets();
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Other' });
    const elsewhere = await run('deleteResourceServer', { resourceServerId: server.id }, token, other.id);
    expect(elsewhere.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const attempts: [Mutation, object, Scope][] = [
      ['createResourceServer', { displayName: 'x', identifier: 'x' }, 'resource-servers:create'],
      ['updateResourceServer', { resourceServerId: server.id }, 'resource-servers:update'],
      [
        'addResourceServerScopes',
        { resourceServerId: server.id, scopes: [{ name: 'x' }] },
        'resource-servers:update',
      ],
      [
        'describeResourceServerScope',
        { resourceServerId: server.id, name: 'x', description: 'x' },
        'resource-servers:update',
      ],
      [
        'removeResourceServerScopes',
        { resourceServerId: server.id, names: ['x'] },
        'resource-servers:update',
      ],
      ['deleteResourceServer', { resourceServerId: server.id }, 'resource-servers:delete'],
    ];
    const scopes = new Set(attempts.map(([, , scope]) => scope));
    for (const [name, input, scope] of attempts) {
      const others = ['resource-servers:read', ...scopes].filter((one) => one !== scope) as Scope[];
      const weak = await test.apiToken(others);
      await expect(run(name, input, weak)).rejects.toThrow('FORBIDDEN');
    }
  });
});
