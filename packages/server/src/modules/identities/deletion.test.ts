import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { ALL_SCOPES } from '../../kernel/permissions.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { enrol } from '../../testing/people.js';

describe('deletion and undo', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let elsewhere: RealmCtx;

  beforeAll(async () => {
    test = await listenTestApp();
    const made = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, made.id);
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Others' });
    elsewhere = await test.caller(undefined, other.id);
  });
  afterAll(() => test.close());

  const remove = (identityId: string, ctx = realm) => test.services.identities.remove(ctx, { identityId });
  const restore = (identityId: string, ctx = realm) => test.services.deletion.restore(ctx, { identityId });
  const rows = async (sql: string, ...values: unknown[]) =>
    (await test.database.pool.query<Record<string, unknown>>(sql, values)).rows;
  const groupOf = (displayName: string, ctx = realm) => test.services.groups.create(ctx, { displayName });

  /** Somebody with everything that can hang on an identity. */
  async function furnished(username: string) {
    const person = await enrol(test, realm, username);
    await test.services.identities.change(realm, {
      id: person.id,
      change: (current: object) => ({
        ...current,
        title: 'Analyst',
        externalId: `ext-${username}`,
        emails: [{ value: `${username}@example.com`, primary: true }],
      }),
    });
    const group = await groupOf(`Group of ${username}`);
    await test.services.groups.addMembers(realm, { groupId: group.id, identityIds: [person.id] });
    const { link } = await test.services.bindingJobs.create(realm, { identityId: person.id });
    return { ...person, group, token: link.split('#token=')[1] ?? '' };
  }

  const everythingOf = async (id: string) => ({
    identity: await rows(
      `select to_jsonb(i) - '{version,updated_at}'::text[] as row from identities i where id = $1`,
      id,
    ),
    passkeys: await rows('select * from passkeys where identity_id = $1 order by id', id),
    groups: await rows('select * from group_members where identity_id = $1 order by group_id', id),
    jobs: await rows('select * from credential_binding_jobs where identity_id = $1 order by id', id),
  });

  it('takes everything of a deleted person out of the directory and brings all of it back as it was', async () => {
    const ada = await furnished('ada');
    const before = await everythingOf(ada.id);
    await remove(ada.id);
    expect(await everythingOf(ada.id)).toEqual({ identity: [], passkeys: [], groups: [], jobs: [] });
    expect(await test.services.identities.find(realm, ada.id)).toBeUndefined();
    const { identity, skipped } = await restore(ada.id);
    expect(skipped).toEqual([]);
    expect(identity).toMatchObject({ status: 'ACTIVE', enrollment_status: 'ENROLLED', username: 'ada' });
    const after = await everythingOf(ada.id);
    const open = before.jobs.filter((job) => job.status === 'LINK_SENT').length;
    expect(open).toBe(1);
    expect(after).toEqual({
      ...before,
      jobs: before.jobs.map((job) => (job.status === 'LINK_SENT' ? { ...job, status: 'REVOKED' } : job)),
    });
    expect(await rows('select id from deleted_identities where id = $1', ada.id)).toEqual([]);
  });

  it('gives back a person with a higher version, so that nothing cached passes for them', async () => {
    const { identity } = await test.services.identities
      .create(realm, { username: 'cached' })
      .then(async (row) => {
        await remove(row.id);
        return { ...(await restore(row.id)), row };
      });
    expect(identity.version).toBe(2);
  });

  it('does not open a link that was open when its holder was deleted', async () => {
    const bob = await furnished('bob');
    await remove(bob.id);
    const open = () => test.services.registration.open({ ...realm, grants: new Map() }, { token: bob.token });
    expect(await open()).toMatchObject({ code: 'LINK_INVALID' });
    await restore(bob.id);
    expect(await open()).toMatchObject({ code: 'LINK_REVOKED' });
  });

  it('keeps a suspended person suspended and a revoked passkey revoked', async () => {
    const eve = await furnished('eve');
    const [passkey] = await rows('select id from passkeys where identity_id = $1', eve.id);
    await test.services.passkeys.revoke(realm, { credentialId: passkey?.id });
    await test.services.identities.suspend(realm, { identityId: eve.id });
    await remove(eve.id);
    expect((await restore(eve.id)).identity.status).toBe('SUSPENDED');
    expect(await rows('select status from passkeys where identity_id = $1', eve.id)).toEqual([
      { status: 'REVOKED' },
    ]);
  });

  it('frees the username at once, and refuses to bring back whoever lost it', async () => {
    const first = await test.services.identities.create(realm, { username: 'Taken' });
    await remove(first.id);
    const second = await test.services.identities.create(realm, { username: 'taken' });
    await expect(restore(first.id)).rejects.toMatchObject({ code: 'USERNAME_TAKEN', path: ['username'] });
    await remove(second.id);
    expect((await restore(first.id)).identity.username).toBe('Taken');
  });

  it('names the groups that are gone and puts back the others', async () => {
    const dan = await furnished('dan');
    const gone = await groupOf('Short-lived');
    await test.services.groups.addMembers(realm, { groupId: gone.id, identityIds: [dan.id] });
    await remove(dan.id);
    await test.services.groups.remove(realm, { groupId: gone.id });
    const { skipped } = await restore(dan.id);
    expect(skipped).toEqual([{ kind: 'GROUP', id: gone.id, name: 'Short-lived' }]);
    expect(await test.services.identities.groupIds(test.database.db, realm.realm.id, dan.id)).toEqual([
      dan.group.id,
    ]);
    const [event] = (await test.services.events.list(realm, { types: ['identity.restored'] }, { first: 1 }))
      .items;
    expect(event?.node.data).toEqual({ username: 'dan', skipped });
  });

  it('leaves a passkey to whoever has it by now', async () => {
    const ivy = await enrol(test, realm, 'ivy');
    const max = await enrol(test, realm, 'max');
    const [kept] = await rows('select id, name, credential_id from passkeys where identity_id = $1', ivy.id);
    await remove(ivy.id);
    await rows('update passkeys set credential_id = $1 where identity_id = $2', kept?.credential_id, max.id);
    const { skipped, identity } = await restore(ivy.id);
    expect(skipped).toEqual([{ kind: 'CREDENTIAL', id: kept?.id, name: kept?.name }]);
    expect(identity.enrollment_status).toBe('UNENROLLED');
  });

  it('records a deletion with the time until which it can be undone', async () => {
    const row = await test.services.identities.create(realm, { username: 'noted' });
    await remove(row.id);
    const [event] = (await test.services.events.list(realm, { involvesId: row.id }, { first: 1 })).items;
    expect(event?.node).toMatchObject({ type: 'identity.deleted', subject_name: 'noted' });
    const until = Date.parse(String(event?.node.data.restorableUntil));
    expect(Math.round((until - Date.now()) / 86_400_000)).toBe(7);
  });

  it('needs identities:create to bring back and identities:read to see the deleted', async () => {
    const row = await test.services.identities.create(realm, { username: 'guarded' });
    await remove(row.id);
    const weak = await test.caller(['identities:delete'], realm.realm.id);
    await expect(restore(row.id, weak)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(test.services.deletion.restoreMany(weak, { identityIds: [row.id] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(test.services.deletion.list(weak, undefined, {})).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('answers for the deleted of another realm as for one that never was', async () => {
    const row = await test.services.identities.create(realm, { username: 'private' });
    await remove(row.id);
    for (const id of [row.id, newId()])
      await expect(restore(id, elsewhere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await test.services.deletion.list(elsewhere, undefined, {})).items).toEqual([]);
    await restore(row.id);
  });

  it('lets nobody bring back an administrator with more power than their own', async () => {
    const admin = await test.caller();
    const boss = await test.services.identities.create(admin, { username: 'second@example.com' });
    const [access] = await rows(`select id from groups where managed = 'ADMIN_CONSOLE_ACCESS'`);
    await test.services.groups.addMembers(admin, { groupId: access?.id, identityIds: [boss.id] });
    await remove(boss.id, admin);
    const weak = await test.caller(ALL_SCOPES.filter((scope) => scope !== 'realms:delete'));
    await expect(restore(boss.id, weak)).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
    expect(await test.services.identities.find(admin, boss.id)).toBeUndefined();
    await restore(boss.id, admin);
    expect(await test.services.identities.groupIds(test.database.db, admin.realm.id, boss.id)).toEqual([
      access?.id,
    ]);
  });

  it('does not delete the last administrator who can sign in', async () => {
    const admin = await test.caller();
    const [only] = await rows(`select id from identities where username = 'me@example.com'`);
    const [second] = await rows(`select id from identities where username = 'second@example.com'`);
    await expect(remove(String(only?.id), admin)).rejects.toMatchObject({ code: 'ADMIN_LOCKOUT' });
    expect(await test.services.identities.find(admin, String(only?.id))).toBeDefined();
    expect(second).toBeDefined();
  });

  it('forgets a person after 7 days, swept or not', async () => {
    const row = await test.services.identities.create(realm, { username: 'late' });
    await remove(row.id);
    await rows(`update deleted_identities set purge_at = now() - interval '1 second' where id = $1`, row.id);
    await expect(restore(row.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const found = await test.services.deletion.list(realm, 'late', {});
    expect(found.items).toEqual([]);
    await test.services.housekeeping.sweep();
    expect(await rows('select id from deleted_identities where id = $1', row.id)).toEqual([]);
  });

  it('takes the defaults of columns that came after the deletion, and leaves out those that are gone', async () => {
    const row = await test.services.identities.create(realm, { username: 'old' });
    await remove(row.id);
    await rows(
      `update deleted_identities set snapshot = jsonb_set(snapshot, '{identity}',
        (snapshot -> 'identity') - 'attributes' || '{"a_column_of_old": 1}') where id = $1`,
      row.id,
    );
    expect((await restore(row.id)).identity.attributes).toEqual({});
  });

  it('shows the deleted in GraphQL, the last first, page by page, and finds them as one types', async () => {
    const token = await test.apiToken();
    const made = await test.services.realms.create(await test.caller(), { displayName: 'Listed' });
    const ctx = await test.caller(undefined, made.id);
    const ids: string[] = [];
    for (const username of ['one', 'two', 'three', 'Four']) {
      const row = await test.services.identities.create(ctx, { username });
      await remove(row.id, ctx);
      ids.unshift(row.id);
    }
    const page = async (args: string) =>
      (
        await test.graphql<{
          realm: { deletedIdentities: { nodes: { id: string }[]; pageInfo: { endCursor: string } } };
        }>(
          token,
          `query ($id: ID!) { realm(id: $id) { deletedIdentities(${args}) {
            nodes { id username displayName externalId deletedAt deletedBy restorableUntil } pageInfo { endCursor } } } }`,
          { id: made.id },
        )
      ).data.realm.deletedIdentities;
    const first = await page('first: 3');
    const second = await page(`first: 3, after: "${first.pageInfo.endCursor}"`);
    expect([...first.nodes, ...second.nodes].map(({ id }) => id)).toEqual(ids);
    const back = await page(`last: 2, before: "${first.pageInfo.endCursor}"`);
    expect(back.nodes.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await page('query: "fou"')).nodes).toMatchObject([
      { id: ids[0], username: 'Four', deletedBy: 'Machine' },
    ]);
  });

  it('restores many through GraphQL with an answer for each, whatever becomes of the others', async () => {
    const token = await test.apiToken();
    const good = await test.services.identities.create(realm, { username: 'good' });
    await remove(good.id);
    const unknown = newId();
    const answer = await test.graphql<{ restoreIdentities: unknown }>(
      token,
      `mutation ($input: RestoreIdentitiesInput!) { restoreIdentities(input: $input) {
        results { identityId identity { username status } skipped { kind } error { code } } errors { code } } }`,
      { input: { realmId: realm.realm.id, identityIds: [unknown, good.id, good.id] } },
    );
    expect(answer.data.restoreIdentities).toEqual({
      results: [
        { identityId: unknown, identity: null, skipped: [], error: { code: 'NOT_FOUND' } },
        { identityId: good.id, identity: { username: 'good', status: 'ACTIVE' }, skipped: [], error: null },
        { identityId: good.id, identity: null, skipped: [], error: { code: 'NOT_FOUND' } },
      ],
      errors: [],
    });
  });

  it('forgets no table that hangs on identities: each is kept, or ended on purpose', async () => {
    const kept = ['credential_binding_jobs', 'group_members', 'passkeys', 'role_assignments'];
    const ended = ['campaign_people', 'oidc_models', 'recovery_requests', 'sessions'];
    const hanging = await rows(
      `select distinct conrelid::regclass::text as name from pg_constraint
       where contype = 'f' and confrelid = 'identities'::regclass`,
    );
    expect(hanging.map(({ name }) => String(name)).sort()).toEqual([...kept, ...ended].sort());
  });

  it('refuses a cursor that belongs to another list', async () => {
    const foreign = Buffer.from(JSON.stringify(['nonsense', 'x'])).toString('base64url');
    await expect(test.services.deletion.list(realm, undefined, { after: foreign })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
