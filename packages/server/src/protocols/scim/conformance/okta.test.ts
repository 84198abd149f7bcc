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
  type Team,
} from '../../../testing/scim-clients.js';

const PAGE = '&startIndex=1&count=100';

/**
 * Okta looks a person up, links whom it finds, else creates them with a password that nobody uses; sends whole profiles
 * by PUT, and never deletes anyone. The template of its catalogue patches what is active and who is in a group; one's own
 * integration puts everything.
 */
function okta(scim: ScimKit, integration: 'catalogue' | 'own', random: () => number): Dialect {
  const send = forgetful(scim, random);
  const userOf = async (login: string): Promise<Body | undefined> =>
    findOne(send, '/Users', `userName eq ${JSON.stringify(login)}`, PAGE);
  const groupOf = async (name: string): Promise<Body | undefined> =>
    findOne(send, '/Groups', `displayName eq ${JSON.stringify(name)}`, PAGE);
  const known = async (login: string): Promise<Body> =>
    (await userOf(login)) ?? expect.fail(`${login} is lost`);
  const knownGroup = async (name: string): Promise<Body> =>
    (await groupOf(name)) ?? expect.fail(`${name} is lost`);
  const memberList = (logins: readonly string[]) =>
    Promise.all(logins.map(async (login) => ({ value: (await known(login)).id, display: login })));

  const profile = (person: Person) => ({
    schemas: [URN.user, URN.enterprise],
    userName: person.login,
    name: { givenName: person.given, middleName: '', familyName: person.family },
    emails: [{ primary: true, value: 'someone@corp.example', type: 'work', display: 'someone' }],
    displayName: `${person.given} ${person.family}`,
    locale: 'en-US',
    externalId: person.externalId,
    groups: [],
    active: person.active,
    ...(person.department === undefined ? {} : { [URN.enterprise]: { department: person.department } }),
  });

  async function putWhole(id: string, person: Person): Promise<void> {
    const current = expectStatus(await send({ method: 'GET', path: `/Users/${id}` }), 200).body;
    const body = { ...current, ...profile(person), id, meta: { resourceType: 'User' } };
    const after = expectStatus(await send({ method: 'PUT', path: `/Users/${id}`, body }), 200).body;
    expect(after).toMatchObject({ id, userName: person.login, active: person.active });
  }

  async function setActive(id: string, active: boolean): Promise<void> {
    const body = patchOf({ op: 'replace', value: { active } });
    const after = expectStatus(await send({ method: 'PATCH', path: `/Users/${id}`, body }), 200, 204);
    if (after.status === 200) expect(after.body.active).toBe(active);
  }

  async function patchGroup(name: string, ...operations: readonly object[]): Promise<void> {
    const { id } = await knownGroup(name);
    expectStatus(
      await send({ method: 'PATCH', path: `/Groups/${id}`, body: patchOf(...operations) }),
      200,
      204,
    );
  }

  async function putGroup(name: string, wanted: Team): Promise<void> {
    const { id } = await knownGroup(name);
    const body = {
      schemas: [URN.group],
      displayName: wanted.name,
      members: await memberList(wanted.members),
    };
    expectStatus(await send({ method: 'PUT', path: `/Groups/${id}`, body }), 200);
  }

  /** Who Okta believes is in a group: it sends the whole list from its own memory. */
  const memory = new Map<string, string[]>();
  const remembered = (name: string): string[] => memory.get(name) ?? [];

  return {
    keepsPeople: true,
    async connect() {
      const answer = expectStatus(await scim.get('/Users?startIndex=1&count=1'), 200);
      expect(answer.body).toMatchObject({ totalResults: expect.any(Number), startIndex: 1 });
      expectStatus(await scim.get('/Groups?startIndex=1&count=100'), 200);
    },
    async assign(person) {
      const found = await userOf(person.login);
      if (found) {
        await putWhole(found.id, person);
        return;
      }
      const body = { ...profile(person), password: 'not-used-Tmp9!' };
      const made = expectStatus(await send({ method: 'POST', path: '/Users', body }), 201, 409);
      expect(made.text).not.toContain('not-used-Tmp9!');
      // Its first attempt was answered into the void: it looks again, and links.
      if (made.status === 409) await putWhole((await known(person.login)).id, person);
    },
    async update(person) {
      const user = await known(person.login);
      if (user.active !== person.active && integration === 'catalogue')
        await setActive(user.id, person.active);
      else await putWhole(user.id, person);
    },
    async unassign(person) {
      const user = await known(person.login);
      if (integration === 'catalogue') await setActive(user.id, false);
      else await putWhole(user.id, { ...person, active: false });
    },
    async pushGroup(team) {
      memory.set(team.name, [...team.members]);
      const found = await groupOf(team.name);
      if (!found) {
        const body = { schemas: [URN.group], displayName: team.name, members: [] };
        expectStatus(await send({ method: 'POST', path: '/Groups', body }), 201, 409);
      }
      if (integration === 'own') await putGroup(team.name, team);
      else
        await patchGroup(team.name, {
          op: 'replace',
          path: 'members',
          value: await memberList(team.members),
        });
    },
    async renameGroup(from, to) {
      const members = remembered(from);
      if (integration === 'own') await putGroup(from, { name: to, members });
      else
        await patchGroup(from, {
          op: 'replace',
          value: { id: (await knownGroup(from)).id, displayName: to },
        });
      memory.delete(from);
      memory.set(to, members);
    },
    async addMembers(name, logins) {
      memory.set(name, [...new Set([...remembered(name), ...logins])]);
      if (integration === 'own') await putGroup(name, { name, members: remembered(name) });
      else await patchGroup(name, { op: 'add', path: 'members', value: await memberList(logins) });
    },
    async removeMembers(name, logins) {
      memory.set(
        name,
        remembered(name).filter((login) => !logins.includes(login)),
      );
      if (integration === 'own') {
        await putGroup(name, { name, members: remembered(name) });
        return;
      }
      const ids = await memberList(logins);
      await patchGroup(
        name,
        ...ids.map(({ value }) => ({ op: 'remove', path: `members[value eq "${value}"]` })),
      );
    },
    async dropGroup(name) {
      const found = await groupOf(name);
      if (found) expectStatus(await send({ method: 'DELETE', path: `/Groups/${found.id}` }), 204, 404);
      memory.delete(name);
    },
  };
}

