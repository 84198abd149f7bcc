import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchable } from '../../database/search.js';
import type { RealmCtx } from '../../kernel/context.js';
import type { PageArgs } from '../../kernel/page.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import type { IdentityFilter, IdentityOrder, IdentityRow } from './identities.service.js';

/** More than the way that a list walks before it asks an index for all that match. */
const SIZE = 12_500;

/** Many of each kind, equal in what lists are ordered by; what is rare lies at the far end of every order. */
const CROWD = `
insert into identities (realm_id, id, username, username_key, display_name, given_name, family_name, email, external_id,
  status, enrollment_status, created_at, updated_at)
select $1, ('0190' || lpad(to_hex(n), 4, '0') || '-0000-7000-8000-000000000000')::uuid, name, name,
  'Person ' || chr(65 + n % 7), case when n % 3 > 0 then 'Ann' end, case when n % 5 > 0 then 'Family ' || n % 11 end,
  name || '@corp.example', case when n > $2 - 40 then 'late-' || n end,
  case when n > $2 - 300 then 'SUSPENDED' else 'ACTIVE' end, case when n % 2 = 0 then 'ENROLLED' else 'PENDING' end,
  timestamptz '2026-01-01' + (n / 10) * interval '1.000001 s', timestamptz '2026-02-01' + (n / 100) * interval '1 s'
from (select n, 'user-' || lpad(n::text, 6, '0') as name from generate_series(1, $2::int) n) numbered`;

const ORDERS: readonly IdentityOrder[] = [
  'CREATED_AT_ASC',
  'CREATED_AT_DESC',
  'UPDATED_AT_ASC',
  'UPDATED_AT_DESC',
  'USERNAME_ASC',
  'USERNAME_DESC',
  'DISPLAY_NAME_ASC',
  'DISPLAY_NAME_DESC',
  'FAMILY_NAME_ASC',
  'FAMILY_NAME_DESC',
];

