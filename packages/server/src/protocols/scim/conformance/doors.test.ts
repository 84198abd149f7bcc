import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScim, type ScimKit, URN } from '../../../testing/scim.js';

/** The same change as each door says it. */
interface Change {
  readonly graphql: { readonly mutation: string; readonly input: object };
  readonly scim: object;
}

const update = (input: object) => ({ mutation: 'updateIdentity', input });
const word = fc.constantFrom('Ada', 'Bo Lind', 'Zoë', 'x"y\\z');

const change: fc.Arbitrary<Change> = fc.oneof(
  word.map((value) => ({
    graphql: update({ displayName: value }),
    scim: { op: 'replace', path: 'displayName', value },
  })),
  fc.tuple(word, word).map(([givenName, familyName]) => ({
    graphql: update({ givenName, familyName }),
    scim: { op: 'replace', value: { 'name.givenName': givenName, name: { familyName } } },
  })),
  fc.constantFrom('one@corp.example', 'TWO@corp.example').map((email) => ({
    graphql: update({ email }),
    scim: { op: 'Replace', path: 'emails[primary eq true].value', value: email },
  })),
  fc.constantFrom('e-1', 'e-2', null).map((externalId) => ({
    graphql: update({ externalId }),
    scim:
      externalId === null
        ? { op: 'remove', path: 'externalId' }
        : { op: 'add', path: 'externalId', value: externalId },
  })),
  fc.boolean().map((active) => ({
    graphql: { mutation: active ? 'activateIdentity' : 'suspendIdentity', input: {} },
    scim: { op: 'Replace', path: 'active', value: active ? 'True' : 'False' },
  })),
);

describe('GraphQL and SCIM', () => {
  let scim: ScimKit;
  let token: string;
  let made = 0;
  beforeAll(async () => {
    scim = await openScim();
    token = await scim.test.apiToken();
    await scim.get('/Users?count=0');
    await scim.test.database.pool.query(
      'update provisioning_clients set max_count = null, max_percent = null',
    );
  });
  afterAll(() => scim.close());

  async function person(): Promise<string> {
    made += 1;
    const userName = `twin-${made}`;
    const emails = [{ value: 'first@corp.example', type: 'work', primary: true }];
    const { body } = await scim.post('/Users', {
      schemas: [URN.user],
      userName,
      displayName: 'Twin',
      emails,
    });
    return body.id;
  }

  async function mutate(mutation: string, input: object): Promise<void> {
    const query = `mutation ($input: ${TYPES[mutation]}!) { ${mutation}(input: $input) { errors { code message } } }`;
    const answer = await scim.test.graphql(token, query, {
      input: { realmId: scim.realm.realm.id, ...input },
    });
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toMatchObject({ [mutation]: { errors: [] } });
  }

  /** All but what makes them two, and when. */
  async function left(table: 'identities' | 'groups', id: string): Promise<unknown> {
    const { rows } = await scim.test.database.pool.query(
      `select to_jsonb(t) - '{id,username,username_key,username_skeleton,display_name_key,search_text,created_at,updated_at}'::text[] as row
       from ${table} t where id = $1`,
      [id],
    );
    return rows[0]?.row;
  }

  /** What was recorded of it, in order, but for who did it and what it is called. */
  async function recorded(id: string): Promise<unknown[]> {
    const { rows } = await scim.test.database.pool.query(
      'select type, outcome, subject_kind, data from events where subject_id = $1 order by id',
      [id],
    );
    return rows.slice(1);
  }

  it('leave the same row and the same events for the same changes of an identity', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const [byGraphql, byScim] = [await person(), await person()];
        for (const { graphql, scim: operation } of changes) {
          await mutate(graphql.mutation, { identityId: byGraphql, ...graphql.input });
          expect((await scim.patch(`/Users/${byScim}`, operation)).status).toBe(200);
        }
        expect(await left('identities', byScim)).toEqual(await left('identities', byGraphql));
        expect(await recorded(byScim)).toEqual(await recorded(byGraphql));
      }),
      { numRuns: 60, seed: 5 },
    );
  }, 120_000);

  it('leave the same members and the same events for the same changes of a group', async () => {
    const people = [await person(), await person(), await person()];
    const pair = await Promise.all(
      ['by-graphql', 'by-scim'].map(async (displayName) => {
        const members = [{ value: people[0] }];
        return (await scim.post('/Groups', { schemas: [URN.group], displayName, members })).body.id;
      }),
    );
    const [byGraphql = '', byScim = ''] = pair;
    const listed = people.slice(1).map((value) => ({ value }));
    await mutate('addGroupMembers', { groupId: byGraphql, identityIds: people.slice(1) });
    await scim.patch(`/Groups/${byScim}`, { op: 'add', path: 'members', value: listed });
    await mutate('removeGroupMembers', { groupId: byGraphql, identityIds: people.slice(0, 2) });
    await scim.patch(`/Groups/${byScim}`, {
      op: 'Remove',
      path: 'members',
      value: [{ value: people[0] }, listed[0]],
    });
    const { rows } = await scim.test.database.pool.query(
      'select group_id, identity_id from group_members where group_id = any($1)',
      [pair],
    );
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map(({ identity_id }) => identity_id))).toEqual(new Set([people[2]]));
    expect(await recorded(byScim)).toEqual(await recorded(byGraphql));
    const versions = await Promise.all(pair.map((id) => left('groups', id)));
    expect(versions[0]).toMatchObject({ version: (versions[1] as { version: number }).version });
  });

  it('leave nobody behind when they delete, and the same event', async () => {
    const [byGraphql, byScim] = [await person(), await person()];
    await mutate('deleteIdentity', { identityId: byGraphql });
    expect((await scim.remove(`/Users/${byScim}`)).status).toBe(204);
    expect(await left('identities', byScim)).toBeUndefined();
    expect(await left('identities', byGraphql)).toBeUndefined();
    const nameless = (rows: unknown[]) =>
      JSON.stringify(rows)
        .replaceAll(/twin-\d+/g, 'twin')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
    expect(nameless(await recorded(byScim))).toBe(nameless(await recorded(byGraphql)));
  });
});

