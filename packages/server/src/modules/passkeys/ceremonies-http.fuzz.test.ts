import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import * as attestations from '../../testing/attestations.js';
import { createSoftwareAuthenticator } from '../../testing/authenticator.js';
import { cbor } from '../../testing/cbor.js';
import {
  AAGUID,
  assertAll,
  bases,
  bytesOf,
  CHALLENGE,
  type Fields,
  fault,
  odd,
  SEED,
  SITE,
  spoiled,
  WANTED,
} from '../../testing/faults.js';
import { userHandle } from './webauthn.js';

const REGISTRATIONS = 504;
const SIGN_INS = 504;
const BODIES = 1000;
const AT_ONCE = 8;

describe('malformed requests to the ceremonies', { timeout: 300_000 }, () => {
  let test: TestApp;
  let realm: RealmCtx;
  let base: string;

  beforeAll(async () => {
    test = await buildTestApp({ connections: 10 });
    const made = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, made.id);
    base = `/realms/${made.id}/passkeys`;
  });
  afterAll(() => test.close());

  const send = (path: string, payload: string, headers: Record<string, string> = {}) =>
    test.app.inject({
      method: 'POST',
      url: `${base}/${path}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    });
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    send(path, JSON.stringify(body), headers);
  const count = async (table: 'passkeys' | 'sessions'): Promise<number> =>
    (await test.database.pool.query(`select 1 from ${table} where realm_id = $1`, [realm.realm.id])).rows
      .length;

  /** As many open ceremonies as answers will come: each is spent by the first that names it. */
  async function challenges(
    belongs: { job: string } | { interaction: string },
    wanted: number,
  ): Promise<string[]> {
    const ids = Array.from({ length: wanted }, newId);
    const job = 'job' in belongs ? belongs.job : null;
    const interaction = 'interaction' in belongs ? belongs.interaction : null;
    await test.database.pool.query(
      `insert into challenges (realm_id, id, purpose, challenge, binding_job_id, interaction_id, expires_at,
         relying_party_id, origins)
       select $1, unnest($2::uuid[]), $3, $4, $5, $6, now() + interval '5 minutes', $7, array[$8]`,
      [
        realm.realm.id,
        ids,
        job ? 'REGISTRATION' : 'AUTHENTICATION',
        CHALLENGE,
        job,
        interaction,
        SITE.rpId,
        SITE.origin,
      ],
    );
    return ids;
  }

  async function invite() {
    const identity = await test.services.identities.create(realm, { username: newId() });
    const { link, job } = await test.services.bindingJobs.create(realm, { identityId: identity.id });
    return { identity, job: job.id, token: link.split('#token=')[1] ?? '' };
  }

  it(`bind no passkey and break nothing, ${REGISTRATIONS} times`, async () => {
    await test.database.pool.query(
      "update authenticator_configs set attestation = 'DIRECT' where realm_id = $1",
      [realm.realm.id],
    );
    const { job, token } = await invite();
    const self = createSoftwareAuthenticator(SITE);
    // Whatever becomes of them, their signatures are wrong.
    const wrong = bases.map(({ name, response }) => {
      const { response: inner, ...outer } = structuredClone(response) as { response: Fields };
      const bytes = bytesOf(inner.attestationObject);
      const found = bytes.indexOf(name === 'apple' ? Buffer.from('a1220420', 'hex') : cbor('sig'));
      bytes.writeUInt8(bytes.readUInt8(found + 16) ^ 1, found + 16);
      return {
        name,
        response: { ...outer, response: { ...inner, attestationObject: bytes.toString('base64url') } },
      };
    });
    await assertAll(
      wrong,
      REGISTRATIONS,
      async (cases) => {
        await test.database.pool.query(
          "update credential_binding_jobs set status = 'CHALLENGED', refusals = 0 where id = $1",
          [job],
        );
        const ids = await challenges({ job }, AT_ONCE);
        const answers = await Promise.all(
          cases.map(({ answer }, index) =>
            post('registration/verify', { token, challengeId: ids[index], response: answer }),
          ),
        );
        expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 400));
      },
      AT_ONCE,
    );
    expect(await count('passkeys')).toBe(0);

    const [challengeId] = await challenges({ job }, 1);
    const whole = self.register(WANTED, { attest: attestations.packedSelf(), aaguid: AAGUID });
    expect((await post('registration/verify', { token, challengeId, response: whole })).statusCode).toBe(200);
    expect(await count('passkeys')).toBe(1);
  });

  it(`open no session and break nothing, ${SIGN_INS} times`, async () => {
    const { token, job, identity } = await invite();
    const [challengeId] = await challenges({ job }, 1);
    const authenticator = createSoftwareAuthenticator(SITE);
    const user = { id: Buffer.from(userHandle(realm.realm.id, identity.id)).toString('base64url') };
    const response = authenticator.register({ ...WANTED, user });
    expect((await post('registration/verify', { token, challengeId, response })).statusCode).toBe(200);
    const { interaction, cookie } = await begin();
    const wrong = {
      name: 'sign-in',
      response: { ...authenticator.authenticate(WANTED, { breakSignature: true }) } as unknown as Fields,
    };
    await assertAll(
      [wrong],
      SIGN_INS,
      async (cases) => {
        const ids = await challenges({ interaction }, AT_ONCE);
        const answers = await Promise.all(
          cases.map(({ answer }, index) =>
            post(
              'authentication/verify',
              { interaction, challengeId: ids[index], response: answer },
              { cookie },
            ),
          ),
        );
        expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 400));
      },
      AT_ONCE,
    );
    expect(await count('sessions')).toBe(0);

    const [last] = await challenges({ interaction }, 1);
    const whole = authenticator.authenticate(WANTED);
    const answer = await post(
      'authentication/verify',
      { interaction, challengeId: last, response: whole },
      { cookie },
    );
    expect(answer.statusCode).toBe(200);
    expect(await count('sessions')).toBe(1);
  });

  /** An authorization that waits for a passkey. */
  async function begin() {
    const { application } = await test.services.applications.create(realm, {
      displayName: 'Shop',
      type: 'PUBLIC',
      grantTypes: ['authorization_code'],
      redirectUris: ['http://localhost:9999/callback'],
    });
    const query = new URLSearchParams({
      client_id: application.id,
      redirect_uri: 'http://localhost:9999/callback',
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    });
    const cookies: string[] = [];
    const follow = async (url: string) => {
      const response = await test.app.inject({ url, headers: { cookie: cookies.join('; ') } });
      for (const { name, value } of response.cookies) cookies.push(`${name}=${value}`);
      return response;
    };
    const first = await follow(`/realms/${realm.realm.id}/authorize?${query}`);
    const to = new URL(String(first.headers.location), test.url);
    await follow(to.pathname);
    return { interaction: to.pathname.split('/sign-in/')[1] ?? '', cookie: cookies.join('; ') };
  }

  const PATHS = [
    'registration/open',
    'registration/options',
    'registration/verify',
    'authentication/options',
    'authentication/verify',
  ];
  const body = fc.oneof(
    fc.json(),
    fc.string({ maxLength: 200 }),
    fc.constantFrom(
      '',
      'null',
      '[]',
      '{"token":{"$ne":1}}',
      '{"__proto__":{"token":"x"}}',
      '[['.repeat(2000),
      '{"a":'.repeat(2000),
      '\u0000',
    ),
    fc
      .record({ token: odd, interaction: odd, challengeId: odd, response: odd }, { requiredKeys: [] })
      .map((value) => JSON.stringify(value)),
    fc
      .tuple(fc.constantFrom(...bases), fc.array(fault, { maxLength: 2 }), odd)
      .map(([from, faults, token]) =>
        JSON.stringify({ token, interaction: token, challengeId: newId(), response: spoiled(from, faults) }),
      ),
  );

  it(`are told what is wrong with their JSON, ${BODIES} times`, async () => {
    const before = [await count('passkeys'), await count('sessions')];
    const types = fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'text/plain',
      'application/cbor',
    );
    const requests = fc.array(fc.tuple(fc.constantFrom(...PATHS), body, types), {
      minLength: AT_ONCE,
      maxLength: AT_ONCE,
    });
    await fc.assert(
      fc.asyncProperty(requests, async (cases) => {
        const answers = await Promise.all(
          cases.map(([path, payload, type]) => send(path, payload, { 'content-type': type })),
        );
        for (const { statusCode } of answers) {
          expect(statusCode).toBeGreaterThanOrEqual(400);
          expect(statusCode).toBeLessThan(500);
        }
      }),
      { seed: SEED, numRuns: BODIES / AT_ONCE, endOnFailure: true },
    );
    expect([await count('passkeys'), await count('sessions')]).toEqual(before);
  });
});