describe('lists of identities', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let everyone: IdentityRow[];

  beforeAll(async () => {
    test = await buildTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Crowd' });
    realm = await test.caller(undefined, row.id);
    await test.database.pool.query(CROWD, [row.id, SIZE]);
    await test.database.pool.query('analyze identities');
    everyone = await test.database.db
      .selectFrom('identities')
      .selectAll()
      .where('realm_id', '=', row.id)
      .execute();
  });
  afterAll(() => test.close());

  const list = (filter: IdentityFilter, order: IdentityOrder | undefined, args: PageArgs) =>
    test.services.identities.list(realm, filter, order, args);

  async function walk(filter: IdentityFilter, order: IdentityOrder | undefined, size: number, most = 10) {
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < most; page++) {
      const found = await list(filter, order, { first: size, after });
      seen.push(...found.items.map(({ node }) => node.username));
      after = found.items.at(-1)?.cursor;
      if (!found.hasNextPage) break;
    }
    return seen;
  }

  async function walkBack(filter: IdentityFilter, order: IdentityOrder | undefined, size: number, most = 10) {
    const seen: string[] = [];
    let before: string | undefined;
    for (let page = 0; page < most; page++) {
      const found = await list(filter, order, { last: size, before });
      seen.unshift(...found.items.map(({ node }) => node.username));
      before = found.items[0]?.cursor;
      if (!found.hasPreviousPage) break;
    }
    return seen;
  }

  const keyOf = (row: IdentityRow, order: IdentityOrder): string => {
    if (order.startsWith('CREATED')) return row.created_at.toISOString();
    if (order.startsWith('UPDATED')) return row.updated_at.toISOString();
    if (order.startsWith('USERNAME')) return row.username_key;
    const name = order.startsWith('FAMILY') ? (row.family_name ?? row.display_name) : row.display_name;
    return name.toLowerCase();
  };

  /** What the list must be, worked out here. */
  const expected = (order: IdentityOrder, meets: (row: IdentityRow) => boolean = () => true): string[] => {
    const sign = order.endsWith('DESC') ? -1 : 1;
    const sorted = everyone
      .filter(meets)
      .map((row) => ({ row, key: `${keyOf(row, order)}\0${row.id}` }))
      .sort((a, b) => (a.key < b.key ? -sign : sign));
    return sorted.map(({ row }) => row.username);
  };

  it.each(ORDERS)(
    'ordered by %s lose and repeat nobody, forth and back, among many equals',
    async (order) => {
      const whole = expected(order);
      expect(await walk({}, order, 150, 4)).toEqual(whole.slice(0, 600));
      expect(await walkBack({}, order, 150, 4)).toEqual(whole.slice(-600));
      const rare = expected(order, (row) => row.status === 'SUSPENDED');
      expect(rare).toHaveLength(300);
      expect(await walk({ status: 'SUSPENDED' }, order, 70)).toEqual(rare);
      expect(await walkBack({ status: 'SUSPENDED' }, order, 70)).toEqual(rare);
      const half = expected(order, (row) => row.enrollment_status === 'PENDING');
      expect(await walk({ enrollmentStatus: ['PENDING'] }, order, 100, 2)).toEqual(half.slice(0, 200));
    },
  );

  it('begin with the best match, go on with all others that match, and can be paged back', async () => {
    const { id } = await test.services.identities.create(realm, {
      username: 'late-comer',
      displayName: 'Comer',
    });
    const rest = expected('CREATED_AT_ASC', (row) => row.external_id !== null);
    expect(await walk({ query: 'late' }, undefined, 7)).toEqual(['late-comer', ...rest]);
    expect(await walkBack({ query: 'late' }, undefined, 7)).toEqual(['late-comer', ...rest]);
    expect(await walk({ query: 'LATE' }, 'CREATED_AT_ASC', 50)).toEqual([...rest, 'late-comer']);
    await test.services.identities.remove(realm, { identityId: id });
  });

  it('find by a part of a username, a name, an address or an external id, each word of it, in any script', async () => {
    const people = [
      { username: 'zoe.müller', displayName: 'Zoë Müller-Lüdenscheidt', externalId: 'HR_4711' },
      { username: 'wang', displayName: '王小明', emails: [{ value: 'xm.wang@post.example' }] },
      { username: 'ivan', displayName: 'Иван Грозный', givenName: 'Vanya', familyName: 'Strasse' },
      { username: 'percent', displayName: '100% \\ sure_thing', familyName: 'Straße' },
    ];
    for (const person of people) await test.services.identities.create(realm, person);
    const found = async (query: string) => (await walk({ query }, undefined, 50, 1)).sort();
    expect(await found('muller')).toEqual(['zoe.müller']);
    expect(await found('MÜLLER zoë')).toEqual(['zoe.müller']);
    expect(await found('ludens')).toEqual(['zoe.müller']);
    expect(await found('hr_47')).toEqual(['zoe.müller']);
    expect(await found('müller nobody')).toEqual([]);
    expect(await found('王')).toEqual(['wang']);
    expect(await found('小明')).toEqual(['wang']);
    expect(await found('грозн')).toEqual(['ivan']);
    expect(await found('vanya')).toEqual(['ivan']);
    expect(await found('post.ex')).toEqual(['wang']);
    expect(await found('strasse')).toEqual(['ivan', 'percent']);
    expect(await found('sure_')).toEqual(['percent']);
    expect(await found('zo')).toEqual(['zoe.müller']);
    expect(await found('w')).toEqual(['wang']);
    expect(await found('lü')).toEqual(['zoe.müller']);
    expect(await found('user-000007')).toEqual(['user-000007']);
    expect((await walk({ query: '%' }, undefined, 200, 1)).length).toBe(200);
  });

  it('prepare what is typed exactly as the database prepares what it keeps', async () => {
    const samples = [
      'Zoë Müller',
      'ΣΊΣΥΦΟΣ',
      'İstanbul ı',
      'straße STRASSE',
      '王小明 한국어',
      "O'Brien_[x]^`{|}~\\ @/",
      'ﬁ Å ½',
    ];
    for (const sample of samples) {
      const { rows } = await test.database.pool.query('select searchable($1) as text', [sample]);
      expect(rows[0]?.text, sample).toBe(searchable(sample));
    }
  });

  it('filter by group, time and sign-in', async () => {
    const names = async (filter: IdentityFilter) => walk(filter, 'USERNAME_ASC', 200, 1);
    const ids = everyone.slice(0, 3).map(({ id }) => id);
    const inside = everyone
      .slice(0, 3)
      .map(({ username }) => username)
      .sort();
    const group = await test.services.groups.create(realm, { displayName: 'Few' });
    await test.services.groups.addMembers(realm, { groupId: group.id, identityIds: ids });
    expect(await names({ groupId: group.id })).toEqual(inside);
    expect(await names({ groupId: group.id, query: inside[1] })).toEqual([inside[1]]);
    const others = await names({ notInGroupId: group.id });
    expect(others).toHaveLength(200);
    expect(others.filter((name) => inside.includes(name))).toEqual([]);
    const first = expected('USERNAME_ASC')[0];
    const until = new Date('2026-01-01T00:00:01.000Z');
    const early = expected('USERNAME_ASC', (row) => row.created_at < until);
    expect(await names({ createdBefore: until })).toEqual(early);
    expect(early[0]).toBe(first);
    const late = new Date('2026-01-01T00:20:49.000Z');
    const recent = (row: IdentityRow) => row.created_at >= late && row.username.startsWith('user-');
    expect(await names({ createdAfter: late, createdBefore: new Date('2026-01-02') })).toEqual(
      expected('USERNAME_ASC', recent),
    );
    const [a = '', b = ''] = ids;
    const key = (identity: string, used: string | null, n: number) =>
      test.database.pool.query(
        `insert into passkeys (realm_id, id, identity_id, credential_id, public_key, algorithm, sign_count, name, aaguid,
           device_bound, backed_up, user_verified, attestation_format, relying_party_id, last_used_at)
         values ($1, gen_random_uuid(), $2, $4, '', -7, 0, 'Key', gen_random_uuid(), true, false, true, 'none', 'x', $3)`,
        [realm.realm.id, identity, used, Buffer.from([n])],
      );
    await key(a, '2026-03-01T00:00:00Z', 1);
    await key(a, '2026-05-01T00:00:00Z', 2);
    await key(b, '2026-04-01T00:00:00Z', 3);
    await key(ids[2] ?? '', null, 4);
    const [nameA, nameB] = everyone.map(({ username }) => username);
    const april = new Date('2026-04-01T00:00:00Z');
    expect(await names({ lastSignInAfter: april })).toEqual([nameA, nameB].sort());
    expect(await names({ lastSignInBefore: new Date('2026-04-15') })).toEqual([nameB]);
    expect(await names({ lastSignInBefore: april })).toEqual([]);
    expect(await names({ neverSignedIn: false })).toEqual([nameA, nameB].sort());
    expect(await names({ neverSignedIn: true, groupId: group.id })).toEqual([everyone[2]?.username]);
  });

  it('keep their place while others come and go', async () => {
    const page = await list({ query: 'user' }, 'USERNAME_ASC', { first: 50 });
    const last = page.items.at(-1);
    await test.services.identities.create(realm, { username: 'user-000001a' });
    const doomed = await test.services.identities.create(realm, { username: 'user-000050a' });
    const next = await list({ query: 'user' }, 'USERNAME_ASC', { first: 2, after: last?.cursor });
    expect(next.items.map(({ node }) => node.username)).toEqual(['user-000050a', 'user-000051']);
    const at = next.items[0]?.cursor;
    await test.services.identities.remove(realm, { identityId: doomed.id });
    const after = await list({ query: 'user' }, 'USERNAME_ASC', { first: 1, after: at });
    expect(after.items[0]?.node.username).toBe('user-000051');
    const before = await list({ query: 'user' }, 'USERNAME_ASC', { last: 1, before: at });
    expect(before.items[0]?.node.username).toBe('user-000050');
  });

  it('refuse a cursor of another order, and what is none', async () => {
    const cursor = (await list({}, 'USERNAME_ASC', { first: 1 })).items[0]?.cursor;
    const forged = (...key: string[]) => Buffer.from(JSON.stringify(key)).toString('base64url');
    const wrong: [IdentityOrder, string | undefined][] = [
      ['USERNAME_DESC', cursor],
      ['CREATED_AT_ASC', cursor],
      ['USERNAME_ASC', forged('USERNAME_ASC', '0', 'x', 'no id')],
      ['USERNAME_ASC', forged('USERNAME_ASC', '2', 'x', everyone[0]?.id ?? '')],
      ['USERNAME_ASC', forged('USERNAME_ASC', '0', 'a\0', everyone[0]?.id ?? '')],
      ['CREATED_AT_ASC', forged('CREATED_AT_ASC', '0', 'yesterday', everyone[0]?.id ?? '')],
      ['CREATED_AT_ASC', forged('CREATED_AT_ASC', '0', '2026-13-41T00:00:00.000000Z', everyone[0]?.id ?? '')],
      ['USERNAME_ASC', 'nonsense'],
    ];
    for (const [order, after] of wrong)
      await expect(list({}, order, { first: 1, after })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it("are of one realm: a group of another has no members here, and nobody else's people are found", async () => {
    const other = await test.caller();
    const group = await test.services.groups.create(other, { displayName: 'Elsewhere' });
    expect(await walk({ groupId: group.id }, 'USERNAME_ASC', 50)).toEqual([]);
    const found = await test.services.identities.list(other, { query: 'user-0' }, undefined, {});
    expect(found.items).toEqual([]);
    const blind = await test.caller(['groups:read'], realm.realm.id);
    await expect(test.services.identities.list(blind, {}, undefined, {})).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});