const TYPES: Readonly<Record<string, string>> = {
  updateIdentity: 'UpdateIdentityInput',
  activateIdentity: 'IdentityActionInput',
  suspendIdentity: 'IdentityActionInput',
  deleteIdentity: 'IdentityActionInput',
  addGroupMembers: 'GroupMembersInput',
  removeGroupMembers: 'GroupMembersInput',
};

describe('a SCIM client in the realm of the administrators', () => {
  let scim: ScimKit;
  let administrator: string;
  let access: string;
  const call = (method: 'GET' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: object) =>
    scim.test.app.inject({
      method,
      url: `/realms/${scim.test.tenant.adminRealmId}/scim/v2${path}`,
      headers: { authorization: `Bearer ${scim.token}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
  const operations = (...Operations: object[]) => ({ schemas: [URN.patch], Operations });

  beforeAll(async () => {
    scim = await openScim();
    await call('GET', '/Users?count=0');
    // Allowed to take over what people made, which is as far as a realm can let a client go.
    await scim.test.database.pool.query(
      'update provisioning_clients set adopts_unowned = true, max_count = null, max_percent = null',
    );
    administrator = (await call('GET', '/Users')).json().Resources[0].id;
    access = (await call('GET', '/Groups?filter=displayName%20eq%20%22Admin%20Console%20Access%22')).json()
      .Resources[0].id;
  });
  afterAll(() => scim.close());

  const everything = async () => {
    const { rows } = await scim.test.database.pool.query(
      `select (select jsonb_agg(i order by i.id) from identities i where realm_id = $1) as people,
         (select jsonb_agg(g order by g.id) from groups g where realm_id = $1) as groups,
         (select jsonb_agg(m order by m.identity_id) from group_members m where realm_id = $1) as members`,
      [scim.test.tenant.adminRealmId],
    );
    return rows[0];
  };

  it.each([
    [
      'deactivates',
      () =>
        call('PATCH', `/Users/${administrator}`, operations({ op: 'replace', path: 'active', value: false })),
    ],
    [
      'renames',
      () =>
        call(
          'PATCH',
          `/Users/${administrator}`,
          operations({ op: 'replace', path: 'userName', value: 'evil' }),
        ),
    ],
    [
      'replaces',
      () => call('PUT', `/Users/${administrator}`, { schemas: [URN.user], userName: 'evil', active: false }),
    ],
    ['deletes', () => call('DELETE', `/Users/${administrator}`)],
    [
      'empties the group of',
      () => call('PATCH', `/Groups/${access}`, operations({ op: 'remove', path: 'members' })),
    ],
    [
      'renames the group of',
      () => call('PUT', `/Groups/${access}`, { schemas: [URN.group], displayName: 'Nothing' }),
    ],
    ['deletes the group of', () => call('DELETE', `/Groups/${access}`)],
  ])('never %s the only administrator', async (_, attempt) => {
    const before = await everything();
    const answer = await attempt();
    expect([403, 409], answer.body).toContain(answer.statusCode);
    expect(answer.json()).toMatchObject({ schemas: [URN.error], status: String(answer.statusCode) });
    expect(await everything()).toEqual(before);
  });
});
