import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { bind } from '../../testing/people.js';
import { type Profile, profileOf } from './identities.service.js';

describe('the directory', () => {
  let test: TestApp;
  let realm: RealmCtx;
  beforeAll(async () => {
    test = await listenTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, row.id);
  });
  afterAll(() => test.close());

  const create = (username: string, more: Partial<Profile> = {}) =>
    test.services.identities.create(realm, { username, ...more });
  const count = async () => {
    const { rows } = await sql<{ kept: number; real: number }>`
      select (select coalesce(sum(identities), 0)::int from directory_counts where realm_id = ${realm.realm.id}) as kept,
        (select count(*)::int from identities where realm_id = ${realm.realm.id}) as real`.execute(
      test.services.db,
    );
    return rows[0];
  };

  it('gives back every field of a profile exactly as it was given', async () => {
    const given: Partial<Profile> = {
      title: ' Tour Guide ',
      middleName: 'Jane',
      locale: 'en-GB',
      managerId: 'comes later',
      phoneNumbers: [{ value: '555 8377', type: 'work', primary: true }],
      addresses: [{ formatted: '100 Universal City Plaza\nHollywood, CA', type: 'home' }],
      x509Certificates: [{ value: 'MIIDQzCC' }],
      emails: [{ value: 'jürgen@münchen' }],
    };
    const row = await create('whole', given);
    expect(profileOf(row)).toMatchObject(given);
    const read = await test.services.identities.find(realm, row.id);
    expect(read && profileOf(read)).toEqual(profileOf(row));
  });

  it.each([
    ['admin', '\u0430dmin'],
    ['\u0391\u03a1\u03a4', 'apt'],
    ['Stra\u00dfe', 'STRASSE'],
    ['jo\u200dhn', 'john'],
  ])('refuses %s and what only looks like it, %s', async (one, other) => {
    await create(one);
    await expect(create(other)).rejects.toMatchObject({ code: 'USERNAME_TAKEN' });
  });

  it('keeps who is enrolled, waiting or neither as it happens', async () => {
    const { id } = await create('enrolls');
    const status = async () => (await test.services.identities.find(realm, id))?.enrollment_status;
    expect(await status()).toBe('UNENROLLED');
    const { job } = await test.services.bindingJobs.create(realm, { identityId: id });
    expect(await status()).toBe('PENDING');
    await sql`update credential_binding_jobs set expires_at = now() - interval '1 second' where id = ${job.id}`.execute(
      test.services.db,
    );
    await test.services.housekeeping.sweep();
    expect(await status()).toBe('UNENROLLED');
    await bind((await test.services.bindingJobs.create(realm, { identityId: id })).link);
    expect(await status()).toBe('ENROLLED');
    const [page] = await test.services.passkeys.ofMany(realm, [id], {});
    await test.services.passkeys.revoke(realm, { credentialId: page?.items[0]?.node.id });
    expect(await status()).toBe('UNENROLLED');
  });

  it('counts without counting, also what is made and deleted at once', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, (_, at) => create(`counted${at}`)));
    await Promise.all(
      made.slice(5).map(({ id }) => test.services.identities.remove(realm, { identityId: id })),
    );
    const counts = await count();
    expect(counts?.kept).toBe(counts?.real);
  });

  it('takes a dry run back, and tells what it came to', async () => {
    const before = await count();
    const dry = { ...realm, dryRun: true };
    const row = await test.services.identities.create(dry, { username: 'only.tried' });
    expect(row.username).toBe('only.tried');
    expect(await test.services.identities.find(realm, row.id)).toBeUndefined();
    expect(await count()).toEqual(before);
    await expect(test.services.identities.create(dry, { username: 'admin' })).rejects.toMatchObject({
      code: 'USERNAME_TAKEN',
    });
  });

  it('lets a provisioning client change what it made, and adopt only what no client made', async () => {
    const one = { ...realm, provisioning: { clientId: newId(), adopts: true } };
    const other = { ...realm, provisioning: { clientId: newId(), adopts: true } };
    const shy = { ...realm, provisioning: { clientId: newId(), adopts: false } };
    const rename = (ctx: RealmCtx, id: string, title: string) =>
      test.services.identities.change(ctx, { id, change: (now: Profile) => ({ ...now, title }) });
    const made = await test.services.identities.create(one, { username: 'of.one' });
    await expect(rename(other, made.id, 'theirs')).rejects.toMatchObject({ code: 'NOT_PROVISIONED' });
    await expect(test.services.identities.remove(other, { identityId: made.id })).rejects.toMatchObject({
      code: 'NOT_PROVISIONED',
    });
    await rename(one, made.id, 'mine');
    const free = await create('of.people');
    await expect(rename(shy, free.id, 'shy')).rejects.toMatchObject({ code: 'NOT_PROVISIONED' });
    const { identity } = await rename(other, free.id, 'adopted');
    expect(identity.provisioned_by).toBe(other.provisioning.clientId);
    await rename(realm, free.id, 'an administrator still may');
  });
});
