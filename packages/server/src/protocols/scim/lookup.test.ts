import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

/** What a provisioning client does before everything else: look for one person. */
describe('a look-up over SCIM', () => {
  let test: TestApp;
  let realmId: string;
  let call: (method: 'GET' | 'POST', path: string, body?: object) => Promise<LightMyRequestResponse>;

  beforeAll(async () => {
    test = await buildTestApp();
    const realm = await test.services.realms.create(await test.caller(), { displayName: 'Looked up' });
    realmId = realm.id;
    const token = await test.apiToken(['scim:all']);
    call = (method, path, body) =>
      test.app.inject({
        method,
        url: `/realms/${realmId}/scim/v2${path}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        ...(body ? { payload: JSON.stringify(body) } : {}),
      });
  });
  afterAll(() => test.close());

  const person = async (userName: string): Promise<string> =>
    (await call('POST', '/Users', { userName, externalId: `x-${userName}` })).json().id;
  const find = async (filter: string) =>
    (await call('GET', `/Users?filter=${encodeURIComponent(filter)}`)).json();

  it('costs three statements: the token, the realm with its client, the person with the groups', async () => {
    const id = await person('looked.up');
    await call('POST', '/Groups', { displayName: 'Theirs', members: [{ value: id }] });
    for (const filter of ['userName eq "LOOKED.UP"', 'externalId eq "x-looked.up"']) {
      await find(filter);
      const before = test.database.statements();
      const found = await find(filter);
      expect(test.database.statements() - before).toBe(3);
      expect(found).toMatchObject({ totalResults: 1, Resources: [{ id, groups: [{ display: 'Theirs' }] }] });
    }
  });

  it('gives somebody all of their groups, also those who are in more than come along', async () => {
    const [many, one] = [await person('in.many'), await person('in.one')];
    const { db } = test.database;
    const groups = Array.from({ length: 201 }, (_, n) => ({ id: newId(), name: `Many ${n}` }));
    await db
      .insertInto('groups')
      .values(
        groups.map(({ id, name }) => ({
          realm_id: realmId,
          id,
          display_name: name,
          display_name_key: name.toLowerCase(),
          description: null,
          managed: null,
          external_id: null,
          provisioned_by: null,
        })),
      )
      .execute();
    const memberships = [
      ...groups.map(({ id }) => ({ group_id: id, identity_id: many })),
      { group_id: groups[0]?.id ?? '', identity_id: one },
    ];
    await db
      .insertInto('group_members')
      .values(memberships.map((row) => ({ realm_id: realmId, ...row })))
      .execute();
    const { Resources } = await find('userName sw "in."');
    const counts = Resources.map((user: { userName: string; groups?: unknown[] }) => [
      user.userName,
      user.groups?.length,
    ]);
    expect(Object.fromEntries(counts)).toEqual({ 'in.many': 201, 'in.one': 1 });
  });

  it('leaves out groups that nobody asked for', async () => {
    const { Resources } = (await call('GET', '/Users?count=1&excludedAttributes=groups')).json();
    expect(Resources[0]).not.toHaveProperty('groups');
  });
});
