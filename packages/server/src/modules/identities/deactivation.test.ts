import { setTimeout as wait } from 'node:timers/promises';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { createSoftwareAuthenticator } from '../../testing/authenticator.js';
import { createBrowser } from '../../testing/browser.js';
import { bind, enrol, type Person, signIn, siteOf } from '../../testing/people.js';

const REDIRECT = 'http://localhost:9999/callback';
const ROUNDS = 8;

describe('a deactivation', { timeout: 60_000 }, () => {
  let test: TestApp;
  let realm: RealmCtx;
  let config: client.Configuration;

  beforeAll(async () => {
    test = await listenTestApp({ connections: 20 });
    const made = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, made.id);
    const { application, secret } = await test.services.applications.create(realm, {
      displayName: 'Shop',
      type: 'CONFIDENTIAL',
      grantTypes: ['authorization_code', 'refresh_token'],
      redirectUris: [REDIRECT],
    });
    config = await client.discovery(
      new URL(`${test.url}/realms/${made.id}`),
      application.id,
      undefined,
      client.ClientSecretBasic(secret ?? ''),
      { execute: [client.allowInsecureRequests] },
    );
  });
  afterAll(() => test.close());

  const rows = async (sql: string, ...values: unknown[]) =>
    (await test.database.pool.query<Record<string, unknown>>(sql, values)).rows;

  /** The ways in which someone becomes inactive; the third is what a provisioning client does. */
  const WAYS = {
    suspension: (identityId: string) => test.services.identities.suspend(realm, { identityId }),
    deletion: (identityId: string) => test.services.identities.remove(realm, { identityId }),
    'change to inactive': (id: string) =>
      test.services.identities.change(realm, {
        id,
        change: (current: object) => ({ ...current, active: false, title: 'Left' }),
      }),
    erasure: (identityId: string) => test.services.erasure.erase(realm, { identityId, reason: 'Left' }),
  } satisfies Record<string, (identityId: string) => Promise<unknown>>;
  const ways = Object.keys(WAYS) as (keyof typeof WAYS)[];
  const deactivate = (way: keyof typeof WAYS, identityId: string): Promise<unknown> => WAYS[way](identityId);

  /** A whole sign-in: to the code, and from it to tokens. @returns what it came to, refused or not */
  async function tokensOf(person: Person): Promise<client.TokenEndpointResponse | undefined> {
    const verifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const { location } = await signIn(createBrowser(), url, person.authenticator);
    if (!location?.href.startsWith(REDIRECT)) return undefined;
    return client
      .authorizationCodeGrant(config, location, { pkceCodeVerifier: verifier })
      .catch((error: unknown) => refusal(error));
  }

  /** Only what the protocol calls a refusal; anything else is a fault. */
  function refusal(error: unknown): undefined {
    if (error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError) {
      expect(error.error).toMatch(/^(invalid_grant|access_denied|login_required)$/);
      return undefined;
    }
    throw error;
  }

  const refresh = (tokens: client.TokenEndpointResponse) =>
    client.refreshTokenGrant(config, tokens.refresh_token ?? '').catch((error: unknown) => refusal(error));

  /** Nothing is left that the identity, or someone with its tokens or links, could act with. */
  async function expectInactive(identityId: string, ...tokens: (client.TokenEndpointResponse | undefined)[]) {
    expect(await rows('select id from sessions where identity_id = $1', identityId)).toEqual([]);
    expect(
      await rows(
        `select model from oidc_models where identity_id = $1 or payload ->> 'accountId' = $1::text`,
        identityId,
      ),
    ).toEqual([]);
    expect(
      await rows(
        `select status from credential_binding_jobs where identity_id = $1
         and status in ('LINK_SENT', 'LINK_OPENED', 'CHALLENGED')`,
        identityId,
      ),
    ).toEqual([]);
    for (const token of tokens)
      if (token) {
        expect(await test.services.tokens.verify(token.access_token)).toBeUndefined();
        expect(await refresh(token)).toBeUndefined();
      }
  }

  describe.each(ways)('by %s', (way) => {
    it('leaves nothing alive of a sign-in that races it, at whatever step', async () => {
      let reached = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const person = await enrol(test, realm, `${way}-${round}`);
        await test.services.bindingJobs.create(realm, { identityId: person.id });
        const [tokens] = await Promise.all([
          tokensOf(person),
          wait(round * 12).then(() => deactivate(way, person.id)),
        ]);
        if (tokens) reached += 1;
        await expectInactive(person.id, tokens);
        expect(await tokensOf(person)).toBeUndefined();
      }
      expect(reached).toBeLessThan(ROUNDS);
    });

    it('ends tokens from before, and refreshes that race it', async () => {
      for (let round = 0; round < ROUNDS / 2; round++) {
        const person = await enrol(test, realm, `${way}-refresh-${round}`);
        const before = await tokensOf(person);
        if (!before) throw new Error('an active person could not sign in');
        expect(await test.services.tokens.verify(before.access_token)).toBeDefined();
        const [refreshed] = await Promise.all([
          refresh(before),
          wait(round * 4).then(() => deactivate(way, person.id)),
        ]);
        await expectInactive(person.id, before, refreshed);
      }
    });

    it('leaves no open link and no new passkey in use, however links are made and used meanwhile', async () => {
      for (let round = 0; round < ROUNDS / 2; round++) {
        const { id } = await test.services.identities.create(realm, { username: `${way}-links-${round}` });
        const { link } = await test.services.bindingJobs.create(realm, { identityId: id });
        const token = link.split('#token=')[1] ?? '';
        const visitor = { ...realm, actor: { kind: 'ANONYMOUS' as const }, grants: new Map() };
        const made = await test.services.registration.options(visitor, { token });
        if (made.result !== 'options') throw new Error(made.code);
        const authenticator = createSoftwareAuthenticator(siteOf(test.url));
        const response = authenticator.register(made.options);
        const outcomes = await Promise.allSettled([
          test.services.registration.verify(visitor, { token, challengeId: made.challengeId, response }),
          test.services.bindingJobs.create(realm, { identityId: id }),
          test.services.bindingJobs.create(realm, { identityId: id }),
          deactivate(way, id),
        ]);
        expect(outcomes[3].status).toBe('fulfilled');
        for (const outcome of outcomes)
          if (outcome.status === 'rejected')
            expect(outcome.reason).toMatchObject({ code: expect.stringMatching(/NOT_FOUND|INVALID_INPUT/) });
        await expectInactive(id);
        expect(await tokensOf({ id, username: '', authenticator })).toBeUndefined();
      }
    });
  });

  /** A deletion that begins while the change is under way, and then the undo of it. */
  async function deletedDuring(identityId: string, change: string, ...values: unknown[]): Promise<void> {
    const other = await test.database.pool.connect();
    try {
      await other.query('begin');
      await other.query(change, values);
      const removal = test.services.identities.remove(realm, { identityId });
      await wait(150);
      await other.query('commit');
      await removal;
    } finally {
      other.release();
    }
    await test.services.deletion.restore(realm, { identityId });
  }

  it('waits for a revocation that is under way, and does not give that passkey back', async () => {
    const { id } = await enrol(test, realm, 'two-passkeys');
    const { link } = await test.services.bindingJobs.create(realm, { identityId: id });
    await bind(link);
    const passkeys = await rows('select id from passkeys where identity_id = $1 order by id', id);
    await deletedDuring(
      id,
      `update passkeys set status = 'REVOKED', revoked_at = now() where id = $1`,
      passkeys[0]?.id,
    );
    expect(await rows('select status from passkeys where identity_id = $1 order by id', id)).toEqual([
      { status: 'REVOKED' },
      { status: 'ACTIVE' },
    ]);
  });

  it('waits for a membership that is being taken away, and does not give it back', async () => {
    const group = await test.services.groups.create(realm, { displayName: 'Fleeting' });
    const { id } = await test.services.identities.create(realm, { username: 'member' });
    await test.services.groups.addMembers(realm, { groupId: group.id, identityIds: [id] });
    await deletedDuring(id, 'delete from group_members where identity_id = $1', id);
    expect(await test.services.identities.groupIds(test.database.db, realm.realm.id, id)).toEqual([]);
  });

  it('and a revocation, however they meet, agree on what was revoked', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const person = await enrol(test, realm, `revoked-${round}`);
      const [passkey] = await rows('select id from passkeys where identity_id = $1', person.id);
      const [revocation] = await Promise.allSettled([
        test.services.passkeys.revoke(realm, { credentialId: passkey?.id }),
        test.services.identities.remove(realm, { identityId: person.id }),
      ]);
      await test.services.deletion.restore(realm, { identityId: person.id });
      const [after] = await rows('select status from passkeys where id = $1', passkey?.id);
      expect(after?.status).toBe(revocation.status === 'fulfilled' ? 'REVOKED' : 'ACTIVE');
    }
  });

  describe('undone', () => {
    const restore = (identityId: string) => test.services.deletion.restore(realm, { identityId });
    const remove = (identityId: string) => test.services.identities.remove(realm, { identityId });
    const where = async (id: string) =>
      (
        await rows(
          `select 'live' as at from identities where id = $1 union all
           select 'deleted' from deleted_identities where id = $1`,
          id,
        )
      ).map(({ at }) => at);

    it('by two at once is undone by exactly one', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const { id } = await test.services.identities.create(realm, { username: `two-${round}` });
        await remove(id);
        const tries = await Promise.allSettled([restore(id), restore(id), restore(id)]);
        expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const tried of tries)
          if (tried.status === 'rejected') expect(tried.reason).toMatchObject({ code: 'NOT_FOUND' });
        expect(await where(id)).toEqual(['live']);
      }
    });

    it('while deleted again leaves the person in exactly one place, and no access', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const person = await enrol(test, realm, `again-${round}`);
        await remove(person.id);
        const tries = await Promise.allSettled([restore(person.id), remove(person.id), restore(person.id)]);
        for (const tried of tries)
          if (tried.status === 'rejected') expect(tried.reason).toMatchObject({ code: 'NOT_FOUND' });
        expect(await where(person.id)).toHaveLength(1);
        expect(await rows('select id from sessions where identity_id = $1', person.id)).toEqual([]);
      }
    });

    it('while someone takes the username: one of the two has it', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const username = `wanted-${round}`;
        const { id } = await test.services.identities.create(realm, { username });
        await remove(id);
        const tries = await Promise.allSettled([
          restore(id),
          test.services.identities.create(realm, { username: username.toUpperCase() }),
        ]);
        expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        const lost = tries.find((tried) => tried.status === 'rejected');
        expect(lost?.reason).toMatchObject({ code: 'USERNAME_TAKEN' });
        expect(await where(id)).toEqual([tries[0].status === 'fulfilled' ? 'live' : 'deleted']);
        expect(await rows('select id from identities where username_key = $1', username)).toHaveLength(1);
      }
    });

    it('while erased: never both back and erased', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const { id } = await test.services.identities.create(realm, { username: `erased-${round}` });
        await remove(id);
        const [back, erased] = await Promise.allSettled([
          restore(id),
          test.services.erasure.erase(realm, { identityId: id, reason: newId() }),
        ]);
        expect(erased.status).toBe('fulfilled');
        if (back.status === 'rejected') expect(back.reason).toMatchObject({ code: 'NOT_FOUND' });
        expect(await where(id)).toEqual([]);
      }
    });
  });

  it('and all else that was tried here took its locks in one order: nothing waited for itself', async () => {
    // Counters are handed in by each connection at most once a second.
    await wait(1500);
    await Promise.all(Array.from({ length: 20 }, () => rows('select pg_stat_force_next_flush()')));
    const [counted] = await rows('select deadlocks from pg_stat_database where datname = current_database()');
    expect(counted?.deadlocks).toBe(0);
  });
});