describe.each(['catalogue', 'own'] as const)('Okta, by an integration of the %s kind', (integration) => {
  let scim: ScimKit;
  beforeAll(async () => {
    scim = await openScim();
  });
  afterAll(() => scim.close());

  it('holds what Okta believes after a year of assignments, and after the same year again', async () => {
    const dialect = okta(scim, integration, sequence(integration === 'own' ? 1 : 2));
    await liveThrough(scim, dialect);
    await liveThrough(scim, dialect);
  });
});

describe('what Okta checks before it talks to a server', () => {
  let scim: ScimKit;
  let id: string;
  const person = {
    schemas: [URN.user],
    userName: 'Runscope.One@corp.example',
    name: { givenName: 'Run', familyName: 'Scope' },
    emails: [{ primary: true, value: 'run@corp.example', type: 'work' }],
    displayName: 'Run Scope',
    active: true,
  };
  beforeAll(async () => {
    scim = await openScim();
    id = (await scim.post('/Users', person)).body.id;
  });
  afterAll(() => scim.close());

  it('gives a list with numbers in it, and in each entry all that a profile needs', async () => {
    const started = performance.now();
    const { status, body } = await scim.get('/Users?count=1&startIndex=1');
    expect(performance.now() - started).toBeLessThan(600);
    expect(status).toBe(200);
    expect(body).toMatchObject({ schemas: [URN.list], totalResults: 1, startIndex: 1, itemsPerPage: 1 });
    const { displayName: _, ...kept } = person;
    expect(body.Resources[0]).toMatchObject({ id, ...kept });
  });

  it('gives the same person by id', async () => {
    expect((await scim.get(`/Users/${id}`)).body).toMatchObject({ id, ...person });
  });

  it('finds nobody for a login that is free, and says no by id', async () => {
    const free = await scim.get(filtered('/Users', 'userName eq "abcdefgh@corp.example"'));
    expect(free.body).toMatchObject({ schemas: [URN.list], totalResults: 0 });
    const nobody = await scim.get('/Users/010101001010101011001010101011');
    expect(nobody.status).toBe(404);
    expect(nobody.body).toMatchObject({ schemas: [URN.error], detail: expect.any(String) });
  });

  it('finds a login whatever its case, and refuses to create it again', async () => {
    const found = await scim.get(filtered('/Users', 'userName eq "RUNSCOPE.ONE@CORP.EXAMPLE"'));
    expect(found.body).toMatchObject({ totalResults: 1 });
    expect((await scim.post('/Users', person)).status).toBe(409);
  });

  it('lists groups', async () => {
    const groups = await scim.get('/Groups?startIndex=1&count=100');
    expect(groups.body).toMatchObject({
      schemas: [URN.list],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
    });
  });

  it('refuses a token that it does not know', async () => {
    const answer = await scim.send({
      method: 'GET',
      path: '/Users',
      headers: { authorization: 'Bearer nonsense' },
    });
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ schemas: [URN.error], status: '401' });
  });
});
