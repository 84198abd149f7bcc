import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import type { PageArgs } from '../../kernel/page.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import type { CredentialFilter, CredentialOrder } from './inventory.service.js';
import type { PasskeyRow } from './passkeys.service.js';

/** More than the way that a list walks before it asks an index for all that match. */
const SIZE = 12_500;
const GOOGLE = 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4';
const TITAN = '42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3';
const ZEROS = '00000000-0000-0000-0000-000000000000';

const PEOPLE = `insert into identities (realm_id, id, username, username_key, display_name)
  select $1, gen_random_uuid(), 'user-' || n, 'user-' || n, 'Person ' || n from generate_series(1, 50) n`;

/** Many equal in what lists are ordered by, many never used; what is rare lies at the far end of every order. */
const CROWD = `
insert into passkeys (realm_id, id, identity_id, credential_id, public_key, algorithm, sign_count, name, aaguid, status,
  device_bound, backed_up, user_verified, attestation_format, relying_party_id, created_at, last_used_at, revoked_at)
select $1, gen_random_uuid(), owner.id, decode(lpad(to_hex(n), 8, '0'), 'hex'), '', -7, 0, 'Key ' || n,
  case when n > $2 - 30 then '${TITAN}' when n % 4 = 0 then '${ZEROS}' else '${GOOGLE}' end::uuid,
  case when n > $2 - 200 then 'REVOKED' else 'ACTIVE' end, n % 2 = 0, n % 2 > 0, true, 'none', 'localhost',
  timestamptz '2026-01-01' + (n / 10) * interval '1.000001 s',
  case when n % 3 > 0 then timestamptz '2026-03-01' + (n / 20) * interval '1.000001 s' end,
  case when n > $2 - 200 then now() end
from generate_series(1, $2::int) n
join (select id, row_number() over (order by username) - 1 as at from identities where realm_id = $1) owner on owner.at = n % 50`;

const ORDERS: readonly CredentialOrder[] = [
  'CREATED_AT_ASC',
  'CREATED_AT_DESC',
  'LAST_USED_AT_ASC',
  'LAST_USED_AT_DESC',
];

