import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holds, type RealmCtx, requireScope } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import type { DirectoryFilter } from './identities.filter.js';
import { filteredRows } from './identities.filter.queries.js';
import { createScimUsers, provisioningContext } from './identities.scim.js';

describe('the directory for SCIM', () => {
  let test: TestApp;
  let realmId: string;
  beforeAll(async () => {
    test = await buildTestApp();
    realmId = (await test.services.realms.create(await test.caller(), { displayName: 'People' })).id;
  });
  afterAll(() => test.close());

  it('gives a caller with scim:all the identities of this realm, and nothing else that they hold', async () => {
    const ctx = provisioningContext(
      await test.caller(['scim:all', 'realms:delete', 'policies:create'], realmId),
    );
    for (const scope of ['read', 'create', 'update', 'delete'] as const)
      expect(holds(ctx, `identities:${scope}`)).toBe(true);
    expect([...ctx.grants.keys()].filter((scope) => !scope.startsWith('identities:'))).toEqual([]);
    const elsewhere: RealmCtx = { ...ctx, realm: { ...ctx.realm, id: newId() } };
    expect(() => requireScope(elsewhere, 'identities:read')).toThrow('identities:read');
  });

  it('refuses a caller without scim:all, and one who holds it in another realm only', async () => {
    const without = await test.caller(['identities:create', 'identities:read'], realmId);
    expect(() => provisioningContext(without)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    const elsewhere: RealmCtx = { ...without, grants: new Map([['scim:all', new Set([newId()])]]) };
    expect(() => provisioningContext(elsewhere)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  });

  it('takes a repeated PUT for what it is: no version, no event', async () => {
    const users = createScimUsers(test.services.identities);
    const ctx = provisioningContext(await test.caller(['scim:all'], realmId));
    const made = await users.create(ctx, {
      userName: 'again',
      externalId: null,
      displayName: null,
      active: true,
      name: { formatted: null, givenName: 'A', familyName: 'Gain' },
      emails: [{ value: 'a@x.example', type: 'work', primary: true, display: 'Work' }],
    });
    const same = await users.change(ctx, made.id, (user) => ({ ...user, displayName: null }), made.version);
    expect(same).toEqual(made);
    const events = await test.services.events.list(
      await test.caller(undefined, realmId),
      { involvesId: made.id },
      {},
    );
    expect(events.items.map(({ node }) => node.type)).toEqual(['identity.created']);
  });

  it('tells a fault by the name that the client used', async () => {
    const users = createScimUsers(test.services.identities);
    const ctx = provisioningContext(await test.caller(['scim:all'], realmId));
    const made = await users.create(ctx, {
      userName: 'faulty',
      externalId: null,
      displayName: null,
      active: true,
      name: { formatted: null, givenName: null, familyName: null },
      emails: [],
    });
    const change = users.change(
      ctx,
      made.id,
      (user) => ({ ...user, name: { ...user.name, givenName: 'x'.repeat(300) } }),
      undefined,
    );
    await expect(change).rejects.toMatchObject({ code: 'INVALID_INPUT', path: ['name.givenName'] });
  });

  describe('among 20,000 people', () => {
    beforeAll(async () => {
      await sql`insert into identities (realm_id, id, username, username_key, display_name, given_name, family_name, emails,
          external_id, updated_at)
        select ${realmId}::uuid, gen_random_uuid(), 'Many' || n, 'many' || n, 'Person ' || md5(n::text), 'Given' || n, 'Family' || n,
          jsonb_build_array(jsonb_build_object('value', 'Person' || n || '@x.example', 'type', 'work')),
          'ext' || n, timestamptz '2020-01-01' + n * interval '1 minute'
        from generate_series(1, 20000) n`.execute(test.database.db);
      await sql`analyze identities`.execute(test.database.db);
    });

    const person: DirectoryFilter = {
      someEmail: {
        all: [
          { test: { field: 'type', op: 'eq', value: 'WORK' } },
          { test: { field: 'value', op: 'eq', value: 'PERSON777@x.example' } },
        ],
      },
    };

    it.each<[string, DirectoryFilter, string]>([
      [
        'identities_realm_username_key',
        { test: { field: 'username', op: 'eq', value: 'MANY777' } },
        'many777',
      ],
      [
        'identities_realm_external_id',
        { test: { field: 'externalId', op: 'eq', value: 'ext777' } },
        'many777',
      ],
      ['identities_emails', person, 'many777'],
      ['identities_family_name', { test: { field: 'familyName', op: 'eq', value: 'FAMILY777' } }, 'many777'],
      ['identities_given_name', { test: { field: 'givenName', op: 'eq', value: 'given777' } }, 'many777'],
      ['identities_search', { test: { field: 'username', op: 'co', value: 'any19999' } }, 'many19999'],
      [
        'identities_updated_at',
        { test: { field: 'updatedAt', op: 'lt', value: new Date('2020-01-01T00:01:30Z') } },
        'many1',
      ],
    ])('finds through %s', async (index, filter, username) => {
      const query = filteredRows(realmId, filter, { offset: 0, limit: 100 });
      const found = await query.execute(test.database.db);
      expect(found.rows.map((row) => row.username_key)).toEqual([username]);
      const plan = await sql<Record<string, string>>`explain ${query}`.execute(test.database.db);
      expect(JSON.stringify(plan.rows)).toContain(index);
    });
  });
});
