import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CUSTOM = 'urn:keyrealm:params:scim:schemas:extension:custom:2.0:User';

interface Listed {
  totalResults: number;
  itemsPerPage: number;
  startIndex?: number;
  nextCursor?: string;
  Resources: { id: string; userName?: string; displayName?: string; members?: unknown[] }[];
}

describe('SCIM as a whole', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let token: string;

  beforeAll(async () => {
    test = await buildTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Whole' });
    realm = await test.caller(undefined, row.id);
    token = await test.apiToken(['scim:all']);
  });
  afterAll(() => test.close());

  const call = (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) =>
    test.app.inject({
      method,
      url: `/realms/${realm.realm.id}/scim/v2${path}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });

  const user = async (userName: string, more: object = {}): Promise<string> =>
    (await call('POST', '/Users', { schemas: [USER], userName, ...more })).json().id;
  const group = async (displayName: string, ...members: string[]): Promise<string> =>
    (await call('POST', '/Groups', { displayName, members: members.map((value) => ({ value })) })).json().id;
  const list = async (path: string): Promise<Listed> => (await call('GET', path)).json();
  const membersOf = async (id: string): Promise<string[]> =>
    ((await call('GET', `/Groups/${id}`)).json().members ?? []).map(({ value }: { value: string }) => value);
  const search = (text: string) => encodeURIComponent(text);

  it('keeps everything of a user that the standard has', async () => {
    const whole = {
      schemas: [USER, ENTERPRISE],
      userName: 'whole',
      name: {
        formatted: 'Ms. Ada L.',
        familyName: 'L',
        givenName: 'A',
        middleName: 'M',
        honorificPrefix: 'Ms.',
      },
      nickName: 'Lady',
      profileUrl: 'https://people.example/ada',
      title: 'Countess',
      userType: 'Employee',
      preferredLanguage: 'en-GB',
      locale: 'en-GB',
      timezone: 'Europe/London',
      emails: [{ value: 'ada@x.example', type: 'work', primary: true }],
      phoneNumbers: [{ value: 'tel:+44-20-7946-0000', type: 'work' }],
      ims: [{ value: 'ada', type: 'xmpp' }],
      photos: [{ value: 'https://people.example/ada.png', type: 'photo' }],
      addresses: [{ streetAddress: '12 St James Sq', locality: 'London', type: 'home', primary: true }],
      entitlements: [{ value: 'engine' }],
      roles: [{ value: 'programmer', primary: true }],
      x509Certificates: [{ value: 'MIIDQzCCAqyg' }],
      [ENTERPRISE]: {
        employeeNumber: '1815',
        costCenter: 'c',
        organization: 'o',
        division: 'd',
        department: 'Engines',
      },
    };
    const made = (await call('POST', '/Users', whole)).json();
    expect(made).toMatchObject(whole);
    const again = (await call('PUT', `/Users/${made.id}`, made)).json();
    expect(again).toEqual(made);
    for (const filter of [
      'title eq "COUNTESS"',
      `${ENTERPRISE}:department sw "eng"`,
      'phoneNumbers[type eq "work" and value co "7946"]',
      'addresses.locality eq "london"',
      'roles[primary eq "True"].value eq "programmer"',
      'emails[type eq "work"].value eq "ADA@x.example"',
      'meta.resourceType eq "User" and nickName pr',
    ])
      expect((await list(`/Users?filter=${search(filter)}`)).Resources.map(({ id }) => id)).toEqual([
        made.id,
      ]);
  });

  it('moves members in and out by steps, and tells which groups a user is in', async () => {
    const [a = '', b = '', c = ''] = await Promise.all(['m.a', 'm.b', 'm.c'].map((name) => user(name)));
    const id = await group('Steps', a);
    const patch = (...Operations: object[]) => call('PATCH', `/Groups/${id}`, { Operations });
    const add = await patch({ op: 'Add', path: 'members', value: [{ value: b }, { value: c }] });
    expect(add.statusCode).toBe(204);
    expect((await membersOf(id)).sort()).toEqual([a, b, c].sort());
    await patch(
      { op: 'remove', path: `members[value eq "${a}" or value eq "${b}"]` },
      { op: 'add', value: { members: { value: a }, displayName: 'Stepped' } },
    );
    expect((await membersOf(id)).sort()).toEqual([a, c].sort());
    expect((await call('GET', `/Users/${a}`)).json().groups).toEqual([
      expect.objectContaining({ value: id, display: 'Stepped', type: 'direct' }),
    ]);
    const stranger = await patch(
      { op: 'remove', path: 'members' },
      { op: 'add', path: 'members', value: [{ value: id }] },
    );
    expect(stranger.json()).toMatchObject({ status: '400', scimType: 'invalidValue' });
    expect(await membersOf(id)).toHaveLength(2);
    const versions = async () => (await call('GET', `/Groups/${id}`)).json().meta.version;
    const before = await versions();
    await patch({ op: 'add', path: 'members', value: [{ value: a }] });
    expect(await versions()).toBe(before);
    expect(
      (await list(`/Users?filter=${search(`groups.value eq "${id}" and userName sw "m."`)}`)).totalResults,
    ).toBe(2);
    expect((await list(`/Groups?filter=${search(`members[value eq "${c}"]`)}`)).Resources[0]?.id).toBe(id);
  });

  it('reads no members that are not wanted', async () => {
    const members = await Promise.all(Array.from({ length: 5 }, (_, n) => user(`unread${n}`)));
    const id = await group('Unread', ...members);
    const path = `/Groups/${id}`;
    // Now and then one more is sent, to say that the client was here.
    const cost = async (query: string) => {
      const costs: number[] = [];
      for (let n = 0; n < 3; n++) {
        const before = test.database.statements();
        await call('GET', `${path}${query}`);
        costs.push(test.database.statements() - before);
      }
      return Math.min(...costs);
    };
    expect((await call('GET', `${path}?excludedAttributes=members`)).json().members).toBeUndefined();
    expect((await call('GET', path)).json().members).toHaveLength(5);
    expect(await cost('')).toBe((await cost('?excludedAttributes=members')) + 1);
  });

  it('does not touch the groups that Keyrealm itself refers to', async () => {
    const url = `/realms/${test.tenant.adminRealmId}/scim/v2/Groups`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
    const [managed] = (await test.app.inject({ url, headers })).json().Resources;
    for (const request of [
      { method: 'DELETE' as const },
      {
        method: 'PATCH' as const,
        payload: JSON.stringify({ Operations: [{ op: 'remove', path: 'members' }] }),
      },
      { method: 'PUT' as const, payload: JSON.stringify({ displayName: 'Mine now' }) },
    ])
      expect((await test.app.inject({ ...request, url: `${url}/${managed.id}`, headers })).statusCode).toBe(
        403,
      );
  });

  it('sorts, and pages by cursor in any order without losing or repeating anyone', async () => {
    for (const [name, title] of [
      ['s.1', 'b'],
      ['s.2', undefined],
      ['s.3', 'a'],
      ['s.4', 'b'],
      ['s.5', undefined],
    ])
      await user(name ?? '', title === undefined ? {} : { title });
    const filter = `filter=${search('userName sw "s."')}`;
    const names = (page: Listed) => page.Resources.map(({ userName }) => userName);
    const ascending = await list(`/Users?${filter}&sortBy=title`);
    expect(names(ascending)).toEqual(['s.3', 's.1', 's.4', 's.2', 's.5']);
    for (const order of [
      '',
      '&sortBy=title',
      '&sortBy=title&sortOrder=descending',
      '&sortBy=meta.created&sortOrder=descending',
    ]) {
      const whole = names(await list(`/Users?${filter}${order}`));
      const walked: (string | undefined)[] = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const page: Listed = await list(`/Users?${filter}${order}&count=2&cursor=${cursor}`);
        expect(page).toMatchObject({ totalResults: 5 });
        expect(page.startIndex).toBeUndefined();
        walked.push(...names(page));
        cursor = page.nextCursor;
      }
      expect(walked).toEqual(whole);
    }
    expect((await call('GET', '/Users?sortBy=emails')).json()).toMatchObject({ scimType: 'invalidPath' });
  });

  it('refuses a cursor of another list, and one that was made up', async () => {
    const { nextCursor } = await list('/Users?cursor=&count=1');
    for (const query of [
      `cursor=${nextCursor}&filter=${search('userName pr')}`,
      `cursor=${nextCursor}&sortBy=userName`,
      'cursor=nothing',
      `cursor=${Buffer.from('[1,2]').toString('base64url')}`,
      `cursor=${nextCursor}&startIndex=2`,
    ])
      expect((await call('GET', `/Users?${query}`)).json()).toMatchObject({
        status: '400',
        scimType: 'invalidCursor',
      });
    expect((await call('GET', '/Users?cursor=&count=0')).json().scimType).toBe('invalidCount');
  });

  it('searches by POST, one kind or all of them', async () => {
    const id = await user('found.by.post', { externalId: 'fbp' });
    const groupId = await group('Found by post');
    const post = async (path: string, body: object) => (await call('POST', path, body)).json();
    expect(
      await post('/Users/.search', { filter: 'userName eq "found.by.post"', attributes: ['userName'] }),
    ).toMatchObject({
      totalResults: 1,
      Resources: [{ id, userName: 'found.by.post' }],
    });
    const both = await post('/.search', { filter: 'displayName sw "found.by" or displayName sw "found by"' });
    expect(both.Resources.map((one: { id: string }) => one.id)).toEqual([id, groupId]);
    expect(
      await post('/.search', { filter: 'meta.resourceType eq "Group" and displayName sw "found"', count: 1 }),
    ).toMatchObject({
      totalResults: 1,
      Resources: [{ id: groupId }],
    });
    expect((await call('GET', `/?filter=${search('externalId eq "fbp"')}`)).json()).toMatchObject({
      totalResults: 1,
    });
    expect(await post('/.search', { filter: 'nobody eq "x"' })).toMatchObject({ scimType: 'invalidFilter' });
    expect(await post('/Users/.search', { count: 'many' })).toMatchObject({ scimType: 'invalidValue' });
  });

  it('does many things at once, also those that refer to each other', async () => {
    const answer = await call('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'team',
          data: { displayName: 'Bulk team', members: [{ value: 'bulkId:one' }] },
        },
        { method: 'POST', path: '/Users', bulkId: 'one', data: { userName: 'bulk.one' } },
        { method: 'POST', path: '/Users', bulkId: 'taken', data: { userName: 'BULK.one' } },
        {
          method: 'PATCH',
          path: '/Users/bulkId:one',
          data: { Operations: [{ op: 'add', path: 'title', value: 'First' }] },
        },
        { method: 'DELETE', path: '/Users/bulkId:taken' },
        { method: 'DELETE', path: '/Users/00000000-0000-7000-8000-000000000000' },
      ],
    });
    const { Operations } = answer.json();
    expect(Operations.map(({ status }: { status: string }) => status)).toEqual([
      '201',
      '201',
      '409',
      '200',
      '409',
      '404',
    ]);
    expect(Operations[2].response).toMatchObject({ scimType: 'uniqueness' });
    const [team, one] = Operations.map(
      ({ location }: { location?: string }) => location?.split('/').at(-1) ?? '',
    );
    expect(await membersOf(team)).toEqual([one]);
    expect((await call('GET', `/Users/${one}`)).json().title).toBe('First');
  });

  it('stops a bulk at the errors that the client allows, and does not turn in circles', async () => {
    const bulk = async (body: object) => (await call('POST', '/Bulk', body)).json().Operations;
    const missing = { method: 'DELETE', path: '/Users/missing' };
    const after = { method: 'POST', path: '/Users', bulkId: 'late', data: { userName: 'too.late' } };
    expect(await bulk({ failOnErrors: 2, Operations: [missing, missing, after] })).toHaveLength(2);
    expect((await list(`/Users?filter=${search('userName eq "too.late"')}`)).totalResults).toBe(0);
    const manager = (of: string) => ({ [ENTERPRISE]: { manager: { value: `bulkId:${of}` } } });
    const circle = await bulk({
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'x', data: { userName: 'c.x', ...manager('y') } },
        { method: 'POST', path: '/Users', bulkId: 'y', data: { userName: 'c.y', ...manager('x') } },
      ],
    });
    expect(circle.map(({ status }: { status: string }) => status)).toEqual(['409', '409']);
    const many = Array.from({ length: 1001 }, () => missing);
    expect((await call('POST', '/Bulk', { Operations: many })).statusCode).toBe(413);
    const large = { Operations: [], filler: 'x'.repeat(1_048_577) };
    expect((await call('POST', '/Bulk', large)).json()).toMatchObject({ status: '413' });
  });

  it('knows the attributes that the realm declares: in discovery, filters, changes and faults', async () => {
    await test.services.attributeSchemas.save(realm, {
      schema: {
        type: 'object',
        properties: {
          badge: { type: 'integer', minimum: 1 },
          shirt: { type: 'string', enum: ['S', 'M', 'L'] },
          remote: { type: 'boolean' },
          skills: { type: 'array', items: { type: 'string' } },
        },
        additionalProperties: false,
      },
    });
    const schema = (await call('GET', `/Schemas/${CUSTOM}`)).json();
    expect(
      schema.attributes.map(({ name, type, multiValued }: Record<string, unknown>) => [
        name,
        type,
        multiValued,
      ]),
    ).toEqual([
      ['badge', 'integer', false],
      ['shirt', 'string', false],
      ['remote', 'boolean', false],
      ['skills', 'string', true],
    ]);
    expect((await call('GET', '/ResourceTypes/User')).json().schemaExtensions).toContainEqual({
      schema: CUSTOM,
      required: false,
    });
    const id = await user('declared', { [CUSTOM]: { badge: 7, shirt: 'M', skills: ['go', 'ts'] } });
    for (const filter of [
      `${CUSTOM}:badge ge 7`,
      `${CUSTOM}:shirt eq "m"`,
      `${CUSTOM}:skills eq "ts"`,
      `${CUSTOM}:badge pr`,
    ])
      expect((await list(`/Users?filter=${search(filter)}`)).Resources.map((one) => one.id)).toEqual([id]);
    const patch = (...Operations: object[]) => call('PATCH', `/Users/${id}`, { Operations });
    const changed = await patch(
      { op: 'replace', path: `${CUSTOM}:badge`, value: '8' },
      { op: 'add', path: `${CUSTOM}:skills`, value: ['sql'] },
      { op: 'add', value: { [CUSTOM]: { Remote: 'True' } } },
      { op: 'remove', path: `${CUSTOM}:shirt` },
    );
    expect(changed.json()[CUSTOM]).toEqual({ badge: 8, skills: ['go', 'ts', 'sql'], remote: true });
    expect((await patch({ op: 'add', path: `${CUSTOM}:shirt`, value: 'XXL' })).json()).toMatchObject({
      status: '400',
      scimType: 'invalidValue',
    });
    expect((await patch({ op: 'add', path: `${CUSTOM}:hat`, value: 'x' })).json().scimType).toBe(
      'invalidPath',
    );
  });

  it('answers with 405 and what is possible, and knows no Me for a machine', async () => {
    const allowed = async (method: 'PUT' | 'DELETE' | 'POST' | 'GET', path: string) => {
      const answer = await call(method, path, method === 'GET' ? undefined : {});
      expect(answer.json()).toMatchObject({ status: '405' });
      return answer.headers.allow;
    };
    expect(await allowed('PUT', '/Users')).toBe('GET, POST');
    expect(await allowed('DELETE', '/Groups')).toBe('GET, POST');
    expect(await allowed('POST', '/Users/x')).toBe('GET, PUT, PATCH, DELETE');
    expect(await allowed('GET', '/Bulk')).toBe('POST');
    expect((await call('GET', '/Me')).json()).toMatchObject({ status: '501' });
  });

  it('refuses hostile filters at once', async () => {
    for (const filter of [
      '('.repeat(3000),
      `${'not ('.repeat(60)}userName pr${')'.repeat(60)}`,
      Array.from({ length: 300 }, () => 'userName pr').join(' or '),
      'x'.repeat(9000),
    ])
      expect((await call('POST', '/Users/.search', { filter })).json()).toMatchObject({
        status: '400',
        scimType: 'invalidFilter',
      });
  });
});