describe('inventory of passkeys', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let other: RealmCtx;
  let all: (PasskeyRow & { created: string; used: string })[];

  beforeAll(async () => {
    test = await buildTestApp();
    const admin = await test.caller();
    const made = await test.services.realms.create(admin, { displayName: 'Crowd' });
    const beside = await test.services.realms.create(admin, { displayName: 'Beside' });
    realm = await test.caller(undefined, made.id);
    other = await test.caller(undefined, beside.id);
    await test.database.pool.query(PEOPLE, [made.id]);
    await test.database.pool.query(CROWD, [made.id, SIZE]);
    await test.database.pool.query('analyze');
    const exactly = (column: string) =>
      `coalesce(to_char(${column} at time zone 'UTC', 'YYYYMMDDHH24MISSUS'), '')`;
    const { rows } = await test.database.pool.query(
      `select *, ${exactly('created_at')} as created, ${exactly('last_used_at')} as used from passkeys where realm_id = $1`,
      [made.id],
    );
    all = rows;
  });
  afterAll(() => test.close());

  const list = (filter: CredentialFilter, order: CredentialOrder | undefined, args: PageArgs) =>
    test.services.inventory.list(realm, filter, order, args);

  async function walk(filter: CredentialFilter, order: CredentialOrder | undefined, size: number, most = 10) {
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < most; page++) {
      const found = await list(filter, order, { first: size, after });
      seen.push(...found.items.map(({ node }) => node.name));
      after = found.items.at(-1)?.cursor;
      if (!found.hasNextPage) break;
    }
    return seen;
  }

  async function walkBack(filter: CredentialFilter, order: CredentialOrder, size: number, most = 10) {
    const seen: string[] = [];
    let before: string | undefined;
    for (let page = 0; page < most; page++) {
      const found = await list(filter, order, { last: size, before });
      seen.unshift(...found.items.map(({ node }) => node.name));
      before = found.items[0]?.cursor;
      if (!found.hasPreviousPage) break;
    }
    return seen;
  }

  /** What the list must be, worked out here. */
  function expected(order: CredentialOrder, meets: (row: PasskeyRow) => boolean = () => true): string[] {
    const sign = order.endsWith('DESC') ? -1 : 1;
    return all
      .filter(meets)
      .map((row) => ({ row, key: `${order.startsWith('CREATED') ? row.created : row.used}\0${row.id}` }))
      .sort((a, b) => (a.key < b.key ? -sign : sign))
      .map(({ row }) => row.name);
  }

  it.each(ORDERS)(
    'ordered by %s loses and repeats none, forth and back, among many equals',
    async (order) => {
      const whole = expected(order);
      expect(await walk({}, order, 150, 4)).toEqual(whole.slice(0, 600));
      expect(await walkBack({}, order, 150, 4)).toEqual(whole.slice(-600));
      const revoked = expected(order, (row) => row.status === 'REVOKED');
      expect(revoked).toHaveLength(200);
      expect(await walk({ status: 'REVOKED' }, order, 70)).toEqual(revoked);
      expect(await walkBack({ status: 'REVOKED' }, order, 70)).toEqual(revoked);
      const bound = expected(order, (row) => row.device_bound && row.last_used_at === null);
      expect(await walk({ deviceBound: true, neverUsed: true }, order, 100, 3)).toEqual(bound.slice(0, 300));
    },
  );

  it('finds by every filter exactly those that meet it', async () => {
    const time = new Date('2026-03-01T00:05:00Z');
    const until = new Date('2026-01-01T00:10:00Z');
    const owner = all[0]?.identity_id;
    const cases: [CredentialFilter, (row: PasskeyRow) => boolean][] = [
      [{ aaguid: TITAN }, (row) => row.aaguid === TITAN],
      [{ aaguid: ZEROS, status: 'REVOKED' }, (row) => row.aaguid === ZEROS && row.status === 'REVOKED'],
      [{ identityId: owner }, (row) => row.identity_id === owner],
      [{ userVerified: false }, () => false],
      [{ createdBefore: until, deviceBound: false }, (row) => row.created_at < until && !row.device_bound],
      [{ createdAfter: until, aaguid: TITAN }, (row) => row.created_at >= until && row.aaguid === TITAN],
      [{ lastUsedBefore: time }, (row) => row.last_used_at !== null && row.last_used_at < time],
      [
        { lastUsedAfter: time, status: 'REVOKED' },
        (row) => row.status === 'REVOKED' && row.last_used_at !== null && row.last_used_at >= time,
      ],
      [
        { unusedSince: time, aaguid: GOOGLE },
        (row) => row.aaguid === GOOGLE && (row.last_used_at === null || row.last_used_at < time),
      ],
      [{ neverUsed: false, aaguid: TITAN }, (row) => row.last_used_at !== null && row.aaguid === TITAN],
    ];
    for (const [filter, meets] of cases)
      for (const order of ['CREATED_AT_DESC', 'LAST_USED_AT_ASC'] as const)
        expect(await walk(filter, order, 200, 3), `${JSON.stringify(filter)} ${order}`).toEqual(
          expected(order, meets).slice(0, 600),
        );
  });

  it('finds by words of the model, of a given name and of the person, and orders newest first unless said', async () => {
    expect(await walk({ query: 'titan' }, undefined, 50)).toEqual(
      expected('CREATED_AT_DESC', (row) => row.aaguid === TITAN),
    );
    const found = await list({ query: 'user-7' }, 'CREATED_AT_ASC', { first: 200 });
    const owners = new Set(found.items.map(({ node }) => node.identity_id));
    expect(owners.size).toBe(1);
    expect(found.items).toHaveLength(200);
    const chosen = all.find((row) => row.status === 'ACTIVE' && row.aaguid === ZEROS);
    await test.services.passkeys.rename(realm, { credentialId: chosen?.id, name: 'Grüner Schlüssel' });
    for (const query of ['schluss', 'gruner SCHLÜSSEL', 'gr'])
      expect(await walk({ query }, undefined, 50), query).toEqual(['Grüner Schlüssel']);
    expect(await walk({ query: 'schlüssel', status: 'REVOKED' }, undefined, 50)).toEqual([]);
    expect(await walk({ query: '%' }, undefined, 1, 1)).toHaveLength(1);
    await test.services.passkeys.rename(realm, { credentialId: chosen?.id, name: chosen?.name });
  });

  it('counts by model, those that can not leave their device apart', async () => {
    const counts = await test.services.inventory.models(realm);
    const of = (aaguid: string) => {
      const rows = all.filter((row) => row.aaguid === aaguid);
      const active = rows.filter((row) => row.status === 'ACTIVE');
      return {
        aaguid,
        active: active.length,
        device_bound: active.filter((row) => row.device_bound).length,
        revoked: rows.length - active.length,
      };
    };
    expect(counts).toEqual([of(GOOGLE), of(ZEROS), of(TITAN)]);
  });

  it('shows nothing of another realm, whatever is asked', async () => {
    const [stranger] = all;
    const { inventory } = test.services;
    for (const filter of [{}, { identityId: stranger?.identity_id }, { aaguid: TITAN }, { query: 'user' }])
      expect((await inventory.list(other, filter, undefined, {})).items, JSON.stringify(filter)).toEqual([]);
    expect(await inventory.models(other)).toEqual([]);
    const { cursor } = (await list({}, undefined, { first: 1 })).items[0] ?? {};
    expect((await inventory.list(other, {}, undefined, { after: cursor })).items).toEqual([]);
    await expect(
      test.services.passkeys.rename(other, { credentialId: stranger?.id, name: 'Mine' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no such passkey.' });
  });

  it('needs credentials:read, and identities:read to search by who people are', async () => {
    const { inventory } = test.services;
    const blind = await test.caller(['identities:read'], realm.realm.id);
    await expect(inventory.list(blind, {}, undefined, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(inventory.models(blind)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const reader = await test.caller(['credentials:read'], realm.realm.id);
    expect((await inventory.list(reader, {}, undefined, { first: 1 })).items).toHaveLength(1);
    await expect(inventory.list(reader, { query: 'user' }, undefined, {})).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('refuses a cursor of another order, and what is none', async () => {
    const { cursor } = (await list({}, 'CREATED_AT_ASC', { first: 1 })).items[0] ?? {};
    const forged = (...key: string[]) => Buffer.from(JSON.stringify(key)).toString('base64url');
    const at = '2026-01-01T00:00:00.000000Z';
    for (const after of [
      cursor,
      forged('LAST_USED_AT_ASC', 'yesterday', newId()),
      forged('LAST_USED_AT_ASC', '2026-02-30T00:00:00.000000Z', newId()),
      forged('LAST_USED_AT_ASC', at, 'no id'),
      forged('LAST_USED_AT_ASC', at),
    ])
      await expect(list({}, 'LAST_USED_AT_ASC', { after }), after).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    await expect(list({ aaguid: "'; drop" }, undefined, {})).rejects.toMatchObject({
      path: ['filter', 'aaguid'],
    });
  });

  it('answers in GraphQL with the model, what was attested and the job, in a steady number of statements', async () => {
    const asked = `query ($realmId: ID!, $first: Int) { realm(id: $realmId) {
      credentials(first: $first, filter: { aaguid: "${TITAN}" }, orderBy: LAST_USED_AT_DESC) { nodes {
        name attestation model { aaguid kind name icon } bindingJob { id } identity { username } } }
      credentialModels { model { name kind } active deviceBound synced revoked } } }`;
    const token = await test.apiToken();
    const run = async (first: number) => {
      const before = test.database.statements();
      const answer = await test.graphql<{
        realm: { credentials: { nodes: object[] }; credentialModels: object[] };
      }>(token, asked, { realmId: realm.realm.id, first });
      return { answer, cost: test.database.statements() - before };
    };
    await run(1);
    const few = await run(2);
    const many = await run(30);
    expect(many.answer.errors).toBeUndefined();
    expect(many.cost).toBe(few.cost);
    expect(many.answer.data.realm.credentials.nodes).toHaveLength(30);
    expect(many.answer.data.realm.credentials.nodes[0]).toMatchObject({
      attestation: 'NONE',
      model: { aaguid: TITAN, kind: 'KNOWN', name: 'Google Titan Security Key v2', icon: 'SECURITY_KEY' },
      bindingJob: null,
      identity: { username: expect.stringMatching(/^user-/) },
    });
    expect(many.answer.data.realm.credentialModels[1]).toMatchObject({
      model: { name: 'Not attested', kind: 'NOT_ATTESTED' },
    });
    const counted = 'credentialModels { active }';
    const both = await test.graphql<Record<string, { credentialModels: object[] }>>(
      token,
      `query ($a: ID!, $b: ID!) { a: realm(id: $a) { ${counted} again: ${counted} } b: realm(id: $b) { ${counted} } }`,
      { a: realm.realm.id, b: other.realm.id },
    );
    expect([both.data.a?.credentialModels.length, both.data.b?.credentialModels.length]).toEqual([3, 0]);
  });
});
