import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import type { Scope } from '../../kernel/permissions.js';
import type { CreatedTenant } from '../../modules/tenants/tenants.service.js';
import { buildTestApp, facts, type TestApp } from '../../testing/app.js';

interface UserErrors {
  errors: { code: string; message: string; path: string[] | null }[];
}

describe('GraphQL', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let other: CreatedTenant;
  let all: string;

  beforeAll(async () => {
    test = await buildTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, row.id);
    other = await test.services.tenants.create(facts(), { name: 'Other', adminEmail: 'you@example.com' });
    all = await test.apiToken();
  });
  afterAll(() => test.close());

  const inRealm = (fields: string) => `query ($id: ID!) { realm(id: $id) { ${fields} } }`;
  const ask = (token: string, fields: string) => test.graphql(token, inRealm(fields), { id: realm.realm.id });

  const READS: [Scope, string][] = [
    ['realms:read', 'version'],
    ['identities:read', 'identities { nodes { id } }'],
    ['groups:read', 'groups { nodes { id } }'],
    ['applications:read', 'applications { nodes { id } }'],
    ['resource-servers:read', 'resourceServers { nodes { id } }'],
    ['credentials:read', 'credentials { nodes { id } }'],
    ['credential-binding-jobs:read', 'credentialBindingJobs { nodes { id } }'],
    ['events:read', 'events { nodes { id } }'],
    ['policies:read', 'policy { rules { sentence } }'],
    ['themes:read', 'theme { primaryColor }'],
  ];

  it.each(READS)('reads with %s and with nothing less', async (scope, fields) => {
    const allowed = await ask(await test.apiToken([scope]), fields);
    expect(allowed.errors).toBeUndefined();
    const without = READS.map(([name]) => name).filter((name) => name !== scope);
    const refused = await ask(await test.apiToken(without), fields);
    expect(refused.errors?.[0]).toMatchObject({
      message: `This needs the scope ${scope}.`,
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it('refuses every mutation without its scope', async () => {
    const id = '01890000-0000-7000-8000-000000000000';
    const target = { realmId: realm.realm.id };
    const mutations: [Scope, string, string, object][] = [
      ['realms:create', 'createRealm', 'CreateRealmInput', { displayName: 'x' }],
      ['realms:update', 'updateRealm', 'UpdateRealmInput', { ...target, displayName: 'x' }],
      ['identities:create', 'createIdentity', 'CreateIdentityInput', { ...target, username: 'x' }],
      ['identities:update', 'updateIdentity', 'UpdateIdentityInput', { ...target, identityId: id }],
      ['identities:update', 'suspendIdentity', 'IdentityActionInput', { ...target, identityId: id }],
      ['identities:update', 'activateIdentity', 'IdentityActionInput', { ...target, identityId: id }],
      ['identities:delete', 'deleteIdentity', 'IdentityActionInput', { ...target, identityId: id }],
      ['groups:create', 'createGroup', 'CreateGroupInput', { ...target, displayName: 'x' }],
      ['groups:update', 'updateGroup', 'UpdateGroupInput', { ...target, groupId: id }],
      ['groups:delete', 'deleteGroup', 'DeleteGroupInput', { ...target, groupId: id }],
      [
        'groups:update',
        'addGroupMembers',
        'GroupMembersInput',
        { ...target, groupId: id, identityIds: [id] },
      ],
      [
        'groups:update',
        'removeGroupMembers',
        'GroupMembersInput',
        { ...target, groupId: id, identityIds: [id] },
      ],
      [
        'credential-binding-jobs:create',
        'createCredentialBindingJob',
        'CreateCredentialBindingJobInput',
        { ...target, identityId: id },
      ],
      [
        'credential-binding-jobs:revoke',
        'revokeCredentialBindingJob',
        'RevokeCredentialBindingJobInput',
        { ...target, credentialBindingJobId: id },
      ],
      ['credentials:revoke', 'revokeCredential', 'RevokeCredentialInput', { ...target, credentialId: id }],
      [
        'applications:create',
        'createApplication',
        'CreateApplicationInput',
        { ...target, displayName: 'x', type: 'PUBLIC', grantTypes: ['AUTHORIZATION_CODE'] },
      ],
      [
        'applications:update',
        'updateApplication',
        'UpdateApplicationInput',
        { ...target, applicationId: id },
      ],
      [
        'applications:delete',
        'deleteApplication',
        'DeleteApplicationInput',
        { ...target, applicationId: id },
      ],
    ];
    const token = await test.apiToken(['events:read']);
    for (const [scope, name, type, input] of mutations) {
      const document = `mutation ($input: ${type}!) { ${name}(input: $input) { errors { code } } }`;
      const answer = await test.graphql(token, document, { input });
      expect(answer.errors?.[0], name).toMatchObject({
        message: `This needs the scope ${scope}.`,
        extensions: { code: 'FORBIDDEN' },
      });
    }
  });

  it('asks who it is before anything else', async () => {
    const anonymous = await test.graphql(undefined, '{ viewer { id } }');
    expect(anonymous.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(anonymous.extensions?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const forged = await test.graphql(`${all.slice(0, -4)}AAAA`, '{ viewer { id } }');
    expect(forged).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it("answers for another tenant's ids as for ids that do not exist, and remembers the attempt", async () => {
    const missing = '01890000-0000-7000-8000-000000000000';
    const shape = (answer: unknown) => JSON.stringify(answer).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id');
    const query = inRealm('displayName');
    const theirs = await test.graphql(all, query, { id: other.adminRealmId });
    expect(theirs.data).toEqual({ realm: null });
    expect(shape(theirs)).toBe(shape(await test.graphql(all, query, { id: missing })));
    const document = `mutation ($input: CreateIdentityInput!) { createIdentity(input: $input) { errors { code message } } }`;
    const write = (realmId: string) => test.graphql(all, document, { input: { realmId, username: 'spy' } });
    const refused = await write(other.adminRealmId);
    expect(refused.data).toMatchObject({ createIdentity: { errors: [{ code: 'NOT_FOUND' }] } });
    expect(shape(refused)).toBe(shape(await write(missing)));
    const events = await test.services.events.list(await test.caller(), { types: ['access.refused'] }, {});
    expect(events.items.map(({ node }) => node.data)).toContainEqual({
      reason: 'realm_out_of_reach',
      target: other.adminRealmId,
    });
  });

  it('hands expected failures back as data, with the path to the field', async () => {
    const document = `mutation ($input: CreateIdentityInput!) {
      createIdentity(input: $input) { identity { username } errors { code message path } }
    }`;
    const create = (input: object) =>
      test.graphql<{ createIdentity: UserErrors }>(all, document, {
        input: { realmId: realm.realm.id, ...input },
      });
    await create({ username: 'Grace', email: 'grace@example.com' });
    expect((await create({ username: 'GRACE' })).data.createIdentity.errors).toMatchObject([
      { code: 'USERNAME_TAKEN', path: ['username'] },
    ]);
    const many = await create({ username: '', email: 'nonsense' });
    expect(many.data.createIdentity.errors.map(({ path }) => path?.[0]).sort()).toEqual([
      'email',
      'username',
    ]);
  });

  it('answers a stale version with VERSION_MISMATCH and changes nothing', async () => {
    const { id } = await test.services.identities.create(realm, { username: 'stale', displayName: 'One' });
    const document = `mutation ($input: UpdateIdentityInput!) {
      updateIdentity(input: $input) { identity { displayName version } errors { code path } warnings { code } }
    }`;
    const update = (displayName: string) =>
      test.graphql(all, document, {
        input: { realmId: realm.realm.id, identityId: id, ifVersion: 1, displayName },
      });
    expect((await update('Two')).data).toMatchObject({
      updateIdentity: { identity: { displayName: 'Two', version: 2 } },
    });
    expect((await update('Three')).data).toMatchObject({
      updateIdentity: {
        identity: null,
        errors: [{ code: 'VERSION_MISMATCH', path: ['ifVersion'] }],
        warnings: [],
      },
    });
  });

  it('pages forth and back without losing or repeating anyone', async () => {
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Crowd' });
    const crowd = await test.caller(undefined, row.id);
    for (let n = 0; n < 25; n++)
      await test.services.identities.create(crowd, { username: `user${String(n).padStart(2, '0')}` });
    const document = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      realm(id: $id) { identities(first: $first, after: $after, last: $last, before: $before) {
        nodes { username } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
    type Page = { nodes: { username: string }[]; pageInfo: Record<string, string | boolean> };
    const page = async (variables: object) =>
      (await test.graphql<{ realm: { identities: Page } }>(all, document, { id: row.id, ...variables })).data
        .realm.identities;
    const seen: string[] = [];
    let at: Page | undefined;
    do {
      at = await page({ first: 7, after: at?.pageInfo.endCursor ?? null });
      seen.push(...at.nodes.map(({ username }) => username));
    } while (at.pageInfo.hasNextPage);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `user${String(n).padStart(2, '0')}`));
    const back = await page({ last: 7, before: at.pageInfo.startCursor });
    expect(back.nodes.map(({ username }) => username)).toEqual(seen.slice(14, 21));
    const wrong = await test.graphql(all, document, { id: row.id, first: 500 });
    expect(wrong.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  });

  it('asks the database a constant number of times, however long the page', async () => {
    const { id } = await test.services.groups.create(realm, { displayName: 'Counted' });
    const made: string[] = [];
    for (let n = 0; n < 30; n++)
      made.push((await test.services.identities.create(realm, { username: `counted${n}` })).id);
    await test.services.groups.addMembers(realm, { groupId: id, identityIds: made });
    const document = `query ($id: ID!, $first: Int) { realm(id: $id) { identities(first: $first, query: "counted") {
      nodes { username groups(first: 5) { nodes { displayName } } credentials(first: 5) { nodes { name } }
        credentialBindingJobs(first: 5) { nodes { status } } } } } }`;
    const statements = async (first: number) => {
      const before = test.database.statements();
      const answer = await test.graphql<{
        realm: { identities: { nodes: { groups: { nodes: unknown[] } }[] } };
      }>(all, document, { id: realm.realm.id, first });
      expect(answer.data.realm.identities.nodes).toHaveLength(first);
      expect(answer.data.realm.identities.nodes[0]?.groups.nodes).toEqual([{ displayName: 'Counted' }]);
      return test.database.statements() - before;
    };
    const few = await statements(2);
    expect(few).toBeLessThan(12);
    expect(await statements(30)).toBe(few);
  });

  it('refuses a query that is too deep or could return too much, before it runs', async () => {
    const deep = (n: number): string =>
      n === 0 ? 'id' : `groups { nodes { members { nodes { ${deep(n - 1)} } } } }`;
    const answer = await ask(all, `identities { nodes { ${deep(3)} } }`);
    expect(answer.errors?.[0]?.extensions.code).toBe('QUERY_TOO_LARGE');
    const wide = await ask(
      all,
      'identities(first: 200) { nodes { groups(first: 200) { nodes { id members(first: 50) { nodes { id } } } } } }',
    );
    expect(wide.errors?.[0]?.extensions.code).toBe('QUERY_TOO_LARGE');
  });

  it('costs no more time than its budget, whatever is sent', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `f${n}`);
    const spreads = names.map((name) => `...${name}`).join(' ');
    const cyclic = `{ ...f0 } ${names.map((name) => `fragment ${name} on Query { ${spreads} }`).join(' ')}`;
    const aliases = Array.from({ length: 50 }, (_, n) => `a${n}: __schema { types { name } }`).join(' ');
    const inner = Array.from({ length: 300 }, (_, n) => `a${n}: types { name }`).join(' ');
    const hidden = (n: number): string =>
      n === 0 ? 'id' : `groups { ... { nodes { members { ... { nodes { ${hidden(n - 1)} } } } } } }`;
    for (const query of [
      cyclic,
      `{ ${aliases} }`,
      `{ __schema { ${inner} } }`,
      `{ tenant { adminRealm { identities { nodes { ${hidden(2)} } } } } }`,
      `{ ${Array.from({ length: 6000 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
    ]) {
      const started = performance.now();
      const answer = await test.graphql(all, query);
      expect(answer.errors?.length, query.slice(0, 60)).toBeGreaterThan(0);
      expect(performance.now() - started).toBeLessThan(2_000);
    }
    const once = await test.graphql(undefined, getIntrospectionQuery());
    expect(once.errors).toBeUndefined();
  });

  it('knows a realm by its id alone, and remembers one refusal a request', async () => {
    const query = '{ a: realm(id: "x") { id } b: realm(id: "admin") { id } c: realm(id: "y") { id } }';
    const before = (await test.services.events.list(await test.caller(), { types: ['access.refused'] }, {}))
      .items;
    expect((await test.graphql(all, query)).data).toEqual({ a: null, b: null, c: null });
    const after = (await test.services.events.list(await test.caller(), { types: ['access.refused'] }, {}))
      .items;
    expect(after.length - before.length).toBe(1);
    const nul = await ask(all, 'identities(query: "\\u0000") { nodes { id } }');
    expect(nul.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  });

  it('keeps the last administrator, and warns when only one is left', async () => {
    const groups = `query ($id: ID!) { realm(id: $id) { groups { nodes { id managed members { nodes { id } } } } } }`;
    const { data } = await test.graphql<{
      realm: { groups: { nodes: { id: string; members: { nodes: { id: string }[] } }[] } };
    }>(all, groups, { id: test.tenant.adminRealmId });
    const [group] = data.realm.groups.nodes;
    const remove = `mutation ($input: GroupMembersInput!) {
      removeGroupMembers(input: $input) { results { changed } errors { code message } warnings { code } } }`;
    const answer = await test.graphql(all, remove, {
      input: {
        realmId: test.tenant.adminRealmId,
        groupId: group?.id,
        identityIds: group?.members.nodes.map(({ id }) => id),
      },
    });
    expect(answer.data).toMatchObject({
      removeGroupMembers: { results: [], errors: [{ code: 'ADMIN_LOCKOUT' }], warnings: [] },
    });
  });

  it('shows a client secret once, and a binding link once', async () => {
    const created = await test.graphql<{
      createApplication: { application: { id: string; secrets: { hint: string }[] }; clientSecret: string };
    }>(
      all,
      `mutation ($input: CreateApplicationInput!) { createApplication(input: $input) {
        application { id secrets { hint } } clientSecret errors { code message } } }`,
      {
        input: {
          realmId: realm.realm.id,
          displayName: 'Shop',
          type: 'CONFIDENTIAL',
          grantTypes: ['AUTHORIZATION_CODE'],
          redirectUris: ['https://shop.example/callback'],
        },
      },
    );
    const { application, clientSecret } = created.data.createApplication;
    expect(application.secrets).toEqual([{ hint: clientSecret.slice(-4) }]);
    const again = await ask(all, `application(id: "${application.id}") { secrets { hint } }`);
    expect(JSON.stringify(again)).not.toContain(clientSecret);
    expect(test.logged.join('\n')).not.toContain(clientSecret);
  });

  it('masks what broke on our side, and logs it', async () => {
    await test.database.pool.query('alter table themes rename to themes_gone');
    try {
      const answer = await ask(all, 'theme { displayName }');
      expect(answer.errors).toEqual([
        expect.objectContaining({
          message: 'Something went wrong on our side.',
          extensions: { code: 'INTERNAL' },
        }),
      ]);
      expect(test.logged.join('\n')).toContain('themes');
    } finally {
      await test.database.pool.query('alter table themes_gone rename to themes');
    }
  });
});
