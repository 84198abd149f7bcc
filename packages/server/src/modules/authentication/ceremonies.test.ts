import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx, RequestFacts } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { ALL_SCOPES } from '../../kernel/permissions.js';
import { createVault } from '../../kernel/vault.js';
import { createServices, type Services } from '../../services.js';
import { createSoftwareAuthenticator, type Tampering } from '../../testing/authenticator.js';
import { createTestDatabase, type TestDatabase } from '../../testing/database.js';
import type { CreatedTenant } from '../tenants/tenants.service.js';

const SITE = { rpId: 'localhost', origin: 'http://localhost:8080' };
const facts = (): RequestFacts => ({
  requestId: newId(),
  correlationId: newId(),
  ip: '127.0.0.1',
  userAgent: 'Linux',
});

describe('passkey ceremonies', () => {
  let database: TestDatabase;
  let services: Services;
  let tenant: CreatedTenant;
  let realm: RealmCtx;

  const enter = (realmId: string): Promise<RealmCtx> =>
    services.realms.enter(
      {
        ...facts(),
        actor: {
          kind: 'APPLICATION',
          id: tenant.managementApi.clientId,
          realmId: tenant.adminRealmId,
          displayName: 'Machine',
        },
        tenantId: tenant.tenantId,
        grants: new Map(ALL_SCOPES.map((scope) => [scope, 'ALL'])),
      },
      realmId,
    );

  beforeAll(async () => {
    database = await createTestDatabase();
    const vault = createVault('a secret of more than thirty-two characters');
    services = createServices({ db: database.db, vault, config: { publicUrl: SITE.origin } });
    tenant = await services.tenants.create(facts(), { name: 'Mine', adminEmail: 'me@example.com' });
    const row = await services.realms.create(await enter(tenant.adminRealmId), { displayName: 'People' });
    realm = await enter(row.id);
  });
  afterAll(() => database.drop());

  /** Someone at the realm's own address, as far as the services can tell: nobody yet. */
  const visitor = (ctx: RealmCtx = realm): RealmCtx => ({
    ...ctx,
    ...facts(),
    actor: { kind: 'ANONYMOUS' },
    grants: new Map(),
  });

  async function invite(username: string, ctx: RealmCtx = realm) {
    const identity = await services.identities.create(ctx, { username });
    const { job, link } = await services.bindingJobs.create(ctx, { identityId: identity.id });
    return { identity, job, token: link.split('#token=')[1] ?? '' };
  }

  async function registrationOptions(token: string, ctx: RealmCtx = realm) {
    const made = await services.registration.options(visitor(ctx), { token });
    if (made.result !== 'options') throw new Error(made.code);
    return made;
  }

  async function bound(username: string, ctx: RealmCtx = realm) {
    const invited = await invite(username, ctx);
    const authenticator = createSoftwareAuthenticator(SITE);
    const { challengeId, options } = await registrationOptions(invited.token, ctx);
    const done = await services.registration.verify(visitor(ctx), {
      token: invited.token,
      challengeId,
      response: authenticator.register(options),
    });
    if (done.result !== 'bound') throw new Error(done.code);
    return { ...invited, authenticator, passkey: done.passkey };
  }

  type Authenticator = ReturnType<typeof createSoftwareAuthenticator>;

  async function signIn(authenticator: Authenticator, tampering?: Tampering, ctx: RealmCtx = realm) {
    const interactionId = newId();
    const { challengeId, options } = await services.authentication.options(ctx, interactionId, newId());
    const input = {
      interactionId,
      applicationId: newId(),
      challengeId,
      response: authenticator.authenticate(options, tampering),
    };
    return { input, outcome: await services.authentication.verify(visitor(ctx), input) };
  }

  const sessionsOf = async (identityId: string): Promise<number> =>
    (await database.pool.query('select 1 from sessions where identity_id = $1', [identityId])).rows.length;

  it('binds a passkey through a link and signs in with it, each as one flow of events', async () => {
    const { identity, job, authenticator, passkey } = await bound('ada');
    expect(passkey).toMatchObject({
      algorithm: -7,
      device_bound: true,
      user_verified: true,
      name: 'Passkey on Linux',
    });
    const flow = await services.events.list(realm, { correlationId: job.correlation_id }, {});
    expect(flow.items.map(({ node }) => node.type)).toEqual(
      expect.arrayContaining([
        'credential_binding_job.challenged',
        'policy.evaluated',
        'registration.completed',
      ]),
    );
    const { outcome } = await signIn(authenticator);
    expect(outcome).toMatchObject({ result: 'succeeded', authenticated: { identityId: identity.id } });
    expect(await sessionsOf(identity.id)).toBe(1);
    const acts = await services.events.list(
      realm,
      { involvesId: identity.id, types: ['policy.evaluated'] },
      {},
    );
    expect(acts.items.map(({ node }) => [node.actor_kind, node.outcome, node.data.transaction])).toEqual([
      ['IDENTITY', 'ALLOW', 'AUTHENTICATION'],
    ]);
    const decided = acts.items[0]?.node;
    expect(decided?.data.facts).toMatchObject({
      'passkey.deviceBound': true,
      'passkey.ageDays': 0,
      'request.platform': 'LINUX',
    });
    const { 'request.time': time } = { ...(decided?.data.facts as Record<string, string> | undefined) };
    expect(Math.abs(Date.parse(time ?? '') - Number(decided?.occurred_at))).toBeLessThan(5000);
  });

  it('lets exactly one of two races use a link', async () => {
    const { token } = await invite('racer');
    const tries = await Promise.all([registrationOptions(token), registrationOptions(token)]);
    const results = await Promise.all(
      tries.map(({ challengeId, options }) =>
        services.registration.verify(visitor(), {
          token,
          challengeId,
          response: createSoftwareAuthenticator(SITE).register(options),
        }),
      ),
    );
    expect(results.map((result) => (result.result === 'bound' ? 'bound' : result.code)).sort()).toEqual([
      'LINK_USED',
      'bound',
    ]);
  });

  it('refuses a registration from another origin, spends its challenge and records it', async () => {
    const { token, job } = await invite('phished');
    const authenticator = createSoftwareAuthenticator({ ...SITE, origin: 'http://evil.localhost:8080' });
    const { challengeId, options } = await registrationOptions(token);
    const input = { token, challengeId, response: authenticator.register(options) };
    expect(await services.registration.verify(visitor(), input)).toMatchObject({ code: 'PASSKEY_REFUSED' });
    expect(await services.registration.verify(visitor(), input)).toMatchObject({ code: 'CHALLENGE_INVALID' });
    const flow = await services.events.list(
      realm,
      { correlationId: job.correlation_id, types: ['registration.failed'] },
      {},
    );
    expect(flow.items.map(({ node }) => node.data)).toEqual([
      { reason: 'challenge', bindingJobId: job.id },
      { reason: 'origin', bindingJobId: job.id },
    ]);
  });

  it('refuses a sign-in that was replayed, and one for another interaction', async () => {
    const { authenticator } = await bound('replayed');
    const { input } = await signIn(authenticator);
    expect(await services.authentication.verify(visitor(), input)).toMatchObject({
      code: 'CHALLENGE_INVALID',
    });
    const { challengeId, options } = await services.authentication.options(realm, newId(), newId());
    const stolen = {
      ...input,
      challengeId,
      interactionId: newId(),
      response: authenticator.authenticate(options),
    };
    expect(await services.authentication.verify(visitor(), stolen)).toMatchObject({
      code: 'CHALLENGE_INVALID',
    });
  });

  it.each([
    ['a wrong origin', { origin: 'http://evil.localhost:8080' }, 'PASSKEY_REFUSED'],
    ['another relying party', { rpId: 'example.com' }, 'PASSKEY_REFUSED'],
    ['a broken signature', { breakSignature: true }, 'PASSKEY_UNKNOWN'],
    ['a counter that went back', { counter: 1 }, 'PASSKEY_REFUSED'],
    ['no user verification', { userVerified: false }, 'PASSKEY_REFUSED'],
    [
      'the handle of someone else',
      { userHandle: Buffer.alloc(32, 7).toString('base64url') },
      'PASSKEY_UNKNOWN',
    ],
  ])('refuses a sign-in with %s and opens no session', async (_, tampering, code) => {
    const { identity, authenticator } = await bound(newId());
    expect((await signIn(authenticator, tampering)).outcome).toMatchObject({ result: 'refused', code });
    expect(await sessionsOf(identity.id)).toBe(0);
  });

  it('does not know the passkey of another realm', async () => {
    const { authenticator } = await bound('elsewhere');
    const row = await services.realms.create(await enter(tenant.adminRealmId), { displayName: 'Other' });
    expect((await signIn(authenticator, {}, await enter(row.id))).outcome).toMatchObject({
      code: 'PASSKEY_UNKNOWN',
    });
  });

  it('refuses a revoked passkey and ends what it had opened', async () => {
    const { identity, authenticator, passkey } = await bound('revoked');
    await signIn(authenticator);
    await services.passkeys.revoke(realm, { credentialId: passkey.id });
    expect(await sessionsOf(identity.id)).toBe(0);
    expect((await signIn(authenticator)).outcome).toMatchObject({ code: 'PASSKEY_UNKNOWN' });
    await expect(
      database.pool.query(`update passkeys set status = 'ACTIVE', revoked_at = null where id = $1`, [
        passkey.id,
      ]),
    ).rejects.toThrow(/revoked/);
  });

  it('never leaves a session behind when a suspension races the sign-in', async () => {
    for (let round = 0; round < 8; round++) {
      const { identity, authenticator } = await bound(`suspended-${round}`);
      await Promise.all([
        signIn(authenticator),
        services.identities.suspend(realm, { identityId: identity.id }),
      ]);
      expect(await sessionsOf(identity.id)).toBe(0);
      expect((await signIn(authenticator)).outcome).toMatchObject({ code: 'PASSKEY_REFUSED' });
    }
  });

  it('keeps a person out of the console who is not in the access group', async () => {
    const admin = await enter(tenant.adminRealmId);
    const { authenticator } = await bound('outsider', admin);
    expect((await signIn(authenticator, {}, admin)).outcome).toMatchObject({ code: 'POLICY_DENIED' });
  });

  it('reads no chain of certificates that nobody asked for: their addresses are a stranger’s', async () => {
    const { token } = await invite('attested');
    const { challengeId, options } = await registrationOptions(token);
    const response = createSoftwareAuthenticator(SITE).register(options, {
      attestationFormat: 'android-key',
    });
    expect(await services.registration.verify(visitor(), { token, challengeId, response })).toMatchObject({
      code: 'PASSKEY_REFUSED',
    });
    const failed = await services.events.list(realm, { types: ['registration.failed'] }, { first: 1 });
    expect(failed.items[0]?.node.data).toMatchObject({ reason: 'attestation' });
  });

  it('counts a link as a way in only until the first passkey of the console is bound', async () => {
    const admin = await enter(tenant.adminRealmId);
    const boss = await services.identities.findByUsername(database.db, tenant.adminRealmId, 'me@example.com');
    const { link } = await services.bindingJobs.create(admin, { identityId: boss?.id });
    const first = link.split('#token=')[1] ?? '';
    const { challengeId, options } = await registrationOptions(first, admin);
    const response = createSoftwareAuthenticator(SITE).register(options);
    const done = await services.registration.verify(visitor(admin), { token: first, challengeId, response });
    if (done.result !== 'bound') throw new Error(done.code);
    await services.bindingJobs.create(admin, { identityId: boss?.id, expiresInSeconds: 60 });
    await expect(services.passkeys.revoke(admin, { credentialId: done.passkey.id })).rejects.toMatchObject({
      code: 'ADMIN_LOCKOUT',
    });
  });
});
