import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import type { ScimUsers } from '../../protocols/scim/contract.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import type { DirectoryFilter } from './identities.filter.js';
import { filteredRows } from './identities.filter.queries.js';
import { createScimUsers } from './identities.scim.js';

describe('the directory for SCIM', () => {
  let test: TestApp;
  let realmId: string;
  let users: ScimUsers<RealmCtx>;
  let ctx: RealmCtx;
  beforeAll(async () => {
    test = await buildTestApp();
    realmId = (await test.services.realms.create(await test.caller(), { displayName: 'People' })).id;
    const { identities, attributeSchemas, wholeGroups, provisioning, db } = test.services;
    users = createScimUsers({
      identities,
      schemaOf: async (id) => (await attributeSchemas.current(db, id)).schema,
      groupsOf: wholeGroups.groupsOf,
      guarded: provisioning.guarded,
    });
    ctx = await provisioning.enter(await test.caller(['scim:all'], realmId), realmId);
  });
  afterAll(() => test.close());

  it('takes a repeated PUT for what it is: no version, no event', async () => {
    const { stored: made } = await users.create(ctx, {
      userName: 'again',
      active: true,
      name: { givenName: 'A', familyName: 'Gain' },
      emails: [{ value: 'a@x.example', type: 'work', primary: true, display: 'Work' }],
    });
    const options = { ifVersion: made.version, related: false };
    const same = await users.change(ctx, made.id, ({ displayName: _, ...user }) => user, options);
    expect(same.stored).toMatchObject({ version: made.version, resource: made.resource });
    expect(same.effect).toBeUndefined();
    const events = await test.services.events.list(
      await test.caller(undefined, realmId),
      { involvesId: made.id },
      {},
    );
    expect(events.items.map(({ node }) => node.type)).toEqual(['identity.created']);
  });

  it('tells a fault by the name that the client used', async () => {
    const { stored: made } = await users.create(ctx, { userName: 'faulty', active: true });
    const change = users.change(ctx, made.id, (user) => ({ ...user, name: { givenName: 'x'.repeat(300) } }), {
      ifVersion: undefined,
      related: false,
    });
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
      some: {
        list: 'emails',
        meets: {
          all: [
            { test: { field: 'type', op: 'eq', value: 'WORK' } },
            { test: { field: 'value', op: 'eq', value: 'PERSON777@x.example' } },
          ],
        },
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
      const query = filteredRows(realmId, filter, undefined, { offset: 0, limit: 100 });
      const found = await query.execute(test.database.db);
      expect(found.rows.map((row) => row.username_key)).toEqual([username]);
      const plan = await sql<Record<string, string>>`explain ${query}`.execute(test.database.db);
      expect(JSON.stringify(plan.rows)).toContain(index);
    });
  });
});
