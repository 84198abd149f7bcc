import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

interface Answered {
  identity: { id: string; version: number } & Record<string, unknown>;
  errors: { code: string; path: string[] | null }[];
}

const PROFILE = `id username displayName givenName middleName familyName formattedName honorificPrefix honorificSuffix nickName
  profileUrl title userType preferredLanguage locale timezone employeeNumber costCenter organization division department
  managerId externalId email emails { value type primary display } phoneNumbers { value type primary display }
  ims { value type } photos { value type primary } entitlements { value } scimRoles { value } x509Certificates { value }
  addresses { formatted streetAddress locality region postalCode country type primary } attributes version`;

const FULL = {
  username: 'ada',
  displayName: 'Ada L.',
  givenName: 'Ada',
  middleName: 'King',
  familyName: 'Lovelace',
  formattedName: 'Countess Ada King Lovelace',
  honorificPrefix: 'Countess',
  honorificSuffix: 'FRS',
  nickName: 'Ada',
  profileUrl: 'https://ada.example/',
  title: 'Analyst',
  userType: 'Employee',
  preferredLanguage: 'en-GB',
  locale: 'en-GB',
  timezone: 'Europe/London',
  employeeNumber: '1815',
  costCenter: '42',
  organization: 'Engines',
  division: 'Analytical',
  department: 'Notes',
  managerId: 'not here yet',
  externalId: 'hr-1815',
  emails: [
    { value: 'ada@home.example', type: 'home', primary: null, display: null },
    { value: 'ada@work.example', type: 'work', primary: true, display: 'Work' },
  ],
  phoneNumbers: [{ value: '+44 20 7946 0000', type: 'work', primary: true, display: null }],
  ims: [{ value: 'ada', type: 'irc' }],
  photos: [{ value: 'https://ada.example/a.png', type: 'photo', primary: true }],
  entitlements: [{ value: 'engine' }],
  scimRoles: [{ value: 'author' }],
  x509Certificates: [{ value: 'MIIB' }],
  addresses: [
    {
      formatted: null,
      streetAddress: '12 St James’s Square',
      locality: 'London',
      region: null,
      postalCode: 'SW1Y',
      country: 'GB',
      type: 'home',
      primary: null,
    },
  ],
  attributes: { badge: 'A-1', skills: ['maths'] },
};

