import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

describe('SCIM', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let token: string;

  beforeAll(async () => {
    test = await buildTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, row.id);
    token = await test.apiToken(['scim:all']);
  });
  afterAll(() => test.close());

  const call = (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ) =>
    test.app.inject({
      method,
      url: `/realms/${realm.realm.id}/scim/v2${path}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });

  const create = async (
    userName: string,
    more: object = {},
  ): Promise<{ id: string; meta: { version: string } }> =>
    (await call('POST', '/Users', { schemas: [USER], userName, ...more })).json();

  const find = async (filter: string): Promise<string[]> => {
    const answer = await call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    return answer.json().Resources.map((user: { userName: string }) => user.userName);
  };

  it('creates, finds, replaces and deletes a user, and says where it is', async () => {
    const made = await call('POST', '/Users', {
      schemas: [USER],
      userName: 'Bjensen@example.com',
      externalId: 'b1',
      name: { givenName: 'Barbara', familyName: 'Jensen' },
      emails: [{ value: 'b@example.com', type: 'work', primary: true }],
      password: 'never kept',
      title: 'Tour Guide',
    });
    expect(made.statusCode).toBe(201);
    expect(made.headers['content-type']).toContain('application/scim+json');
    const user = made.json();
    expect(made.headers.location).toBe(user.meta.location);
    expect(user.meta.location).toBe(`${test.url}/realms/${realm.realm.id}/scim/v2/Users/${user.id}`);
    expect(user).toMatchObject({
      userName: 'Bjensen@example.com',
      active: true,
      displayName: 'Barbara Jensen',
    });
    expect(JSON.stringify(user)).not.toContain('never kept');
    expect((await call('POST', '/Users', { userName: 'bjensen@EXAMPLE.com' })).json()).toMatchObject({
      status: '409',
      scimType: 'uniqueness',
    });
    const replaced = await call('PUT', `/Users/${user.id}`, { userName: 'bj', emails: [] });
    expect(replaced.json()).toMatchObject({ userName: 'bj', active: true });
    expect(replaced.json().emails).toBeUndefined();
    expect((await call('DELETE', `/Users/${user.id}`)).statusCode).toBe(204);
    expect((await call('GET', `/Users/${user.id}`)).statusCode).toBe(404);
  });

  it('is refused without a token, with another scope, and in a realm of someone else', async () => {
    const url = `/realms/${realm.realm.id}/scim/v2/Users`;
    const bare = await test.app.inject({ url });
    expect(bare.statusCode).toBe(401);
    expect(bare.headers['www-authenticate']).toBe('Bearer');
    const other = await test.apiToken(['identities:read', 'identities:create']);
    const wrong = await test.app.inject({ url, headers: { authorization: `Bearer ${other}` } });
    expect(wrong.statusCode).toBe(403);
    expect(wrong.json()).toMatchObject({ status: '403', detail: 'This needs the scope scim:all.' });
    const nowhere = await test.app.inject({
      url: '/realms/01890000-0000-7000-8000-000000000000/scim/v2/Users',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(nowhere.statusCode).toBe(404);
  });

  it('pushes every operator down to the database', async () => {
    await create('f.one', {
      externalId: 'F1',
      name: { familyName: 'Ångström' },
      emails: [
        { value: 'one@work.example', type: 'work' },
        { value: 'one@home.example', type: 'home', primary: true },
      ],
    });
    await create('f.two_x', {
      externalId: 'F2',
      active: false,
      emails: [{ value: 'two@home.example', type: 'work' }],
    });
    await create('f.three%', { externalId: 'f2' });
    const among = (condition: string) => find(`userName sw "f." and (${condition})`);
    expect(await among('userName eq "F.ONE"')).toEqual(['f.one']);
    expect(await among('externalId eq "F2"')).toEqual(['f.two_x']);
    expect(await among('active eq false')).toEqual(['f.two_x']);
    expect(await among('not (active eq true)')).toEqual(['f.two_x']);
    expect(await among('name.familyName eq "ÅNGSTRÖM"')).toEqual(['f.one']);
    expect(await among('name.familyName ne "x"')).toEqual(['f.one', 'f.two_x', 'f.three%']);
    expect(await among('not (name.familyName pr)')).toEqual(['f.two_x', 'f.three%']);
    expect(await among('emails[type eq "work" and value co "home"]')).toEqual(['f.two_x']);
    expect(await among('emails[type eq "work"].value eq "ONE@work.example"')).toEqual(['f.one']);
    expect(await among('emails.value ne "two@home.example"')).toEqual(['f.one', 'f.three%']);
    expect(await among('emails[primary eq true]')).toEqual(['f.one']);
    expect(await among('userName ew "%"')).toEqual(['f.three%']);
    expect(await among('userName co "o_x"')).toEqual(['f.two_x']);
    expect(
      await among('meta.created gt "2020-01-01T00:00:00Z" and meta.created lt "2020-01-02T00:00:00Z"'),
    ).toEqual([]);
    expect(await among('userName gt "f.p" or userName le "f.one"')).toEqual(['f.one', 'f.two_x', 'f.three%']);
    const { id } = await create('f.ﬁnn', { displayName: 'ﬁnn' });
    expect(await among(`id eq "${id}"`)).toEqual(['f.ﬁnn']);
    expect(await among(`id eq "${id.toUpperCase()}"`)).toEqual([]);
    expect(await among('not (id ne "nonsense")')).toEqual([]);
    expect(await among('displayName eq "ﬁnn"')).toEqual(['f.ﬁnn']);
    expect(await among('userName eq "F.FINN"')).toEqual(['f.ﬁnn']);
    expect(await among('userName co "％"')).toEqual(['f.three%']);
    expect(await among('name pr')).toEqual(['f.one']);
    expect(await among('emails pr and not (emails.type eq "home")')).toEqual(['f.two_x']);
    expect(await among('name.familyName eq null and externalId pr')).toEqual(['f.two_x', 'f.three%']);
  });

  it.each([
    ['an unknown attribute', 'filter=nobody%20eq%20%22x%22'],
    ['an attribute that nobody can be found by', 'filter=meta.location%20co%20%22x%22'],
    ['no condition at all', 'filter='],
    ['two filters, of which one would be lost', 'filter=id%20pr&FILTER=userName%20eq%20%22x%22'],
    ['text that the database does not know', 'filter=userName%20eq%20%22%5Cu0000%22'],
  ])('never answers everybody to a filter with %s', async (_what, query) => {
    const answer = await call('GET', `/Users?${query}`);
    expect(answer.json()).toMatchObject({ status: '400' });
  });

  it('sends the parts that were asked for, and not those that were not', async () => {
    const { id } = await create('parts', {
      name: { givenName: 'G', familyName: 'F' },
      emails: [{ value: 'p@x.example', type: 'work' }],
    });
    const get = async (query: string) => (await call('GET', `/Users/${id}?${query}`)).json();
    expect(await get(`attributes=name.givenName,${USER}:EMAILS.value`)).toEqual({
      schemas: [USER],
      id,
      name: { givenName: 'G' },
      emails: [{ value: 'p@x.example' }],
    });
    const rest = await get('excludedAttributes=id,meta,emails.type,name.familyName,name.givenName');
    expect(rest).toEqual({
      schemas: [USER],
      id,
      userName: 'parts',
      displayName: 'G F',
      active: true,
      emails: [{ value: 'p@x.example' }],
    });
    expect(await get('attributes=nothing')).toEqual({ schemas: [USER], id });
  });

  it('pages by index with honest numbers', async () => {
    for (let n = 0; n < 7; n++) await create(`p.${n}`);
    const page = async (query: string) =>
      (await call('GET', `/Users?filter=userName%20sw%20%22p.%22&${query}`)).json();
    expect(await page('startIndex=1&count=3')).toMatchObject({
      totalResults: 7,
      startIndex: 1,
      itemsPerPage: 3,
    });
    const last = await page('startIndex=7&count=3');
    expect(last).toMatchObject({ totalResults: 7, startIndex: 7, itemsPerPage: 1 });
    expect(last.Resources[0].userName).toBe('p.6');
    expect(await page('startIndex=50')).toMatchObject({ totalResults: 7, itemsPerPage: 0, Resources: [] });
    expect(await page('count=0')).toMatchObject({ totalResults: 7, itemsPerPage: 0 });
    expect(await page('startIndex=-5&count=1')).toMatchObject({ startIndex: 1, itemsPerPage: 1 });
    expect((await call('GET', '/Users?startIndex=abc')).statusCode).toBe(400);
  });

  it('deactivates under PATCH: sessions end, and two changes at once both survive', async () => {
    const { id } = await create('patched');
    const operations = (...Operations: object[]) => ({ schemas: [], Operations });
    await Promise.all([
      call('PATCH', `/Users/${id}`, operations({ op: 'replace', path: 'displayName', value: 'New' })),
      call('PATCH', `/Users/${id}`, operations({ op: 'Replace', path: 'active', value: 'False' })),
      call('PATCH', `/Users/${id}`, operations({ op: 'add', path: 'name.givenName', value: 'Given' })),
    ]);
    expect((await call('GET', `/Users/${id}`)).json()).toMatchObject({
      displayName: 'New',
      active: false,
      name: { givenName: 'Given' },
    });
    const events = await test.services.events.list(
      realm,
      { involvesId: id, types: ['identity.suspended'] },
      {},
    );
    expect(events.items[0]?.node).toMatchObject({
      actor_kind: 'APPLICATION',
      actor_name: 'Management API (Test)',
    });
  });

  it('heeds entity tags', async () => {
    const { id, meta } = await create('tagged');
    for (const known of [meta.version, `"other", ${meta.version.slice(2)}`, '*']) {
      const answer = await call('GET', `/Users/${id}`, undefined, { 'if-none-match': known });
      expect(answer).toMatchObject({ statusCode: 304, body: '' });
      expect(answer.headers.etag).toBe(meta.version);
    }
    expect((await call('GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"77"' })).statusCode).toBe(
      200,
    );
    const change = (tag: string) =>
      call('PUT', `/Users/${id}`, { userName: 'tagged', displayName: tag }, { 'if-match': tag });
    expect((await change(meta.version)).statusCode).toBe(200);
    expect((await change(meta.version)).statusCode).toBe(412);
    expect((await change('*')).statusCode).toBe(200);
  });

  it('reaches no administrator: provisioning holds less than they do', async () => {
    const url = `/realms/${test.tenant.adminRealmId}/scim/v2/Users`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
    const [admin] = (await test.app.inject({ url, headers })).json().Resources;
    const removed = await test.app.inject({ method: 'DELETE', url: `${url}/${admin.id}`, headers });
    expect(removed.statusCode).toBe(403);
    const payload = JSON.stringify({ Operations: [{ op: 'replace', path: 'active', value: false }] });
    expect(
      (await test.app.inject({ method: 'PATCH', url: `${url}/${admin.id}`, headers, payload })).statusCode,
    ).toBe(403);
  });

  it('describes itself truly, and takes addresses as clients write them', async () => {
    expect((await call('GET', '/ServiceProviderConfig')).json()).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true },
      sort: { supported: true },
      pagination: { cursor: true, index: true },
    });
    expect((await call('GET', `/Schemas/${USER}`)).json().id).toBe(USER);
    expect((await call('GET', '/ResourceTypes/User')).json()).toMatchObject({ schema: USER });
    expect((await call('POST', '/Schemas', {})).statusCode).toBe(405);
    expect((await call('GET', `/Schemas/${USER.toUpperCase()}`)).json().id).toBe(USER);
    expect((await call('GET', '/users/')).statusCode).toBe(200);
    expect((await call('GET', '/Nothing')).json()).toMatchObject({ status: '404' });
    const broken = await test.app.inject({
      method: 'POST',
      url: `/realms/${realm.realm.id}/scim/v2/Users`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      payload: '{"userName": ',
    });
    expect(broken.json()).toMatchObject({ status: '400', scimType: 'invalidSyntax' });
    const form = await call('POST', '/Users', {}, { 'content-type': 'text/plain' });
    expect(form.json()).toMatchObject({ status: '415', detail: expect.any(String) });
    expect(form.json().scimType).toBeUndefined();
    expect(form.headers['x-request-id']).toBeTruthy();
    const faulty = await call('POST', '/Users', { userName: 'faulty', emails: ['not an address'] });
    expect(faulty.json()).toMatchObject({ status: '400', scimType: 'invalidValue' });
    expect(faulty.json().detail).toMatch(/^emails\.0\.value: /);
  });
});
