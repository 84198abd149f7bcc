import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '../../kernel/ids.js';
import { createVault } from '../../kernel/vault.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import { createSigningKeysService } from './signing-keys.service.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
const KEYS = `query ($realm: ID!) { realm(id: $realm) {
  signingKeys { id status algorithm usableFrom activatedAt impact { apiTokens accessTokensUntil } }
  signingKeySettings { algorithm rotationDays version } } }`;
const ROTATE = `mutation ($realm: ID!) { rotateSigningKeys(input: { realmId: $realm }) {
  signingKey { id status } errors { code message } } }`;
const REVOKE = `mutation ($realm: ID!, $key: ID!) {
  revokeSigningKey(input: { realmId: $realm, keyId: $key, reason: "Found in a backup" }) {
    signingKey { id status } errors { code path } } }`;
const SETTINGS = `mutation ($input: UpdateSigningKeySettingsInput!) { updateSigningKeySettings(input: $input) {
  signingKeySettings { algorithm rotationDays version } errors { code } } }`;

interface Answer {
  realm: { signingKeys: Key[] };
  rotateSigningKeys: Payload;
  revokeSigningKey: Payload;
  updateSigningKeySettings: Payload;
}

interface Payload {
  signingKey?: { id: string; status: string } | null;
  errors: { code: string; path?: string[] }[];
}

interface Key {
  id: string;
  status: string;
  algorithm: string;
  usableFrom: string | null;
  impact: { apiTokens: string[]; accessTokensUntil: string | null };
}

