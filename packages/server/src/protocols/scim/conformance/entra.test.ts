import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Body, filtered, openScim, patchOf, type ScimKit, URN } from '../../../testing/scim.js';
import {
  type Dialect,
  expectStatus,
  findOne,
  forgetful,
  liveThrough,
  type Person,
  sequence,
} from '../../../testing/scim-clients.js';

const ADSCIM = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0';
const NO_MEMBERS = '&excludedAttributes=members';
const DEPARTMENT = `${URN.enterprise}:department`;

/**
 * Entra ID looks everything up first, patches attribute by attribute in capitalised words with booleans as text, lists
 * members in the value of a removal, never reads members, and deletes whom it no longer has. Under the flag
 * `aadOptscim062020` it writes lower case, real booleans, one value with dotted keys, and a filter for a removal.
 */
function entra(scim: ScimKit, flagged: boolean, random: () => number): Dialect {
  const send = forgetful(scim, random);
  const word = (op: 'Add' | 'Replace' | 'Remove'): string => (flagged ? op.toLowerCase() : op);
  const flag = (value: boolean): unknown => (flagged ? value : value ? 'True' : 'False');

  /** By its login, and by its own id where the login is not known. */
  async function userOf(person: Pick<Person, 'login' | 'externalId'>): Promise<Body | undefined> {
    const byLogin = await findOne(send, '/Users', `userName eq ${JSON.stringify(person.login)}`);
    return byLogin ?? findOne(send, '/Users', `externalId eq ${JSON.stringify(person.externalId)}`);
  }
  const idOf = async (login: string): Promise<string> =>
    (await userOf({ login, externalId: 'none' }))?.id ?? expect.fail(`${login} is lost`);
  const groupOf = (name: string): Promise<Body | undefined> =>
    findOne(send, '/Groups', `displayName eq ${JSON.stringify(name)}`, NO_MEMBERS);
  const groupId = async (name: string): Promise<string> => {
    const group = (await groupOf(name)) ?? expect.fail(`${name} is lost`);
    expect(group).not.toHaveProperty('members');
    return group.id;
  };

  async function patchUser(id: string, ...operations: readonly object[]): Promise<void> {
    expectStatus(
      await send({ method: 'PATCH', path: `/Users/${id}`, body: patchOf(...operations) }),
      200,
      204,
    );
  }
  async function patchGroup(name: string, ...operations: readonly object[]): Promise<void> {
    const path = `/Groups/${await groupId(name)}`;
    const answer = expectStatus(await send({ method: 'PATCH', path, body: patchOf(...operations) }), 204);
    expect(answer.text).toBe('');
  }

  function updates(person: Person): object[] {
    const mail = { op: word('Replace'), path: 'emails[type eq "work"].value', value: 'someone@corp.example' };
    if (flagged) {
      const value = {
        'name.givenName': person.given,
        'name.familyName': person.family,
        active: person.active,
        externalId: person.externalId,
        ...(person.department === undefined ? {} : { [DEPARTMENT]: person.department }),
      };
      return [mail, { op: 'replace', value }];
    }
    return [
      mail,
      { op: 'Replace', path: 'name.givenName', value: person.given },
      { op: 'Replace', path: 'name.familyName', value: person.family },
      { op: 'Replace', path: 'externalId', value: person.externalId },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+46 70 1' },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'member' },
      ...(person.department === undefined ? [] : [{ op: 'Add', path: DEPARTMENT, value: person.department }]),
      { op: 'Replace', path: 'active', value: flag(person.active) },
    ];
  }

  async function changeMembers(name: string, logins: readonly string[], op: 'Add' | 'Remove'): Promise<void> {
    if (logins.length === 0) return;
    const ids = await Promise.all(logins.map(idOf));
    if (flagged && op === 'Remove')
      await patchGroup(name, ...ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` })));
    else
      await patchGroup(name, {
        op: word(op),
        path: 'members',
        value: ids.map((value) => ({ $ref: null, value })),
      });
    const group = await groupId(name);
    for (const id of ids) {
      const filter = `id eq "${group}" and members eq "${id}"`;
      const found = await findOne(send, '/Groups', filter, '&attributes=id');
      expect(found === undefined).toBe(op === 'Remove');
    }
  }

  return {
    keepsPeople: false,
    async connect() {
      const answer = expectStatus(await scim.get(filtered('/Users', `userName eq "${randomUUID()}"`)), 200);
      expect(answer.body).toMatchObject({ schemas: [URN.list], totalResults: 0 });
      expect(String(answer.headers['content-type'])).toContain('application/scim+json');
    },
    async assign(person) {
      const found = await userOf(person);
      if (found) {
        await patchUser(found.id, ...updates(person));
        return;
      }
      const body = {
        schemas: [URN.user, URN.enterprise],
        externalId: person.externalId,
        userName: person.login,
        active: flag(person.active),
        emails: [{ primary: true, type: 'work', value: 'someone@corp.example' }],
        meta: { resourceType: 'User' },
        name: {
          formatted: `${person.given} ${person.family}`,
          familyName: person.family,
          givenName: person.given,
        },
        roles: [],
        ...(person.department === undefined ? {} : { [URN.enterprise]: { department: person.department } }),
      };
      const made = expectStatus(await send({ method: 'POST', path: '/Users', body }), 201, 409);
      // A conflict makes it match again in the next cycle.
      if (made.status === 409) await patchUser(await idOf(person.login), ...updates(person));
    },
    async update(person) {
      await patchUser(await idOf(person.login), ...updates(person));
      const after = expectStatus(await scim.get(`/Users/${await idOf(person.login)}`), 200);
      expect(after.body.active).toBe(person.active);
    },
    async unassign(person) {
      const id = await idOf(person.login);
      await patchUser(id, { op: word('Replace'), path: 'active', value: flag(false) });
      expect((await userOf(person))?.active).toBe(false);
      expectStatus(await send({ method: 'DELETE', path: `/Users/${id}` }), 204, 404);
      expect((await scim.get(`/Users/${id}`)).status).toBe(404);
    },
    async pushGroup(team) {
      const found = await groupOf(team.name);
      if (!found) {
        const body = {
          schemas: [URN.group, `${ADSCIM}/Group`],
          externalId: `ext-${team.name}`,
          displayName: team.name,
          meta: { resourceType: 'Group' },
        };
        expectStatus(await send({ method: 'POST', path: '/Groups', body }), 201, 409);
      }
      await changeMembers(team.name, team.members, 'Add');
    },
    async renameGroup(from, to) {
      await patchGroup(from, { op: word('Replace'), path: 'displayName', value: to });
    },
    addMembers: (name, logins) => changeMembers(name, logins, 'Add'),
    removeMembers: (name, logins) => changeMembers(name, logins, 'Remove'),
    async dropGroup(name) {
      const found = await groupOf(name);
      if (found) expectStatus(await send({ method: 'DELETE', path: `/Groups/${found.id}` }), 204, 404);
    },
  };
}

describe.each([false, true])('Entra ID, with the flag for standard SCIM: %s', (flagged) => {
  let scim: ScimKit;
  beforeAll(async () => {
    scim = await openScim();
  });
  afterAll(() => scim.close());

  it('holds what Entra believes after a year of assignments, and after the same year again', async () => {
    const dialect = entra(scim, flagged, sequence(flagged ? 3 : 4));
    await liveThrough(scim, dialect);
    // Teams that are left are known from the first year: their members are what it says now.
    for (const team of ['Engineers', 'Everyone, "really"']) await dialect.dropGroup(team);
    await liveThrough(scim, dialect);
  });
});

describe('what Microsoft’s reference clients send', () => {
  let scim: ScimKit;
  let id: string;
  beforeAll(async () => {
    scim = await openScim();
    const made = await scim.send({
      method: 'POST',
      path: '/Users',
      headers: { 'content-type': 'application/json' },
      body: {
        schemas: [URN.enterprise, URN.user],
        userName: 'Reference1',
        active: true,
        displayName: 'ReferenceOne',
        externalId: randomUUID(),
        name: { formatted: 'Rae Ference', familyName: 'Ference', givenName: 'Rae' },
        emails: [
          { Primary: true, type: 'work', value: 'rae@corp.example' },
          { Primary: false, type: 'home', value: 'rae@home.example' },
        ],
        [URN.enterprise]: { Department: 'Sea', Manager: { Value: 'somebody' } },
      },
    });
    id = expectStatus(made, 201).body.id;
  });
  afterAll(() => scim.close());

  it('keeps parts that are written in capitals, and a manager whom only the client knows', async () => {
    expect((await scim.get(`/Users/${id}`)).body).toMatchObject({
      emails: [
        { value: 'rae@corp.example', type: 'work', primary: true },
        { value: 'rae@home.example', type: 'home' },
      ],
      [URN.enterprise]: { department: 'Sea', manager: { value: 'somebody' } },
    });
  });

  it('finds by a filter with plus signs for spaces, below a collection with a slash', async () => {
    const { body } = await scim.get('/Users/?filter=DisplayName+eq+%22ReferenceOne%22');
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ id }] });
  });

  it('gives the attributes that are listed', async () => {
    const { body } = await scim.get('/users?attributes=userName,emails');
    expect(body.Resources[0]).toMatchObject({ id, userName: 'Reference1' });
    expect(body.Resources[0]).not.toHaveProperty('name');
  });

  it('pages with both numbers, and sorts', async () => {
    const { body } = await scim.get('/Users?startIndex=1&count=1&sortBy=userName&sortOrder=ascending');
    expect(body).toMatchObject({ totalResults: 1, startIndex: 1, itemsPerPage: 1 });
  });

  it('answers a reader who asks what changed in a span of time, also from index 0', async () => {
    const span =
      '(meta.lastModified ge "2020-01-01T00:00:00Z" and meta.lastModified le "2999-01-01T00:00:00Z")';
    const { body } = await scim.get(
      filtered('/Users', `active eq true and ${span}`, '&count=10&startindex=0'),
    );
    expect(body).toMatchObject({ totalResults: 1, startIndex: 1, Resources: [{ id }] });
  });

  it('refuses what is junk: no body, no username, a list as a body, a member who is not there', async () => {
    for (const body of ['', '[]', '"text"', 'null', {}, { schemas: [] }]) {
      const answer = await scim.send({
        method: 'POST',
        path: '/Users',
        body,
        headers: { 'content-type': 'application/scim+json' },
      });
      expectStatus(answer, 400);
      expect(answer.body).toMatchObject({ schemas: [URN.error], status: '400' });
    }
    const junk = await scim.post('/Groups', {
      schemas: [URN.group],
      displayName: 'Junk',
      members: [{ value: 'junk' }],
    });
    expect(junk.body).toMatchObject({ status: '400', scimType: 'invalidValue' });
    expect((await scim.get(filtered('/Groups', 'displayName eq "Junk"'))).body.totalResults).toBe(0);
  });
});