describe('identities in GraphQL', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let token: string;

  beforeAll(async () => {
    test = await buildTestApp();
    token = await test.apiToken();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Shop' });
    realm = await test.caller(undefined, row.id);
    await test.services.attributeSchemas.save(realm, {
      schema: {
        type: 'object',
        properties: { badge: { type: 'string' }, skills: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    });
  });
  afterAll(() => test.close());

  const create = async (input: object) => {
    const document = `mutation ($input: CreateIdentityInput!) {
      createIdentity(input: $input) { identity { ${PROFILE} } errors { code path } } }`;
    const answer = await test.graphql<{ createIdentity: Answered }>(token, document, {
      input: { realmId: realm.realm.id, ...input },
    });
    return answer.data.createIdentity;
  };
  const update = async (input: object) => {
    const document = `mutation ($input: UpdateIdentityInput!) {
      updateIdentity(input: $input) { identity { ${PROFILE} } errors { code path } } }`;
    const answer = await test.graphql<{ updateIdentity: Answered }>(token, document, {
      input: { realmId: realm.realm.id, ...input },
    });
    return answer.data.updateIdentity;
  };
  const names = async (args: string, as = token) => {
    const document = `query ($id: ID!) { realm(id: $id) { identities(${args}) { nodes { username } } } }`;
    const answer = await test.graphql<{ realm: { identities: { nodes: { username: string }[] } } }>(
      as,
      document,
      {
        id: realm.realm.id,
      },
    );
    if (answer.errors) throw new Error(String(answer.errors[0]?.extensions.code));
    return answer.data.realm.identities.nodes.map(({ username }) => username);
  };

  it('take and give back every field of a profile; what is left out stays, null empties', async () => {
    const made = await create(FULL);
    expect(made.errors).toEqual([]);
    expect(made.identity).toMatchObject({ ...FULL, email: 'ada@work.example', version: 1 });
    const { id } = made.identity;
    const same = await update({ identityId: id, emails: FULL.emails, attributes: FULL.attributes });
    expect(same.identity.version).toBe(1);
    const titled = await update({ identityId: id, title: 'Countess' });
    expect(titled.identity).toMatchObject({ ...FULL, title: 'Countess', version: 2 });
    const emptied = await update({
      identityId: id,
      title: null,
      phoneNumbers: null,
      addresses: null,
      attributes: null,
      managerId: null,
    });
    expect(emptied.identity).toMatchObject({
      ...FULL,
      title: null,
      phoneNumbers: [],
      addresses: [],
      attributes: {},
      managerId: null,
    });
    const short = await update({ identityId: id, email: 'new@work.example' });
    expect(short.identity.emails).toEqual([
      { value: 'new@work.example', type: 'work', primary: true, display: 'Work' },
      { value: 'ada@home.example', type: 'home', primary: null, display: null },
    ]);
  });

  it('say which field is at fault, in lists and attributes too', async () => {
    const faulty = await create({
      username: 'faulty',
      phoneNumbers: [{ value: '1' }, { value: ' ' }],
      emails: [{ value: 'nobody' }],
    });
    expect(faulty.errors.map(({ path }) => path?.join('.')).sort()).toEqual([
      'emails.0.value',
      'phoneNumbers.1.value',
    ]);
    const undeclared = await create({ username: 'faulty', attributes: { shoe: 43, badge: 7 } });
    expect(undeclared.errors.map(({ path }) => path?.join('.'))).toEqual([
      'attributes.shoe',
      'attributes.badge',
    ]);
    const email = await create({ username: 'faulty', email: 'nobody' });
    expect(email.errors).toEqual([{ code: 'INVALID_INPUT', path: ['email'] }]);
  });

  it('are filtered by what they are', async () => {
    const people = ['filter-a', 'filter-b', 'filter-c'];
    const ids: string[] = [];
    for (const username of people) ids.push((await test.services.identities.create(realm, { username })).id);
    await test.services.bindingJobs.create(realm, { identityId: ids[0] });
    await test.services.identities.suspend(realm, { identityId: ids[1] ?? '' });
    const asked = (filter: string) => names(`query: "filter-", filter: {${filter}}`);
    expect(await asked('')).toEqual(people);
    expect(await asked('enrollmentStatus: [PENDING]')).toEqual(['filter-a']);
    expect(await asked('enrollmentStatus: [PENDING, UNENROLLED]')).toEqual(people);
    expect(await asked('enrollmentStatus: []')).toEqual([]);
    expect(await asked('status: SUSPENDED')).toEqual(['filter-b']);
    expect(await asked('createdAfter: "2999-01-01T00:00:00Z"')).toEqual([]);
    expect(await asked('createdBefore: "2999-01-01T00:00:00Z", neverSignedIn: true')).toEqual(people);
    expect(await asked(`provisionedBy: "${ids[0]}"`)).toEqual([]);
    expect(await names('query: "filter-", orderBy: USERNAME_DESC')).toEqual([...people].reverse());
    await expect(asked('groupId: "everyone"')).rejects.toThrow('INVALID_INPUT');
    const blind = await test.apiToken(['realms:read', 'groups:read']);
    await expect(names('first: 1', blind)).rejects.toThrow('FORBIDDEN');
  });

  it('let one of twenty have a name that all ask for at once, and nobody one that looks the same', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => create({ username: 'wanted' })));
    expect(all.filter(({ identity }) => identity !== null)).toHaveLength(1);
    expect(all.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(
      Array(19).fill('USERNAME_TAKEN'),
    );
    for (const lookalike of ['WANTED', 'ｗanted', 'wаnted'])
      expect((await create({ username: lookalike })).errors[0]).toMatchObject({
        code: 'USERNAME_TAKEN',
        path: ['username'],
      });
  });

  it('ask the database as often for a page of 50 as for one of 2, with groups, managers and sign-ins', async () => {
    const boss = await test.services.identities.create(realm, { username: 'boss' });
    const group = await test.services.groups.create(realm, { displayName: 'Counted' });
    const made: string[] = [];
    for (let n = 0; n < 50; n++) {
      const wanted = { username: `report${n}`, managerId: n % 2 ? boss.id : 'elsewhere' };
      made.push((await test.services.identities.create(realm, wanted)).id);
    }
    await test.services.groups.addMembers(realm, { groupId: group.id, identityIds: made });
    await test.database.pool.query(
      `insert into passkeys (realm_id, id, identity_id, credential_id, public_key, algorithm, sign_count, name, aaguid,
         device_bound, backed_up, user_verified, attestation_format, relying_party_id, last_used_at)
       select $1, gen_random_uuid(), unnest($2::uuid[]), sha256(gen_random_uuid()::text::bytea), '', -7, 0, 'Key',
         gen_random_uuid(), true, false, true, 'none', 'x', '2026-05-01T00:00:00Z'`,
      [realm.realm.id, made],
    );
    const document = `query ($id: ID!, $first: Int) { realm(id: $id) {
      identities(first: $first, query: "report", filter: { enrollmentStatus: [ENROLLED] }) { nodes {
        username lastSignInAt manager { username } groups(first: 5) { nodes { displayName } } } } } }`;
    const statements = async (first: number) => {
      const before = test.database.statements();
      const answer = await test.graphql<{ realm: { identities: { nodes: Record<string, unknown>[] } } }>(
        token,
        document,
        { id: realm.realm.id, first },
      );
      const { nodes } = answer.data.realm.identities;
      expect(nodes).toHaveLength(first);
      expect(nodes[1]).toMatchObject({
        lastSignInAt: '2026-05-01T00:00:00.000Z',
        manager: { username: 'boss' },
        groups: { nodes: [{ displayName: 'Counted' }] },
      });
      return test.database.statements() - before;
    };
    const few = await statements(2);
    expect(few).toBeLessThan(12);
    expect(await statements(50)).toBe(few);
  });

  it('are counted as they come and go', async () => {
    const count = async () => {
      const answer = await test.graphql<{ realm: { identityCount: number } }>(
        token,
        'query ($id: ID!) { realm(id: $id) { identityCount } }',
        { id: realm.realm.id },
      );
      return answer.data.realm.identityCount;
    };
    const before = await count();
    const { id } = await test.services.identities.create(realm, { username: 'counted-once' });
    expect(await count()).toBe(before + 1);
    await test.services.identities.remove(realm, { identityId: id });
    expect(await count()).toBe(before);
  });

  it('know no manager of another realm', async () => {
    const stranger = await test.services.identities.create(await test.caller(), { username: 'stranger' });
    await test.services.identities.create(realm, { username: 'managed', managerId: stranger.id });
    const document = `query ($id: ID!) { realm(id: $id) { identities(query: "managed") { nodes {
      managerId manager { username } } } } }`;
    const answer = await test.graphql(token, document, { id: realm.realm.id });
    expect(answer.data).toEqual({
      realm: { identities: { nodes: [{ managerId: stranger.id, manager: null }] } },
    });
  });
});
