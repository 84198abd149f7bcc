import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string;
  endCursor: string;
}

describe('groups in GraphQL', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let token: string;

  beforeAll(async () => {
    test = await buildTestApp();
    token = await test.apiToken();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Teams' });
    realm = await test.caller(undefined, row.id);
    for (const displayName of ['delta', 'Alpha', 'charlie', 'Bravo', 'Échо'])
      await test.services.groups.create(realm, { displayName });
  });
  afterAll(() => test.close());

  const list = async (args: string, as = token, id = realm.realm.id) => {
    const document = `query ($id: ID!) { realm(id: $id) { groups(${args}) {
      nodes { displayName managed } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
    const answer = await test.graphql<{
      realm: { groups: { nodes: { displayName: string }[]; pageInfo: PageInfo } };
    }>(as, document, { id });
    if (answer.errors) throw new Error(String(answer.errors[0]?.extensions.code));
    const { nodes, pageInfo } = answer.data.realm.groups;
    return { names: nodes.map(({ displayName }) => displayName), pageInfo };
  };
  const remove = async (groupId: string, realmId = realm.realm.id) => {
    const document = `mutation ($input: DeleteGroupInput!) {
      deleteGroup(input: $input) { deletedGroupId errors { code message path } } }`;
    const answer = await test.graphql<{ deleteGroup: unknown }>(token, document, {
      input: { realmId, groupId },
    });
    return answer.data.deleteGroup;
  };

  it('are ordered by name or age and paged both ways, and refuse a cursor of another order', async () => {
    expect((await list('first: 10')).names).toEqual(['Alpha', 'Bravo', 'charlie', 'delta', 'Échо']);
    expect((await list('orderBy: NAME_DESC, first: 2')).names).toEqual(['Échо', 'delta']);
    expect((await list('orderBy: CREATED_AT_ASC, first: 2')).names).toEqual(['delta', 'Alpha']);
    const first = await list('first: 2');
    const { endCursor } = first.pageInfo;
    const second = await list(`first: 2, after: "${endCursor}"`);
    expect(second.names).toEqual(['charlie', 'delta']);
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect((await list(`last: 5, before: "${second.pageInfo.startCursor}"`)).names).toEqual([
      'Alpha',
      'Bravo',
    ]);
    await expect(list(`orderBy: CREATED_AT_ASC, after: "${endCursor}"`)).rejects.toThrow('INVALID_INPUT');
  });

  it('are found by a part of their name and filtered by whose they are', async () => {
    expect((await list('query: "R"')).names).toEqual(['Bravo', 'charlie']);
    expect((await list('filter: { managed: true }')).names).toEqual([]);
    const admin = test.tenant.adminRealmId;
    expect((await list('filter: { managed: true }', token, admin)).names).toEqual(['Admin Console Access']);
    expect((await list('filter: { managed: false }', token, admin)).names).toEqual([]);
    await expect(list('first: 1', await test.apiToken(['identities:read', 'realms:read']))).rejects.toThrow(
      'FORBIDDEN',
    );
  });

  it('can be searched for members, counted, and a member’s groups paged both ways', async () => {
    const group = await test.services.groups.create(realm, { displayName: 'Searched' });
    const ids: string[] = [];
    for (const displayName of ['Zoë Müller', 'Anna Zoller', 'Bob Ross'])
      ids.push((await test.services.identities.create(realm, { username: newId(), displayName })).id);
    await test.services.groups.addMembers(realm, { groupId: group.id, identityIds: ids });
    await test.services.identities.create(realm, { username: 'outside', displayName: 'Zoë Outside' });
    const document = `query ($id: ID!, $group: ID!, $member: ID!) { realm(id: $id) {
      group(id: $group) { memberCount found: members(query: "zo") { nodes { displayName } }
        exact: members(query: "zoe mull", last: 5) { nodes { displayName } } }
      identity(id: $member) { front: groups(first: 2) { nodes { displayName } pageInfo { endCursor } }
        back: groups(last: 1) { nodes { displayName } pageInfo { startCursor hasPreviousPage } } } } }`;
    const more = ['Second', 'Third'];
    for (const displayName of more) {
      const next = await test.services.groups.create(realm, { displayName });
      await test.services.groups.addMembers(realm, { groupId: next.id, identityIds: ids.slice(0, 1) });
    }
    const variables = { id: realm.realm.id, group: group.id, member: ids[0] };
    const answer = await test.graphql<{
      realm: { identity: { back: { pageInfo: { startCursor: string } } } };
    }>(token, document, variables);
    expect(answer.data).toMatchObject({
      realm: {
        group: {
          memberCount: 3,
          found: { nodes: [{ displayName: 'Zoë Müller' }, { displayName: 'Anna Zoller' }] },
          exact: { nodes: [{ displayName: 'Zoë Müller' }] },
        },
        identity: {
          front: { nodes: [{ displayName: 'Searched' }, { displayName: 'Second' }] },
          back: { nodes: [{ displayName: 'Third' }], pageInfo: { hasPreviousPage: true } },
        },
      },
    });
    const before = answer.data.realm.identity.back.pageInfo.startCursor;
    const earlier = await test.graphql(
      token,
      `query ($id: ID!, $member: ID!, $before: String) { realm(id: $id) { identity(id: $member) {
        groups(last: 5, before: $before) { nodes { displayName } } } } }`,
      { ...variables, before },
    );
    expect(earlier.data).toMatchObject({
      realm: { identity: { groups: { nodes: [{ displayName: 'Searched' }, { displayName: 'Second' }] } } },
    });
  });

  it('stay while a role or the policy refers to them, and say which', async () => {
    const { id } = await test.services.groups.create(realm, { displayName: 'Relied on' });
    const { pool } = test.database;
    const ids = { server: newId(), role: newId() };
    await pool.query(
      `insert into resource_servers (realm_id, id, display_name, identifier) values ($1, $2, 'API', 'urn:api')`,
      [realm.realm.id, ids.server],
    );
    await pool.query(
      `insert into roles (realm_id, id, resource_server_id, display_name) values ($1, $2, $3, 'Cashier')`,
      [realm.realm.id, ids.role, ids.server],
    );
    await pool.query(
      'insert into role_assignments (realm_id, id, role_id, group_id) values ($1, $2, $3, $4)',
      [realm.realm.id, newId(), ids.role, id],
    );
    await pool.query(
      `insert into policy_versions (realm_id, version, document, created_by_name)
       select realm_id, 2, jsonb_set(document, '{rules,0,condition}', $2), 'Test' from policy_versions where realm_id = $1`,
      [realm.realm.id, { fact: 'identity.groups', op: 'contains', value: id }],
    );
    await pool.query('update policies set active_version = 2 where realm_id = $1', [realm.realm.id]);
    expect(await remove(id)).toEqual({
      deletedGroupId: null,
      errors: [
        {
          code: 'IN_USE',
          message:
            'This group is used by the role “Cashier”, the policy rule “Bind a passkey through a link”.',
          path: ['groupId'],
        },
      ],
    });
    await pool.query('delete from role_assignments where realm_id = $1', [realm.realm.id]);
    await pool.query('update policies set active_version = 1 where realm_id = $1', [realm.realm.id]);
    expect(await remove(id)).toEqual({ deletedGroupId: id, errors: [] });
    expect(await test.services.groups.find(realm, id)).toBeUndefined();
  });

  it('ask the database as often for many as for few, with their member counts', async () => {
    const statements = async (first: number) => {
      const before = test.database.statements();
      const document = `query ($id: ID!, $first: Int) { realm(id: $id) { groups(first: $first) {
        nodes { memberCount } } } }`;
      const answer = await test.graphql<{ realm: { groups: { nodes: unknown[] } } }>(token, document, {
        id: realm.realm.id,
        first,
      });
      expect(answer.data.realm.groups.nodes).toHaveLength(first);
      return test.database.statements() - before;
    };
    expect(await statements(1)).toBe(await statements(6));
  });
});
