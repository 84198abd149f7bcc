import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

const ROLE = 'role { id version displayName scopes assignments { nodes { holderKind holderName } } }';

interface Role {
  id: string;
  version: number;
  displayName: string;
  scopes: string[];
  assignments: { nodes: { holderKind: string; holderName: string }[] };
}
interface Payload {
  role: Role | null;
  deletedRoleId?: string | null;
  results?: { kind: string; id: string; changed: boolean; error: { code: string } | null }[];
  errors: { code: string; message: string; path: string[] | null }[];
}
const MUTATIONS = {
  createRole: [ROLE, 'CreateRoleInput'],
  updateRole: [ROLE, 'UpdateRoleInput'],
  deleteRole: ['deletedRoleId', 'DeleteRoleInput'],
  assignRole: [`${ROLE} results { kind id changed error { code } }`, 'AssignRoleInput'],
  unassignRole: [`${ROLE} results { kind id changed error { code } }`, 'UnassignRoleInput'],
} as const;
type Mutation = keyof typeof MUTATIONS;

describe('roles in GraphQL', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let token: string;
  let serverId: string;
  beforeAll(async () => {
    test = await buildTestApp();
    token = await test.apiToken();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Clinic' });
    realm = await test.caller(undefined, row.id);
    const server = await test.services.resourceServers.create(realm, {
      displayName: 'Pets',
      identifier: 'https://pets.example.com',
      scopes: ['pets:read', 'pets:write', 'pets:sell'].map((name) => ({ name })),
    });
    serverId = server.id;
  });
  afterAll(() => test.close());

  async function run(name: Mutation, input: object, as = token): Promise<Payload> {
    const [fields, type] = MUTATIONS[name];
    const answer = await test.graphql<Record<Mutation, Payload>>(
      as,
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code message path } } }`,
      { input: { realmId: realm.realm.id, ...input } },
    );
    if (answer.errors) throw new Error(String(answer.errors[0]?.extensions.code));
    return answer.data[name];
  }

  async function made(scopes: string[], displayName = newId()): Promise<Role> {
    const { role, errors } = await run('createRole', { resourceServerId: serverId, displayName, scopes });
    if (!role) throw new Error(errors[0]?.message);
    return role;
  }

  const person = () => test.services.identities.create(realm, { username: newId(), displayName: 'Ada' });
  const group = () => test.services.groups.create(realm, { displayName: newId() });

  it('are named sets of scopes of one resource server', async () => {
    const role = await made(['pets:write', 'pets:read', 'pets:read'], 'Vet');
    expect(role).toMatchObject({ version: 1, scopes: ['pets:read', 'pets:write'] });
    const twice = await run('createRole', { resourceServerId: serverId, displayName: 'VET', scopes: [] });
    expect(twice.errors).toMatchObject([{ code: 'ROLE_NAME_TAKEN', path: ['displayName'] }]);
    const unknown = await run('createRole', {
      resourceServerId: serverId,
      displayName: 'Other',
      scopes: ['pets:eat'],
    });
    expect(unknown.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['scopes'] }]);
    const changed = await run('updateRole', { roleId: role.id, scopes: ['pets:sell'], ifVersion: 1 });
    expect(changed.role).toMatchObject({ version: 2, scopes: ['pets:sell'], displayName: 'Vet' });
    const stale = await run('updateRole', { roleId: role.id, displayName: 'X', ifVersion: 1 });
    expect(stale.errors).toMatchObject([{ code: 'VERSION_MISMATCH' }]);
  });

  it('are given to people and groups by many ids, with an answer for each', async () => {
    const role = await made(['pets:read']);
    const [ada, team] = [await person(), await group()];
    const nobody = newId();
    const given = await run('assignRole', {
      roleId: role.id,
      identityIds: [ada.id, nobody, 'not an id'],
      groupIds: [team.id],
    });
    expect(given.results).toEqual([
      { kind: 'IDENTITY', id: ada.id, changed: true, error: null },
      { kind: 'IDENTITY', id: nobody, changed: false, error: { code: 'NOT_FOUND' } },
      { kind: 'IDENTITY', id: 'not an id', changed: false, error: { code: 'NOT_FOUND' } },
      { kind: 'GROUP', id: team.id, changed: true, error: null },
    ]);
    expect(given.role?.assignments.nodes).toEqual(
      expect.arrayContaining([
        { holderKind: 'IDENTITY', holderName: 'Ada' },
        { holderKind: 'GROUP', holderName: team.display_name },
      ]),
    );
    const again = await run('assignRole', { roleId: role.id, groupIds: [team.id] });
    expect(again.results).toMatchObject([{ changed: false, error: null }]);
    const taken = await run('unassignRole', { roleId: role.id, identityIds: [ada.id, ada.id] });
    expect(taken.results).toMatchObject([{ id: ada.id, changed: true }]);
    expect(taken.role?.assignments.nodes).toHaveLength(1);
    const events = await test.database.db
      .selectFrom('events')
      .select('type')
      .where('subject_id', '=', ada.id)
      .where('type', 'in', ['role.assigned', 'role.unassigned'])
      .execute();
    expect(events.map(({ type }) => type).sort()).toEqual(['role.assigned', 'role.unassigned']);
    for (const none of [{}, { identityIds: Array.from({ length: 1001 }, () => ada.id) }])
      expect((await run('assignRole', { roleId: role.id, ...none })).errors[0]?.code).toBe('INVALID_INPUT');
  });

  it('say of every scope which way it came, directly and through groups', async () => {
    const [reader, writer] = [await made(['pets:read']), await made(['pets:read', 'pets:write'])];
    const [ada, team] = [await person(), await group()];
    await test.services.groups.addMembers(realm, { groupId: team.id, identityIds: [ada.id] });
    await run('assignRole', { roleId: reader.id, identityIds: [ada.id] });
    await run('assignRole', { roleId: writer.id, groupIds: [team.id] });
    const ask = async () => {
      const answer = await test.graphql<{
        realm: {
          identity: {
            roleAssignments: unknown[];
            effectiveScopes: { scope: string; through: { roleName: string; groupName: string | null }[] }[];
          };
        };
      }>(
        token,
        `query ($realm: ID!, $id: ID!, $server: ID!) { realm(id: $realm) { identity(id: $id) {
          roleAssignments { role { displayName } } effectiveScopes(resourceServerId: $server) {
            scope reachesRealmIds through { roleName groupName } } } } }`,
        { realm: realm.realm.id, id: ada.id, server: serverId },
      );
      return answer.data.realm.identity;
    };
    const held = await ask();
    expect(held.roleAssignments).toHaveLength(2);
    expect(held.effectiveScopes.map(({ scope }) => scope)).toEqual(['pets:read', 'pets:write']);
    expect(held.effectiveScopes[0]?.through).toEqual(
      expect.arrayContaining([
        { roleName: reader.displayName, groupName: null },
        { roleName: writer.displayName, groupName: team.display_name },
      ]),
    );
    await test.services.groups.removeMembers(realm, { groupId: team.id, identityIds: [ada.id] });
    expect((await ask()).effectiveScopes.map(({ scope }) => scope)).toEqual(['pets:read']);
  });

  it('do not vanish while somebody holds them, unless that was said', async () => {
    const role = await made(['pets:read']);
    const team = await group();
    await run('assignRole', { roleId: role.id, groupIds: [team.id] });
    const refused = await run('deleteRole', { roleId: role.id });
    expect(refused.errors).toMatchObject([{ code: 'IN_USE', path: ['roleId'] }]);
    expect(refused.errors[0]?.message).toContain(`the group “${team.display_name}”`);
    expect(await run('deleteRole', { roleId: role.id, cascade: true })).toMatchObject({
      deletedRoleId: role.id,
      errors: [],
    });
  });

  it('reach no other realm when they are not of the Management API', async () => {
    const role = await made(['pets:read']);
    const ada = await person();
    const refused = await run('assignRole', {
      roleId: role.id,
      identityIds: [ada.id],
      reachesRealmIds: [realm.realm.id],
    });
    expect(refused.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['reachesRealmIds'] }]);
  });

  it('are missing in another realm, their holders too, and need their scopes', async () => {
    const role = await made(['pets:read']);
    const stranger = await test.services.identities.create(await test.caller(), { username: newId() });
    const given = await run('assignRole', { roleId: role.id, identityIds: [stranger.id] });
    expect(given.results).toMatchObject([{ changed: false, error: { code: 'NOT_FOUND' } }]);
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Other' });
    const elsewhere = await run('deleteRole', { realmId: other.id, roleId: role.id });
    expect(elsewhere.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const weak = await test.apiToken(['roles:read', 'identities:update', 'groups:update']);
    const attempts: [Mutation, object][] = [
      ['createRole', { resourceServerId: serverId, displayName: 'x', scopes: [] }],
      ['updateRole', { roleId: role.id }],
      ['deleteRole', { roleId: role.id }],
      ['assignRole', { roleId: role.id, identityIds: [stranger.id] }],
      ['unassignRole', { roleId: role.id, identityIds: [stranger.id] }],
    ];
    for (const [name, input] of attempts) await expect(run(name, input, weak)).rejects.toThrow('FORBIDDEN');
  });
});