describe('the keys of a realm', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await buildTestApp();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  afterAll(() => test.close());

  const later = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });

  /** A tenant of its own, whose Admin Realm has machines and API tokens. */
  async function tenant() {
    const made = await test.services.tenants.create(
      { requestId: newId(), correlationId: newId(), ip: null, userAgent: null },
      { name: newId(), adminEmail: `${newId()}@example.com` },
    );
    const { clientId, clientSecret } = made.managementApi;
    const path = `/realms/${made.adminRealmId}`;
    const token = async (scope?: string): Promise<string> => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        ...(scope === undefined ? {} : { scope }),
      });
      const answer = await test.app.inject({
        method: 'POST',
        url: `${path}/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: body.toString(),
      });
      return answer.json().access_token;
    };
    const mint = async (name: string, expiresInSeconds: number) => {
      const facts = { requestId: newId(), correlationId: newId(), ip: null, userAgent: null };
      const caller = await test.services.tokens.authenticate(facts, await token());
      const ctx = await test.services.realms.enter(caller, made.adminRealmId);
      return test.services.tokens.mint(ctx, { name, scopes: ['tenants:read'], expiresInSeconds });
    };
    const keySet = async () => {
      const answer = await test.app.inject({ url: `${path}/jwks` });
      return { headers: answer.headers, set: answer.json<JSONWebKeySet>() };
    };
    const ask = async (query: string, variables: object = {}) =>
      test.graphql<Answer>(await token(), query, { realm: made.adminRealmId, ...variables });
    const keys = async (): Promise<Key[]> => (await ask(KEYS)).data.realm.signingKeys;
    const keyOf = async (status: string): Promise<Key | undefined> =>
      (await keys()).find((key) => key.status === status);
    const works = async (bearer: string) => {
      const { status, errors } = await test.graphql(bearer, '{ viewer { kind } tenant { id } }');
      return status === 200 && errors === undefined;
    };
    return { ...made, token, mint, keySet, ask, keys, keyOf, works };
  }

  it('are two from the start: one that signs, and the next one, which clients know before it does', async () => {
    const { token, keySet, keys } = await tenant();
    const { headers, set } = await keySet();
    const [current, next] = await keys();
    expect([current?.status, next?.status]).toEqual(['CURRENT', 'NEXT']);
    expect(set.keys.map(({ kid }) => kid)).toEqual([current?.id, next?.id]);
    expect(set.keys.every((key) => !('d' in key))).toBe(true);
    expect(decodeProtectedHeader(await token()).kid).toBe(current?.id);
    expect(headers['cache-control']).toBe('public, max-age=900');
  });

  it('are not rotated before clients know the next one', async () => {
    const { ask, adminRealmId, keyOf } = await tenant();
    const refused = await ask(ROTATE);
    expect(refused.data.rotateSigningKeys.errors).toMatchObject([{ code: 'TOO_SOON' }]);
    const next = await keyOf('NEXT');
    later(2 * HOUR + 1);
    expect((await ask(ROTATE)).data.rotateSigningKeys).toMatchObject({
      signingKey: { id: next?.id, status: 'CURRENT' },
      errors: [],
    });
    const rows = await test.database.db
      .selectFrom('events')
      .select('data')
      .where('realm_id', '=', adminRealmId)
      .where('type', '=', 'signing_key.rotated')
      .execute();
    expect(rows).toMatchObject([{ data: { keyId: next?.id, reason: 'MANUAL' } }]);
  });

  it('are rotated ten times, and a client that keeps the key set for an hour never sees a token it can not check', async () => {
    const { token, keySet, ask } = await tenant();
    let kept = { set: (await keySet()).set, at: Date.now() };
    let rotations = 0;
    const recent: { token: string; until: number }[] = [];
    for (let minutes = 0; rotations < 10; minutes += 15) {
      later(15 * 60);
      const at = Date.now();
      if (at - kept.at >= HOUR * 1000) kept = { set: (await keySet()).set, at };
      const rotated = (await ask(ROTATE)).data.rotateSigningKeys;
      if (rotated.signingKey) rotations += 1;
      recent.push({ token: await token('realms:read'), until: at + 900_000 });
      const verify = createLocalJWKSet(kept.set);
      for (const issued of recent.filter(({ until }) => until > at))
        await jwtVerify(issued.token, verify, { currentDate: new Date(at) });
      expect(minutes).toBeLessThan(2000);
    }
    later(6);
    expect((await keySet()).set.keys).toHaveLength(12);
  }, 60_000);

  it('are rotated, and retired when nothing hangs on them, by themselves', async () => {
    const { keys, keyOf, works, mint } = await tenant();
    const yearly = await mint('Yearly', 300 * DAY);
    const first = await keyOf('CURRENT');
    later(91 * DAY);
    await test.services.keyRotation.sweep();
    await test.services.keyRotation.sweep();
    expect((await keys()).map(({ status }) => status)).toEqual(['CURRENT', 'NEXT', 'PREVIOUS']);
    expect((await keyOf('PREVIOUS'))?.id).toBe(first?.id);
    later(100 * DAY);
    await test.services.keyRotation.sweep();
    expect(await works(yearly.token)).toBe(true);
    const kept = (await keys()).find(({ id }) => id === first?.id);
    expect(kept).toMatchObject({ status: 'PREVIOUS', impact: { apiTokens: ['Yearly'] } });
    later(120 * DAY);
    await test.services.keyRotation.sweep();
    expect((await keys()).find(({ id }) => id === first?.id)?.status).toBe('RETIRED');
    expect(await works(yearly.token)).toBe(false);
    const row = await test.database.db
      .selectFrom('signing_keys')
      .select('wrapped_private_jwk')
      .where('id', '=', first?.id ?? '')
      .executeTakeFirst();
    expect(row).toEqual({ wrapped_private_jwk: null });
  });

  it('are worth nothing once revoked: what they signed is refused, API tokens among it, and the next one signs', async () => {
    const { ask, keyOf, token, works, mint, adminRealmId } = await tenant();
    const { token: apiToken } = await mint('CI', DAY);
    const access = await token();
    expect([await works(apiToken), await works(access)]).toEqual([true, true]);
    const [stolen, next] = [await keyOf('CURRENT'), await keyOf('NEXT')];
    expect(stolen?.impact.apiTokens).toEqual(['CI']);
    expect((await ask(REVOKE, { key: stolen?.id })).data.revokeSigningKey).toMatchObject({
      signingKey: { id: stolen?.id, status: 'RETIRED' },
      errors: [],
    });
    later(6);
    expect([await works(apiToken), await works(access)]).toEqual([false, false]);
    expect(decodeProtectedHeader(await token()).kid).toBe(next?.id);
    expect(await works(await token())).toBe(true);
    const again = await ask(REVOKE, { key: stolen?.id });
    expect(again.data.revokeSigningKey.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['keyId'] }]);
    const revoked = await test.database.db
      .selectFrom('api_tokens')
      .select('revoked_at')
      .where('realm_id', '=', adminRealmId)
      .execute();
    expect(revoked.every(({ revoked_at }) => revoked_at !== null)).toBe(true);
  });

  it.each(['EdDSA', 'RS256'] as const)('sign with %s where a realm wants it', async (algorithm) => {
    const { ask, token, works, keyOf, adminRealmId } = await tenant();
    const saved = await ask(SETTINGS, { input: { realmId: adminRealmId, algorithm, ifVersion: 1 } });
    expect(saved.data.updateSigningKeySettings).toMatchObject({
      signingKeySettings: { algorithm, rotationDays: 90, version: 2 },
      errors: [],
    });
    expect((await keyOf('NEXT'))?.algorithm).toBe(algorithm);
    expect(decodeProtectedHeader(await token()).alg).toBe('ES256');
    later(2 * HOUR + 1);
    await ask(ROTATE);
    later(6);
    const access = await token();
    expect(decodeProtectedHeader(access).alg).toBe(algorithm);
    expect(await works(access)).toBe(true);
    const discovery = await test.app.inject({
      url: `/realms/${adminRealmId}/.well-known/openid-configuration`,
    });
    expect(discovery.json().id_token_signing_alg_values_supported).toEqual([algorithm]);
    const stale = await ask(SETTINGS, { input: { realmId: adminRealmId, rotationDays: null, ifVersion: 1 } });
    expect(stale.data.updateSigningKeySettings.errors).toMatchObject([{ code: 'VERSION_MISMATCH' }]);
  });

  it('can not be played against each other: another algorithm, another realm, a key of the forger', async () => {
    const [mine, other] = [await tenant(), await tenant()];
    const { set } = await mine.keySet();
    const genuine = await mine.token();
    const claims = JSON.parse(Buffer.from(genuine.split('.')[1] ?? '', 'base64url').toString());
    const [jwk] = set.keys;
    const forged = (alg: string, secret: Uint8Array, kid = jwk?.kid) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, typ: 'at+jwt', ...(kid === undefined ? {} : { kid }) })
        .sign(secret);
    const publicAsSecret = new TextEncoder().encode(JSON.stringify(jwk));
    expect(await mine.works(await forged('HS256', publicAsSecret))).toBe(false);
    const none = `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')}.${genuine.split('.')[1]}.`;
    expect(await mine.works(none)).toBe(false);
    const foreign = await other.token();
    const swapped = `${foreign.split('.')[0]}.${genuine.split('.')[1]}.${foreign.split('.')[2]}`;
    expect(await mine.works(swapped)).toBe(false);
    expect(await mine.works(genuine)).toBe(true);
  });

  it('are wrapped anew when the secret of the installation is replaced', async () => {
    const { adminRealmId } = await tenant();
    const { db } = test.database;
    const [before, after] = [
      'a secret of more than thirty-two characters',
      'its successor, just as long as it is',
    ];
    const between = createSigningKeysService({ db, vault: createVault(after, before) });
    expect(await between.rewrapAll()).toBe((await between.checkAll()).total);
    const onlyNew = createSigningKeysService({ db, vault: createVault(after) });
    expect(await onlyNew.privateKeys(adminRealmId)).toHaveLength(2);
    const onlyOld = createSigningKeysService({ db, vault: createVault(before) });
    expect((await onlyOld.checkAll()).readable).toBe(0);
    await createSigningKeysService({ db, vault: createVault(before, after) }).rewrapAll();
    expect((await onlyOld.checkAll()).readable).toBe((await onlyOld.checkAll()).total);
  });

  it('belong to their realm and to whoever may see and change them', async () => {
    const [mine, other] = [await tenant(), await tenant()];
    const key = await other.keyOf('CURRENT');
    const refused = await mine.ask(REVOKE, { key: key?.id });
    expect(refused.data.revokeSigningKey.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const variables = { realm: mine.adminRealmId };
    const reader = await mine.token('realms:read');
    expect((await test.graphql(reader, KEYS, variables)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const onlySees = await mine.token('realms:read signing-keys:read');
    expect((await test.graphql(onlySees, KEYS, variables)).errors).toBeUndefined();
    for (const [query, more] of [
      [ROTATE, {}],
      [REVOKE, { key: key?.id }],
      [SETTINGS, { input: { realmId: mine.adminRealmId, rotationDays: 30 } }],
    ] as const) {
      const answer = await test.graphql(onlySees, query, { ...variables, ...more });
      expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  it('are rotated once when two ask at the same time', async () => {
    const { ask, keys } = await tenant();
    later(2 * HOUR + 1);
    const answers = await Promise.all([ask(ROTATE), ask(ROTATE), ask(ROTATE)]);
    const codes = answers.map(({ data }) => data.rotateSigningKeys.errors[0]?.code ?? 'DONE').sort();
    expect(codes).toEqual(['DONE', 'TOO_SOON', 'TOO_SOON']);
    expect((await keys()).filter(({ status }) => status === 'CURRENT')).toHaveLength(1);
  });
});
