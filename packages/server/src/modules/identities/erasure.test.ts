import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { ALL_SCOPES } from '../../kernel/permissions.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { enrol, type Person } from '../../testing/people.js';
import { leafOf } from '../events/leaf.js';
import { selectPrinted } from '../events/leaf.queries.js';

const REASON = 'Asked for it in writing';

describe('erasure', () => {
  let test: TestApp;
  let realm: RealmCtx;

  beforeAll(async () => {
    test = await listenTestApp();
    const made = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, made.id);
  });
  afterAll(() => test.close());

  const rows = async (sql: string, ...values: unknown[]) =>
    (await test.database.pool.query<Record<string, unknown>>(sql, values)).rows;
  const erase = (identityId: string, ctx = realm) =>
    test.services.erasure.erase(ctx, { identityId, reason: REASON });
  const remove = (identityId: string, ctx = realm) => test.services.identities.remove(ctx, { identityId });
  /** Everything that the whole database says of someone, as text. */
  async function everything(): Promise<string> {
    const tables = await rows(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition`,
    );
    const texts = await Promise.all(
      tables.map(
        async ({ name }) =>
          (await rows(`select coalesce(string_agg(t::text, ' '), '') as text from "${name}" t`))[0],
      ),
    );
    return texts.map((row) => String(row?.text)).join('\n');
  }
  const leaves = async () => {
    const ids = await rows('select id from events where realm_id = $1 order by id', realm.realm.id);
    return Promise.all(
      ids.map(async ({ id }) => {
        const row = await selectPrinted(test.database.db, realm.realm.id, String(id));
        return row ? `${row.id} ${leafOf(row).toString('hex')}` : '';
      }),
    );
  };

  async function signIn(person: Person): Promise<void> {
    const interactionId = newId();
    const visitor = {
      ...realm,
      actor: { kind: 'ANONYMOUS' as const },
      grants: new Map(),
      ip: '203.0.113.77',
    };
    const { challengeId, options } = await test.services.authentication.options(
      realm,
      interactionId,
      newId(),
    );
    const outcome = await test.services.authentication.verify(visitor, {
      interactionId,
      applicationId: newId(),
      challengeId,
      response: person.authenticator.authenticate(options),
    });
    expect(outcome.result).toBe('succeeded');
  }

  /** Somebody who lived here: bound a passkey, signed in, and administered a little. */
  async function lived(username: string): Promise<Person> {
    const person = await enrol(test, realm, username);
    await test.services.identities.change(realm, {
      id: person.id,
      change: (current: object) => ({ ...current, displayName: `Name of ${username}` }),
    });
    await signIn(person);
    return person;
  }

  const actorOf = (person: Person): Actor => ({
    kind: 'IDENTITY',
    id: person.id,
    realmId: realm.realm.id,
    displayName: `Name of ${person.username}`,
    username: person.username,
  });

  it('leaves nothing of a person in the whole database, and every leaf of the events as it was', async () => {
    const ada = await lived('unmistakable-ada');
    const other = await test.services.identities.create(
      { ...realm, actor: actorOf(ada), ip: '203.0.113.77' },
      { username: 'made-by-ada' },
    );
    await test.services.bindingJobs.create({ ...realm, actor: actorOf(ada) }, { identityId: other.id });
    expect(await everything()).toMatch(/unmistakable-ada[\s\S]*203\.0\.113\.77/);
    const before = await leaves();
    const { erasure } = await erase(ada.id);
    expect(erasure).toMatchObject({ state: 'SETTLING', reason: REASON });
    expect(erasure.events_erased).toBeGreaterThan(6);
    const after = await everything();
    expect(after).not.toMatch(/unmistakable-ada|203\.0\.113\.77/);
    expect(after).toContain('made-by-ada');
    expect((await leaves()).slice(0, before.length)).toEqual(before);
  });

  it('names the id and the reason in its event, never the person', async () => {
    const bob = await lived('bob');
    await erase(bob.id);
    const [event] = (await test.services.events.list(realm, { types: ['identity.erased'] }, { first: 1 }))
      .items;
    expect(event?.node).toMatchObject({
      subject_id: bob.id,
      subject_name: 'Erased person',
      data: { reason: REASON },
      actor_name: 'Machine',
    });
  });

  it('erases a deleted person too, who then can not be brought back', async () => {
    const eve = await lived('deleted-eve');
    await remove(eve.id);
    await erase(eve.id);
    await expect(test.services.deletion.restore(realm, { identityId: eve.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await everything()).not.toContain('deleted-eve');
  });

  it('erases what events remember of a person whose rows were purged', async () => {
    const old = await lived('purged-paul');
    await remove(old.id);
    await rows(`update deleted_identities set purge_at = now() - interval '1 day' where id = $1`, old.id);
    await test.services.housekeeping.sweep();
    expect(await everything()).toContain('purged-paul');
    await erase(old.id);
    expect(await everything()).not.toContain('purged-paul');
  });

  it('keeps what others did, and what the person did to others, but for who it was', async () => {
    const ann = await lived('acting-ann');
    const target = await test.services.identities.create(
      { ...realm, actor: actorOf(ann) },
      { username: 'target' },
    );
    await erase(ann.id);
    const about = await test.services.events.list(realm, { involvesId: target.id }, {});
    expect(
      about.items.map(({ node }) => [
        node.type,
        node.actor_id,
        node.actor_name,
        node.subject_name,
        node.data,
      ]),
    ).toEqual([['identity.created', ann.id, 'Erased person', 'target', { username: 'target' }]]);
    const own = await test.services.events.list(
      realm,
      { involvesId: ann.id, types: ['identity.created'] },
      {},
    );
    expect(own.items.find(({ node }) => node.subject_id === ann.id)?.node).toMatchObject({
      actor_name: 'Machine',
      subject_name: 'Erased person',
      data: {},
    });
  });

  it('does not touch people whose links were made in the same request', async () => {
    const pair = await Promise.all(
      ['first', 'second'].map((name) => test.services.identities.create(realm, { username: `pair-${name}` })),
    );
    const links = [];
    for (const { id } of pair) links.push(await test.services.bindingJobs.create(realm, { identityId: id }));
    for (const { link } of links)
      await test.services.registration.open(
        { ...realm, actor: { kind: 'ANONYMOUS' }, grants: new Map(), ip: '198.51.100.4' },
        { token: link.split('#token=')[1] },
      );
    await erase(pair[0]?.id ?? '');
    const opened = await rows(
      `select data ->> 'identityId' as id, ip from events where type = 'credential_binding_job.link_opened'
       and data ->> 'identityId' = any ($1::text[])`,
      pair.map(({ id }) => id),
    );
    expect(new Map(opened.map(({ id, ip }) => [id, ip]))).toEqual(
      new Map([
        [pair[0]?.id, null],
        [pair[1]?.id, '198.51.100.4'],
      ]),
    );
  });

  it('goes on where it stopped, and looks once more for what was on its way', async () => {
    const dan = await lived('late-dan');
    const { erasure } = await erase(dan.id);
    const [like] = await rows('select * from events where actor_id = $1 limit 1', dan.id);
    await rows(
      `insert into events (realm_id, id, occurred_at, type, outcome, actor_kind, actor_id, actor_name, correlation_id)
       values ($1, $2, now(), 'token.issued', 'SUCCESS', 'IDENTITY', $3, 'Name of late-dan', $4)`,
      realm.realm.id,
      like?.id === undefined ? newId() : String(like.id).replace(/.{12}$/, '000000000000'),
      dan.id,
      newId(),
    );
    await test.services.housekeeping.sweep();
    expect((await test.services.erasure.find(realm, erasure.id))?.state).toBe('SETTLING');
    expect(await everything()).toContain('late-dan');
    await rows(`update erasures set started_at = now() - interval '11 minutes' where id = $1`, erasure.id);
    await test.services.housekeeping.sweep();
    const done = await test.services.erasure.find(realm, erasure.id);
    expect(done).toMatchObject({ state: 'DONE', events_erased: erasure.events_erased + 1 });
    expect(await everything()).not.toContain('late-dan');
  });

  it('erases a history of many batches, part of it after the answer', async () => {
    const busy = await test.services.identities.create(realm, { username: 'busy-bea' });
    await rows(
      `insert into events (realm_id, id, occurred_at, type, outcome, actor_kind, actor_id, actor_name, correlation_id, ip)
       select $1, (substr(uuid_v7_floor(now() + n * interval '1 ms')::text, 1, 15) || '7' || substr(gen_random_uuid()::text, 17))::uuid,
         now(), 'token.issued', 'SUCCESS', 'IDENTITY', $2, 'busy-bea', gen_random_uuid(), '203.0.113.9'
       from generate_series(1, 12000) n`,
      realm.realm.id,
      busy.id,
    );
    const { erasure } = await erase(busy.id);
    expect(erasure.state).toBe('RUNNING');
    expect(erasure.events_erased).toBeLessThan(12_000);
    await test.services.housekeeping.sweep();
    expect((await test.services.erasure.find(realm, erasure.id))?.state).toBe('SETTLING');
    expect(
      await rows(
        `select count(*)::int as n from events where actor_id = $1 and actor_name <> 'Erased person'`,
        busy.id,
      ),
    ).toEqual([{ n: 0 }]);
  }, 60_000);

  it('answers a second wish with the first, also when both come at once', async () => {
    const twice = await lived('twice');
    const both = await Promise.all([erase(twice.id), erase(twice.id)]);
    expect(new Set(both.map(({ erasure }) => erasure.id)).size).toBe(1);
    expect(await rows('select count(*)::int as n from erasures where identity_id = $1', twice.id)).toEqual([
      { n: 1 },
    ]);
    const events = await test.services.events.list(
      realm,
      { involvesId: twice.id, types: ['identity.erased'] },
      {},
    );
    expect(events.items).toHaveLength(1);
  });

  it('needs a scope of its own, and does not tell another realm’s people from none', async () => {
    const row = await test.services.identities.create(realm, { username: 'protected' });
    const without = await test.caller(
      ALL_SCOPES.filter((scope) => scope !== 'identities:erase'),
      realm.realm.id,
    );
    await expect(erase(row.id, without)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(test.services.erasure.list(without, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const id of [row.id, newId()])
      await expect(erase(id, await test.caller())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await test.services.identities.find(realm, row.id)).toBeDefined();
  });

  it('lets nobody erase themselves, or someone who administers more, deleted or not', async () => {
    const admin = await test.caller();
    const boss = await test.services.identities.create(admin, { username: 'boss@example.com' });
    const [access] = await rows(`select id from groups where managed = 'ADMIN_CONSOLE_ACCESS'`);
    await test.services.groups.addMembers(admin, { groupId: access?.id, identityIds: [boss.id] });
    const self = {
      ...admin,
      actor: { ...actorOf({ ...boss } as unknown as Person), realmId: admin.realm.id },
    };
    await expect(erase(boss.id, self)).rejects.toMatchObject({ code: 'INVALID_INPUT', path: ['identityId'] });
    const weak = await test.caller(['identities:erase', 'identities:delete']);
    await expect(erase(boss.id, weak)).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
    // All scopes, though not in every realm of the tenant as the other had them.
    const delegated = {
      ...admin,
      grants: new Map([...admin.grants].map(([scope]) => [scope, new Set([admin.realm.id])] as const)),
    };
    await expect(erase(boss.id, delegated)).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
    await remove(boss.id, admin);
    await expect(erase(boss.id, weak)).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
    await expect(erase(boss.id, delegated)).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
    await erase(boss.id, admin);
  });

  it('erases what an administrator did in every realm of the tenant', async () => {
    const admin = await test.caller();
    const gone = await test.services.identities.create(admin, { username: 'everywhere@example.com' });
    const actor = {
      ...actorOf({ ...gone } as unknown as Person),
      displayName: 'Everywhere',
      realmId: admin.realm.id,
    };
    await test.services.groups.create(
      { ...realm, actor, ip: '203.0.113.50' },
      { displayName: 'Made by an admin' },
    );
    expect(await everything()).toMatch(/Everywhere/);
    await erase(gone.id, admin);
    expect(await everything()).not.toMatch(/Everywhere|everywhere@|203\.0\.113\.50/);
  });

  it('does not erase the last administrator who can sign in', async () => {
    const admin = await test.caller();
    const [only] = await rows(`select id from identities where username = 'me@example.com'`);
    await expect(erase(String(only?.id), admin)).rejects.toMatchObject({ code: 'ADMIN_LOCKOUT' });
  });

  it('works through GraphQL, which shows how far it has come', async () => {
    const token = await test.apiToken();
    const row = await test.services.identities.create(realm, { username: 'graph' });
    const input = { realmId: realm.realm.id, identityId: row.id, reason: REASON };
    const answer = await test.graphql<{ eraseIdentity: { erasure: { id: string } } }>(
      token,
      `mutation ($input: EraseIdentityInput!) { eraseIdentity(input: $input) {
        erasure { id identityId state eventsErased } errors { code } warnings { code } } }`,
      { input },
    );
    expect(answer.data.eraseIdentity).toMatchObject({
      erasure: { identityId: row.id, state: 'SETTLING', eventsErased: 1 },
      errors: [],
    });
    const seen = await test.graphql(
      token,
      `query ($realm: ID!, $id: ID!) { realm(id: $realm) {
        erasure(id: $id) { reason finishedAt } erasures(first: 1) { nodes { id } } } }`,
      { realm: realm.realm.id, id: answer.data.eraseIdentity.erasure.id },
    );
    expect(seen.data).toEqual({
      realm: {
        erasure: { reason: REASON, finishedAt: null },
        erasures: { nodes: [{ id: answer.data.eraseIdentity.erasure.id }] },
      },
    });
  });
});
