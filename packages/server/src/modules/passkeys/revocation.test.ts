import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, facts, PUBLIC_URL, type TestApp } from '../../testing/app.js';
import { createSoftwareAuthenticator } from '../../testing/authenticator.js';
import { siteOf } from '../../testing/people.js';

const TITAN = '42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3';
const HELLO = '08987058-cadc-4b81-b6e1-30de50dcbe96';
const WEAK = '01020304-0506-0708-0102-030405060708';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0';

describe('revocation', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let other: RealmCtx;
  let admin: RealmCtx;

  beforeAll(async () => {
    test = await buildTestApp();
    admin = await test.caller();
    const made = await test.services.realms.create(admin, { displayName: 'People' });
    const beside = await test.services.realms.create(admin, { displayName: 'Beside' });
    realm = await test.caller(undefined, made.id);
    other = await test.caller(undefined, beside.id);
  });
  afterAll(() => test.close());

  /** Someone at the realm's own address: nobody yet. */
  const visitor = (ctx: RealmCtx): RealmCtx => ({
    ...ctx,
    ...facts(),
    userAgent: FIREFOX,
    actor: { kind: 'ANONYMOUS' },
    grants: new Map(),
  });

  async function bind(identityId: string, aaguid: string, ctx = realm) {
    const { services } = test;
    const { link } = await services.bindingJobs.create(ctx, { identityId });
    const token = link.split('#token=')[1] ?? '';
    const made = await services.registration.options(visitor(ctx), { token });
    if (made.result !== 'options') throw new Error(made.code);
    const authenticator = createSoftwareAuthenticator(siteOf(PUBLIC_URL));
    const response = authenticator.register(made.options, { aaguid });
    const { challengeId } = made;
    const done = await services.registration.verify(visitor(ctx), { token, challengeId, response });
    if (done.result !== 'bound') throw new Error(done.code);
    return { authenticator, passkey: done.passkey };
  }

  async function enrol(aaguid: string, ctx = realm) {
    const identity = await test.services.identities.create(ctx, { username: `person-${newId()}` });
    return { identity, ...(await bind(identity.id, aaguid, ctx)) };
  }

  async function signIn(authenticator: ReturnType<typeof createSoftwareAuthenticator>, ctx = realm) {
    const interactionId = newId();
    const { challengeId, options } = await test.services.authentication.options(ctx, interactionId, newId());
    const response = authenticator.authenticate(options);
    const asked = { interactionId, applicationId: newId(), challengeId, response };
    return test.services.authentication.verify(visitor(ctx), asked);
  }

  const sessionsOf = async (identityId: string): Promise<number> =>
    (await test.database.pool.query('select 1 from sessions where identity_id = $1', [identityId])).rows
      .length;

  const statusOf = async (passkeyId: string, ctx = realm) =>
    (await test.services.passkeys.find(ctx, passkeyId))?.status;

  it('keeps what a passkey was made with and last used from, and a name that a person gives it', async () => {
    const { identity, authenticator, passkey } = await enrol(TITAN);
    expect(passkey).toMatchObject({
      name: 'Google Titan Security Key v2 on Linux, Firefox',
      aaguid: TITAN,
      attestation: 'NONE',
      created_user_agent: FIREFOX,
      last_used_user_agent: null,
    });
    await signIn(authenticator);
    expect(await test.services.passkeys.find(realm, passkey.id)).toMatchObject({
      last_used_ip: '127.0.0.1',
      last_used_user_agent: FIREFOX,
    });
    const wanted = { credentialId: passkey.id, name: ' The blue key ' };
    for (const scopes of [['realms:read'], ['credentials:read', 'credentials:revoke']] as const)
      await expect(
        test.services.passkeys.rename(await test.caller(scopes, realm.realm.id), wanted),
      ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const renamer = await test.caller(['identities:update'], realm.realm.id);
    expect(await test.services.passkeys.rename(renamer, wanted)).toMatchObject({ name: 'The blue key' });
    expect(await test.services.passkeys.rename(renamer, wanted)).toMatchObject({ name: 'The blue key' });
    await expect(
      test.services.passkeys.rename(renamer, { ...wanted, name: 'a\u202Eb' }),
    ).rejects.toMatchObject({ path: ['name'] });
    const renamed = await test.services.events.list(realm, { types: ['credential.renamed'] }, {});
    expect(renamed.items.map(({ node }) => [node.subject_name, node.data])).toEqual([
      ['The blue key', { passkeyName: 'The blue key', previousPasskeyName: passkey.name }],
    ]);
    expect((await signIn(authenticator)).result).toBe('succeeded');
    expect(await sessionsOf(identity.id)).toBe(2);
  });

  it('does not let a helper rename the passkey of someone who holds more', async () => {
    const boss = await test.services.identities.findByUsername(
      test.database.db,
      admin.realm.id,
      'me@example.com',
    );
    const { passkey } = await bind(boss?.id ?? '', HELLO, admin);
    const helper = await test.caller(['identities:update']);
    await expect(
      test.services.passkeys.rename(helper, { credentialId: passkey.id, name: 'Stolen' }),
    ).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
  });

  it('does not let a helper revoke the passkey of someone who holds more, alone or with its model', async () => {
    const model = newId();
    const boss = await test.services.identities.findByUsername(
      test.database.db,
      admin.realm.id,
      'me@example.com',
    );
    const { passkey } = await bind(boss?.id ?? '', model, admin);
    const peer = await enrol(model, admin);
    const helper = await test.caller(['credentials:revoke', 'credentials:read']);
    const refused = { code: 'SCOPE_NOT_HELD' };
    await expect(test.services.passkeys.revoke(helper, { credentialId: passkey.id })).rejects.toMatchObject(
      refused,
    );
    await expect(test.services.revocation.revokeOfModel(helper, { aaguid: model })).rejects.toMatchObject(
      refused,
    );
    expect(await statusOf(peer.passkey.id, admin)).toBe('ACTIVE');
    await test.services.passkeys.revoke(helper, { credentialId: peer.passkey.id });
    await test.services.passkeys.revoke(admin, { credentialId: passkey.id });
  });

  it('renames in GraphQL, and forgets both names with the person', async () => {
    const { identity, passkey } = await enrol(TITAN);
    const token = await test.apiToken(['identities:update', 'credential-binding-jobs:read', 'realms:read']);
    const rename = (credentialId: string, name: string) =>
      test.graphql<{ renameCredential: object }>(
        token,
        `mutation ($input: RenameCredentialInput!) { renameCredential(input: $input) {
          credential { name createdUserAgent bindingJob { id status } } errors { code path } } }`,
        { input: { realmId: realm.realm.id, credentialId, name } },
      );
    expect((await rename(passkey.id, 'Unmistakable one')).data.renameCredential).toEqual({
      credential: {
        name: 'Unmistakable one',
        createdUserAgent: FIREFOX,
        bindingJob: { id: passkey.binding_job_id, status: 'COMPLETED' },
      },
      errors: [],
    });
    await rename(passkey.id, 'Unmistakable two');
    expect((await rename(passkey.id, ' ')).data.renameCredential).toEqual({
      credential: null,
      errors: [{ code: 'INVALID_INPUT', path: ['name'] }],
    });
    const remembered = async () =>
      (await test.database.pool.query(`select 1 from events e where e::text like '%Unmistakable%'`)).rows
        .length;
    expect(await remembered()).toBe(2);
    await test.services.erasure.erase(realm, { identityId: identity.id, reason: 'Asked for it' });
    expect(await remembered()).toBe(0);
  });

  it('previews exactly whom the revocation of a model reaches, and changes nothing', async () => {
    const only = await enrol(WEAK);
    const twice = await enrol(WEAK);
    await bind(twice.identity.id, WEAK);
    const safe = await enrol(WEAK);
    await bind(safe.identity.id, TITAN);
    const gone = await enrol(WEAK);
    await test.services.passkeys.revoke(realm, { credentialId: gone.passkey.id });
    const preview = () => test.services.revocation.preview(realm, { aaguid: WEAK });
    const expected = {
      credentials: 4,
      identities: 3,
      left_without: 2,
      first: [
        ...[
          { identity_id: only.identity.id, credentials: 1, leaves_none: true },
          { identity_id: twice.identity.id, credentials: 2, leaves_none: true },
        ],
        { identity_id: safe.identity.id, credentials: 1, leaves_none: false },
      ],
    };
    expect(await preview()).toEqual(expected);
    expect(await preview()).toEqual(expected);
    expect(await test.services.revocation.preview(other, { aaguid: WEAK })).toEqual({
      credentials: 0,
      identities: 0,
      left_without: 0,
      first: [],
    });
    for (const scope of ['credentials:read', 'identities:read'] as const)
      await expect(
        test.services.revocation.preview(await test.caller([scope], realm.realm.id), { aaguid: WEAK }),
      ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('revokes all of a model and nothing else, ends what they opened, and records each and the whole', async () => {
    const model = newId();
    const first = await enrol(model);
    const second = await enrol(model);
    const spared = await enrol(TITAN);
    const elsewhere = await enrol(model, other);
    for (const person of [first, second, spared]) await signIn(person.authenticator);
    await signIn(elsewhere.authenticator, other);
    const { revokeOfModel } = test.services.revocation;
    for (const scopes of [
      ['realms:read'],
      ['credentials:read', 'identities:update', 'identities:delete'],
    ] as const)
      await expect(
        revokeOfModel(await test.caller(scopes, realm.realm.id), { aaguid: model }),
      ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const ctx = { ...realm, ...facts() };
    expect(await revokeOfModel(ctx, { aaguid: model, reason: 'Cloned' })).toEqual({
      revoked: 2,
      endedSessions: 2,
      left: 0,
      warnings: [],
    });
    expect(await Promise.all([first, second, spared].map(({ passkey }) => statusOf(passkey.id)))).toEqual([
      'REVOKED',
      'REVOKED',
      'ACTIVE',
    ]);
    expect(await statusOf(elsewhere.passkey.id, other)).toBe('ACTIVE');
    expect(
      await Promise.all([first, second, spared, elsewhere].map(({ identity }) => sessionsOf(identity.id))),
    ).toEqual([0, 0, 1, 1]);
    expect((await signIn(first.authenticator)).result).toBe('refused');
    const events = await test.services.events.list(realm, { correlationId: ctx.correlationId }, {});
    expect(events.items.map(({ node }) => node.type).sort()).toEqual([
      'credential.revoked',
      'credential.revoked',
      'credential_model.revoked',
    ]);
    const whole = events.items.find(({ node }) => node.type === 'credential_model.revoked');
    expect(whole?.node.data).toMatchObject({ aaguid: model, revoked: 2, endedSessions: 2, reason: 'Cloned' });
    const again = await revokeOfModel({ ...realm, ...facts() }, { aaguid: model });
    expect(again).toMatchObject({ revoked: 0, left: 0 });
    expect((await test.services.identities.find(realm, first.identity.id))?.enrollment_status).toBe(
      'UNENROLLED',
    );
  });

  it('reaches the deleted as well: nobody is brought back with a passkey of a revoked model', async () => {
    const gone = await enrol(WEAK);
    const kept = (await bind(gone.identity.id, TITAN)).passkey;
    await test.services.identities.remove(realm, { identityId: gone.identity.id });
    await test.services.revocation.revokeOfModel(realm, { aaguid: WEAK });
    await test.services.deletion.restore(realm, { identityId: gone.identity.id });
    const { db, passkeys } = test.services;
    const statusOf = async (id: string) => (await passkeys.findRow(db, realm.realm.id, id))?.status;
    expect(await statusOf(gone.passkey.id)).toBe('REVOKED');
    expect(await statusOf(kept.id)).toBe('ACTIVE');
  });

  it('goes through thousands in bounded calls that say how many are left', async () => {
    const model = newId();
    await test.database.pool.query(
      `with people as (insert into identities (realm_id, id, username, username_key, display_name)
         select $1, gen_random_uuid(), 'mass-' || n, 'mass-' || n, 'Mass' from generate_series(1, 1250) n returning id)
       insert into passkeys (realm_id, id, identity_id, credential_id, public_key, algorithm, sign_count, name, aaguid,
         device_bound, backed_up, user_verified, attestation_format, relying_party_id)
       select $1, gen_random_uuid(), id, decode(replace(id::text, '-', ''), 'hex'), '', -7, 0, 'Key', $2::uuid,
         true, false, true, 'none', 'localhost' from people`,
      [realm.realm.id, model],
    );
    const { revokeOfModel } = test.services.revocation;
    expect(await revokeOfModel(realm, { aaguid: model })).toMatchObject({ revoked: 1000, left: 250 });
    const both = await Promise.all([
      revokeOfModel(realm, { aaguid: model }),
      revokeOfModel(realm, { aaguid: model }),
    ]);
    expect(both[0].revoked + both[1].revoked).toBe(250);
    expect(await revokeOfModel(realm, { aaguid: model })).toMatchObject({ revoked: 0, left: 0 });
  });

  it('leaves no session behind when a revocation races the sign-in, whichever comes first', async () => {
    for (let round = 0; round < 8; round++) {
      const model = newId();
      const { identity, authenticator, passkey } = await enrol(model);
      await Promise.all([
        signIn(authenticator),
        round % 2 === 0
          ? test.services.revocation.revokeOfModel(realm, { aaguid: model })
          : test.services.passkeys.revoke(realm, { credentialId: passkey.id }),
      ]);
      expect(await sessionsOf(identity.id), `round ${round}`).toBe(0);
      expect(await statusOf(passkey.id)).toBe('REVOKED');
    }
  });

  it('does not wait for ever when the revocation of a model meets that of single ones and a deletion', async () => {
    const model = newId();
    const people = await Promise.all(Array.from({ length: 12 }, () => enrol(model)));
    const [doomed, ...rest] = people;
    const { services } = test;
    await Promise.all([
      services.revocation.revokeOfModel(realm, { aaguid: model }),
      services.identities.remove(realm, { identityId: doomed?.identity.id }),
      ...rest
        .toReversed()
        .map(({ passkey }) => services.passkeys.revoke(realm, { credentialId: passkey.id })),
    ]);
    for (const { passkey } of rest) expect(await statusOf(passkey.id)).toBe('REVOKED');
    const revoked = await services.events.list(realm, { types: ['credential.revoked'] }, { first: 200 });
    const subjects = revoked.items.map(({ node }) => node.subject_id);
    for (const { passkey } of rest) expect(subjects.filter((id) => id === passkey.id)).toHaveLength(1);
  });

  it('refuses as a whole what would leave nobody who can sign in to the console', async () => {
    const { services } = test;
    const groups = await services.groups.list(admin, { query: 'admin console' }, {});
    const model = newId();
    const bosses = [];
    for (let n = 0; n < 2; n++) {
      const boss = await enrol(model, admin);
      await services.groups.addMembers(admin, {
        groupId: groups.items[0]?.node.id,
        identityIds: [boss.identity.id],
      });
      bosses.push(boss);
    }
    const hello = await services.revocation.revokeOfModel(admin, { aaguid: HELLO });
    expect(hello).toMatchObject({ revoked: 1, left: 0, warnings: [] });
    await expect(services.revocation.revokeOfModel(admin, { aaguid: model })).rejects.toMatchObject({
      code: 'ADMIN_LOCKOUT',
    });
    for (const { passkey } of bosses) expect(await statusOf(passkey.id, admin)).toBe('ACTIVE');
    await bind(bosses[0]?.identity.id ?? '', TITAN, admin);
    const done = await services.revocation.revokeOfModel(admin, { aaguid: model });
    expect(done).toMatchObject({ revoked: 2, left: 0 });
    expect(done.warnings.map(({ code }) => code)).toEqual(['ONE_ADMINISTRATOR_LEFT']);
    const second = await bind(bosses[1]?.identity.id ?? '', TITAN, admin);
    const first = await services.inventory.list(
      admin,
      { identityId: bosses[0]?.identity.id, status: 'ACTIVE' },
      undefined,
      {},
    );
    const both = await Promise.allSettled(
      [first.items[0]?.node.id, second.passkey.id].map((credentialId) =>
        services.passkeys.revoke(admin, { credentialId }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('answers in GraphQL for each of many, what exists in another realm like what does not exist', async () => {
    const mine = await enrol(TITAN);
    const theirs = await enrol(TITAN, other);
    const ids = [mine.passkey.id, theirs.passkey.id, newId(), 'nonsense', mine.passkey.id];
    const revoke = `mutation ($input: RevokeCredentialsInput!) { revokeCredentials(input: $input) {
      results { credentialId credential { status } error { code message } } errors { code path } warnings { code } } }`;
    const run = async (token: string, credentialIds: string[]) =>
      test.graphql<{
        revokeCredentials: { results: { error: { code: string } | null }[]; errors: object[] };
      }>(token, revoke, { input: { realmId: realm.realm.id, credentialIds } });
    const reader = await run(await test.apiToken(['credentials:read', 'realms:read']), ids);
    expect(reader.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await statusOf(mine.passkey.id)).toBe('ACTIVE');
    const token = await test.apiToken(['credentials:revoke', 'credentials:read', 'realms:read']);
    const { results } = (await run(token, ids)).data.revokeCredentials;
    expect(results.map(({ error }) => error?.code)).toEqual([
      undefined,
      'NOT_FOUND',
      'NOT_FOUND',
      'INVALID_INPUT',
      undefined,
    ]);
    expect(results[1]?.error).toEqual(results[2]?.error);
    expect(await statusOf(theirs.passkey.id, other)).toBe('ACTIVE');
    for (const wrong of [[], Array.from({ length: 1001 }, newId)])
      expect((await run(token, wrong)).data.revokeCredentials.errors).toEqual([
        { code: 'INVALID_INPUT', path: ['credentialIds'] },
      ]);
  });

  it('previews and revokes a model in GraphQL, and names the one at fault in what was asked', async () => {
    const model = newId();
    const { identity } = await enrol(model);
    const token = await test.apiToken();
    const preview = await test.graphql(
      token,
      `query ($id: ID!, $aaguid: String!) { realm(id: $id) { credentialModelRevocation(aaguid: $aaguid) {
        model { kind name } credentials identities leftWithoutCredential
        holders(first: 1) { credentials leftWithoutCredential identity { id } } } } }`,
      { id: realm.realm.id, aaguid: model },
    );
    expect(preview.data).toEqual({
      realm: {
        credentialModelRevocation: {
          model: { kind: 'UNKNOWN', name: `Unknown authenticator (${model})` },
          credentials: 1,
          identities: 1,
          leftWithoutCredential: 1,
          holders: [{ credentials: 1, leftWithoutCredential: true, identity: { id: identity.id } }],
        },
      },
    });
    const act = (aaguid: string) =>
      test.graphql(
        token,
        `mutation ($input: RevokeCredentialsOfModelInput!) { revokeCredentialsOfModel(input: $input) {
          revoked endedSessions left errors { code path } warnings { code } } }`,
        { input: { realmId: realm.realm.id, aaguid } },
      );
    expect((await act(model)).data).toEqual({
      revokeCredentialsOfModel: { revoked: 1, endedSessions: 0, left: 0, errors: [], warnings: [] },
    });
    expect((await act('YubiKey')).data).toMatchObject({
      revokeCredentialsOfModel: {
        revoked: 0,
        left: null,
        errors: [{ code: 'INVALID_INPUT', path: ['aaguid'] }],
      },
    });
  });
});
