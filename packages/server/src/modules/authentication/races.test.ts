import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import { createSoftwareAuthenticator } from '../../testing/authenticator.js';

const SITE = { rpId: 'localhost', origin: 'http://localhost:8080' };
const ROUNDS = 6;
const AT_ONCE = 6;
const times = <T>(make: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: AT_ONCE }, make));

describe('ceremonies that race', { timeout: 60_000 }, () => {
  let test: TestApp;
  let realm: RealmCtx;
  let visitor: RealmCtx;

  beforeAll(async () => {
    test = await buildTestApp({ connections: 20 });
    const made = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, made.id);
    visitor = { ...realm, actor: { kind: 'ANONYMOUS' }, grants: new Map() };
  });
  afterAll(() => test.close());

  const rows = async (sql: string, ...values: unknown[]) =>
    (await test.database.pool.query<Record<string, unknown>>(sql, values)).rows;
  const passkeysOf = (identityId: string) =>
    rows('select id, status from passkeys where identity_id = $1', identityId);
  const sessionsOf = (identityId: string) =>
    rows('select id from sessions where identity_id = $1', identityId);
  const statusOf = async (jobId: string) =>
    (await rows('select status from credential_binding_jobs where id = $1', jobId))[0]?.status;

  async function invite() {
    const identity = await test.services.identities.create(realm, { username: newId() });
    const { job, link } = await test.services.bindingJobs.create(realm, { identityId: identity.id });
    return { identity, job, token: link.split('#token=')[1] ?? '' };
  }

  async function registration(token: string) {
    const made = await test.services.registration.options(visitor, { token });
    if (made.result !== 'options') throw new Error(made.code);
    return made;
  }

  const bind = (token: string, challengeId: string, response: object) =>
    test.services.registration.verify(visitor, { token, challengeId, response });

  /** What it came to, in one word. */
  const word = (outcome: { result: string; code?: string }): string => outcome.code ?? outcome.result;

  async function person() {
    const invited = await invite();
    const authenticator = createSoftwareAuthenticator(SITE);
    const { challengeId, options } = await registration(invited.token);
    const done = await bind(invited.token, challengeId, authenticator.register(options));
    if (done.result !== 'bound') throw new Error(done.code);
    return { ...invited, authenticator, passkey: done.passkey };
  }

  async function signInOptions() {
    const interactionId = newId();
    const applicationId = newId();
    const made = await test.services.authentication.options(realm, interactionId, applicationId);
    return { ...made, interactionId, applicationId };
  }

  const verify = (
    { interactionId, applicationId, challengeId }: Awaited<ReturnType<typeof signInOptions>>,
    response: object,
  ) => test.services.authentication.verify(visitor, { interactionId, applicationId, challengeId, response });

  it('let one challenge open one session, however often its answer comes', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { identity, authenticator } = await person();
      const begun = await signInOptions();
      const response = authenticator.authenticate(begun.options);
      const outcomes = (await times(() => verify(begun, response))).map(word);
      expect(outcomes.sort()).toEqual([...Array(AT_ONCE - 1).fill('CHALLENGE_INVALID'), 'succeeded']);
      expect(await sessionsOf(identity.id)).toHaveLength(1);
    }
  });

  it('let one challenge bind one passkey, whichever of many it is', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { identity, token, job } = await invite();
      const { challengeId, options } = await registration(token);
      const outcomes = await times(() =>
        bind(token, challengeId, createSoftwareAuthenticator(SITE).register(options)),
      );
      const bound = outcomes.flatMap((outcome) => (outcome.result === 'bound' ? [outcome.passkey.id] : []));
      expect(bound).toHaveLength(1);
      expect(await passkeysOf(identity.id)).toEqual([{ id: bound[0], status: 'ACTIVE' }]);
      expect(await statusOf(job.id)).toBe('COMPLETED');
    }
  });

  it('let one passkey belong to one person, whoever brings it at the same time', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const people = await times(invite);
      const authenticator = createSoftwareAuthenticator(SITE);
      const begun = await Promise.all(people.map(({ token }) => registration(token)));
      const [first] = begun;
      if (!first) throw new Error('nobody');
      const made = authenticator.register(first.options);
      const outcomes = await Promise.all(
        begun.map(({ challengeId, options }, index) =>
          bind(people[index]?.token ?? '', challengeId, {
            ...made,
            response: { ...made.response, clientDataJSON: clientDataFor(options.challenge) },
          }),
        ),
      );
      expect(outcomes.map(word).sort()).toEqual([...Array(AT_ONCE - 1).fill('PASSKEY_REFUSED'), 'bound']);
      const held = await Promise.all(people.map(({ identity }) => passkeysOf(identity.id)));
      expect(held.flat()).toHaveLength(1);
    }
  });

  it('take one of two answers that a key and its copy sign with the same counter', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { identity, authenticator } = await person();
      const begun = await times(signInOptions);
      const answers = begun.map(({ options }) => authenticator.authenticate(options, { counter: 7 }));
      const outcomes = await Promise.all(begun.map((one, index) => verify(one, answers[index] ?? {})));
      expect(outcomes.map(word).sort()).toEqual([...Array(AT_ONCE - 1).fill('PASSKEY_REFUSED'), 'succeeded']);
      expect(await sessionsOf(identity.id)).toHaveLength(1);
    }
    const failed = await test.services.events.list(realm, { types: ['authentication.failed'] }, { first: 1 });
    expect(failed.items[0]?.node.data).toMatchObject({ reason: 'counter' });
  });

  it('leave no session of a passkey that is revoked at the same time', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { identity, authenticator, passkey } = await person();
      const begun = await times(signInOptions);
      const answers = begun.map(({ options }) => authenticator.authenticate(options));
      const revoked = test.services.passkeys.revoke(realm, { credentialId: passkey.id });
      const outcomes = await Promise.all(begun.map((one, index) => verify(one, answers[index] ?? {})));
      await revoked;
      for (const outcome of outcomes)
        expect(['succeeded', 'PASSKEY_UNKNOWN', 'PASSKEY_REFUSED']).toContain(word(outcome));
      expect(await sessionsOf(identity.id)).toEqual([]);
      expect(await passkeysOf(identity.id)).toEqual([{ id: passkey.id, status: 'REVOKED' }]);
    }
  });

  it('bind nothing through a link that is withdrawn first, and withdraw none that has bound', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { identity, token, job } = await invite();
      const { challengeId, options } = await registration(token);
      const response = createSoftwareAuthenticator(SITE).register(options);
      const withdraw = () => test.services.bindingJobs.revoke(realm, { credentialBindingJobId: job.id });
      const early = round % 2 === 0 ? withdraw() : undefined;
      const [bound, revoked] = await Promise.allSettled([
        bind(token, challengeId, response),
        early ?? withdraw(),
      ]);
      if (bound.status === 'rejected') throw bound.reason;
      const status = await statusOf(job.id);
      const passkeys = await passkeysOf(identity.id);
      if (bound.value.result === 'bound') {
        expect([status, passkeys.length]).toEqual(['COMPLETED', 1]);
        expect(revoked).toMatchObject({ status: 'rejected', reason: { code: 'BINDING_JOB_CLOSED' } });
      } else {
        expect(word(bound.value)).toBe('LINK_REVOKED');
        expect([status, passkeys.length, revoked.status]).toEqual(['REVOKED', 0, 'fulfilled']);
      }
    }
  });

  it('bind nothing for someone who is suspended first', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { identity, token } = await invite();
      const { challengeId, options } = await registration(token);
      const authenticator = createSoftwareAuthenticator(SITE);
      const response = authenticator.register(options);
      const suspend = () => test.services.identities.suspend(realm, { identityId: identity.id });
      const early = round % 2 === 0 ? suspend() : undefined;
      const [outcome] = await Promise.all([bind(token, challengeId, response), early ?? suspend()]);
      expect(['bound', 'LINK_REVOKED']).toContain(word(outcome));
      expect(await passkeysOf(identity.id)).toHaveLength(outcome.result === 'bound' ? 1 : 0);
      const begun = await signInOptions();
      expect(word(await verify(begun, authenticator.authenticate(begun.options)))).not.toBe('succeeded');
    }
  });
});

/** What the browser says, for a registration without attestation, whose answer nothing binds to its challenge. */
const clientDataFor = (challenge: string): string =>
  Buffer.from(
    JSON.stringify({ type: 'webauthn.create', challenge, origin: SITE.origin, crossOrigin: false }),
  ).toString('base64url');
