import { expect } from 'vitest';
import { type Body, filtered, type ScimAnswer, type ScimKit, type ScimRequest } from './scim.js';

/** A person as the directory of an identity provider has them. */
export interface Person {
  readonly login: string;
  readonly given: string;
  readonly family: string;
  readonly externalId: string;
  readonly active: boolean;
  readonly department?: string;
}

export interface Team {
  readonly name: string;
  readonly members: readonly string[];
}

/** How an identity provider speaks; each method leaves the server as the argument says, or throws. */
export interface Dialect {
  connect(): Promise<void>;
  assign(person: Person): Promise<void>;
  update(person: Person): Promise<void>;
  unassign(person: Person): Promise<void>;
  pushGroup(team: Team): Promise<void>;
  renameGroup(from: string, to: string): Promise<void>;
  addMembers(team: string, logins: readonly string[]): Promise<void>;
  removeMembers(team: string, logins: readonly string[]): Promise<void>;
  dropGroup(team: string): Promise<void>;
  /** Whether people who are unassigned stay, deactivated. */
  readonly keepsPeople: boolean;
}

/**
 * Sends like a client whose network loses answers: what it writes is sent again, a moment later or at the same time, and
 * the answer to the last is all that it sees.
 */
export function forgetful(scim: ScimKit, random: () => number) {
  return async (request: ScimRequest): Promise<ScimAnswer> => {
    if (request.method === 'GET' || random() < 0.5) return scim.send(request);
    if (random() < 0.5) {
      const [, last] = await Promise.all([scim.send(request), scim.send(request)]);
      return last;
    }
    await scim.send(request);
    return scim.send(request);
  };
}

/** Numbers that look random and are the same in each run. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Fails with what the server said, so that a broken step names itself. */
export function expectStatus(answer: ScimAnswer, ...statuses: readonly number[]): ScimAnswer {
  expect(statuses, answer.text).toContain(answer.status);
  return answer;
}

/** The only hit of an exact filter; undefined where there is none. */
export async function findOne(
  send: (request: ScimRequest) => Promise<ScimAnswer>,
  collection: string,
  filter: string,
  more = '',
): Promise<Body | undefined> {
  const answer = expectStatus(await send({ method: 'GET', path: filtered(collection, filter, more) }), 200);
  expect(answer.body.totalResults).toBeLessThan(2);
  return answer.body.Resources?.[0];
}

/** The whole of a collection, page by page, as clients import it. */
async function listAll(scim: ScimKit, collection: string): Promise<Body[]> {
  const all: Body[] = [];
  for (;;) {
    const page = expectStatus(await scim.get(`${collection}?startIndex=${all.length + 1}&count=7`), 200).body;
    all.push(...(page.Resources ?? []));
    if (all.length >= page.totalResults) return all;
    expect(page.Resources.length).toBeGreaterThan(0);
  }
}

/** What the realm holds, in the words of the client. */
export async function holdings(scim: ScimKit): Promise<{ people: Person[]; teams: Team[] }> {
  const users = await listAll(scim, '/Users');
  const logins = new Map(users.map(({ id, userName }) => [id, userName]));
  const groups = await listAll(scim, '/Groups');
  return {
    people: users.map(personOf).sort((a, b) => a.login.localeCompare(b.login)),
    teams: groups
      .map((group) => ({
        name: group.displayName,
        members: (group.members ?? []).map(({ value }) => logins.get(value) ?? 'a stranger').sort(),
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}

function personOf(user: Body): Person {
  const name = user.name as { givenName: string; familyName: string };
  const enterprise = user['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'] as
    | { department?: string }
    | undefined;
  return {
    login: user.userName,
    given: name.givenName,
    family: name.familyName,
    externalId: user.externalId ?? '',
    active: user.active,
    ...(enterprise?.department === undefined ? {} : { department: enterprise.department }),
  };
}

const LOGINS = ['ada', 'bo', "c.o'hara", 'dörte', 'emil', 'fia', 'gus', 'hana', 'ivo', 'jun'];

/**
 * A working year of an identity provider: people come, change, leave and come back, and teams with them. Afterwards the
 * realm holds exactly what the provider believes.
 */
export async function liveThrough(scim: ScimKit, dialect: Dialect): Promise<void> {
  const people = new Map<string, Person>(
    LOGINS.map((login, n) => [
      `${login}@corp.example`,
      {
        login: `${login}@corp.example`,
        given: `Given ${n}`,
        family: `Family ${n}`,
        externalId: `ext-${n}`,
        active: true,
      },
    ]),
  );
  const teams = new Map<string, Set<string>>();
  const all = [...people.keys()];
  const change = async (login: string, part: Partial<Person>) => {
    const next = { ...(people.get(login) as Person), ...part };
    people.set(login, next);
    await dialect.update(next);
  };

  await dialect.connect();
  for (const person of people.values()) await dialect.assign(person);
  const engineers = all.slice(0, 6);
  await dialect.pushGroup({ name: 'Engineers', members: engineers });
  await dialect.pushGroup({ name: 'Everyone, "really"', members: all });
  await dialect.pushGroup({ name: 'Nobody yet', members: [] });
  teams
    .set('Engineers', new Set(engineers))
    .set('Everyone, "really"', new Set(all))
    .set('Nobody yet', new Set());

  await change(all[1] as string, { family: 'Married', department: 'Sea & Land' });
  await change(all[2] as string, { given: 'Conor "Con"', department: 'Ops' });
  await change(all[2] as string, { department: 'Ops' });
  await dialect.removeMembers('Engineers', engineers.slice(0, 2));
  await dialect.removeMembers('Engineers', engineers.slice(0, 1));
  await dialect.addMembers('Engineers', [all[8] as string, all[9] as string]);
  await dialect.addMembers('Engineers', [all[9] as string]);
  teams.set('Engineers', new Set([...engineers.slice(2), all[8] as string, all[9] as string]));
  await dialect.addMembers('Nobody yet', [all[0] as string]);
  await dialect.renameGroup('Nobody yet', 'Somebody now');
  teams.delete('Nobody yet');
  teams.set('Somebody now', new Set([all[0] as string]));

  await change(all[3] as string, { active: false });
  await change(all[4] as string, { active: false });
  await change(all[4] as string, { active: true });
  const leaving = people.get(all[5] as string) as Person;
  await dialect.unassign(leaving);
  people.delete(leaving.login);
  if (dialect.keepsPeople) people.set(leaving.login, { ...leaving, active: false });
  else for (const members of teams.values()) members.delete(leaving.login);
  const coming = people.get(all[6] as string) as Person;
  await dialect.unassign(coming);
  if (!dialect.keepsPeople) for (const members of teams.values()) members.delete(coming.login);
  await dialect.assign(coming);
  await dialect.dropGroup('Somebody now');
  await dialect.dropGroup('Somebody now');
  teams.delete('Somebody now');

  expect(await holdings(scim)).toEqual({
    people: [...people.values()].sort((a, b) => a.login.localeCompare(b.login)),
    teams: [...teams]
      .map(([name, members]) => ({ name, members: [...members].sort() }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  });
}
