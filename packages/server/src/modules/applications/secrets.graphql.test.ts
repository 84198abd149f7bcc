import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secondsFromNow } from '../../kernel/clock.js';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { ALL_SCOPES, type Scope } from '../../kernel/permissions.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

const DAY = 86_400;

interface Secret {
  id: string;
  hint: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}
interface Payload {
  application?: { id: string } | null;
  secret?: Secret | null;
  clientSecret?: string | null;
  errors: { code: string; path: string[] | null }[];
}
const SECRET = 'id hint createdAt expiresAt lastUsedAt';
const MUTATIONS = {
  createApplication: ['application { id } clientSecret', 'CreateApplicationInput'],
  createApplicationSecret: [`clientSecret secret { ${SECRET} }`, 'CreateApplicationSecretInput'],
  revokeApplicationSecret: ['application { id }', 'RevokeApplicationSecretInput'],
} as const;
type Mutation = keyof typeof MUTATIONS;

describe('secrets of applications', () => {
  let test: TestApp;
  let token: string;
  let realm: RealmCtx;
  beforeAll(async () => {
    test = await buildTestApp();
    token = await test.apiToken();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Shop' });
    realm = await test.caller(undefined, row.id);
  });
  afterAll(() => test.close());

  async function run(name: Mutation, input: object, as = token): Promise<Payload> {
    const [fields, type] = MUTATIONS[name];
    const answer = await test.graphql<Record<Mutation, Payload>>(
      as,
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code path } } }`,
      { input: { realmId: realm.realm.id, ...input } },
    );
    if (answer.errors) throw new Error(String(answer.errors[0]?.extensions.code));
    return answer.data[name];
  }

  const wanted = (more: object = {}) => ({
    displayName: 'Nightly',
    type: 'CONFIDENTIAL',
    grantTypes: ['CLIENT_CREDENTIALS'],
    ...more,
  });

  async function machine(): Promise<{ id: string; secret: string }> {
    const made = await run('createApplication', wanted());
    expect(made.errors).toEqual([]);
    return { id: made.application?.id ?? '', secret: made.clientSecret ?? '' };
  }

  async function secretsOf(id: string): Promise<Secret[]> {
    const answer = await test.graphql<{ realm: { application: { secrets: Secret[] } } }>(
      token,
      `{ realm(id: "${realm.realm.id}") { application(id: "${id}") { secrets { ${SECRET} } } } }`,
    );
    return answer.data.realm.application.secrets;
  }

  async function proves(clientId: string, secret: string): Promise<boolean> {
    const answer = await test.app.inject({
      method: 'POST',
      url: `/realms/${realm.realm.id}/token`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
      },
      payload: 'grant_type=client_credentials',
    });
    return answer.json().error !== 'invalid_client';
  }

  const eventsOf = async (id: string, type: string) => {
    const rows = await test.database.db
      .selectFrom('events')
      .select(['data'])
      .where('realm_id', '=', realm.realm.id)
      .where('subject_id', '=', id)
      .where('type', '=', type)
      .orderBy('id')
      .execute();
    return rows.map(({ data }) => data as Record<string, unknown>);
  };

  it('are shown once and kept as a digest; two live ones prove the application until one is revoked', async () => {
    const { id, secret: first } = await machine();
    const second = await run('createApplicationSecret', { applicationId: id });
    expect(second.errors).toEqual([]);
    const [older, newer] = await secretsOf(id);
    expect(older?.hint).toBe(first.slice(-4));
    expect(newer?.id).toBe(second.secret?.id);
    expect(newer).toMatchObject({ hint: second.clientSecret?.slice(-4), expiresAt: null });
    const rows = await test.database.db
      .selectFrom('application_secrets')
      .selectAll()
      .where('application_id', '=', id)
      .execute();
    for (const secret of [first, second.clientSecret ?? '']) {
      expect(await proves(id, secret)).toBe(true);
      expect(
        JSON.stringify(rows.map((row) => ({ ...row, secret_hash: String(row.secret_hash) }))),
      ).not.toContain(secret);
    }
    const done = await run('revokeApplicationSecret', { applicationId: id, secretId: older?.id });
    expect(done).toMatchObject({ application: { id }, errors: [] });
    expect(await proves(id, first)).toBe(false);
    expect(await proves(id, second.clientSecret ?? '')).toBe(true);
    const told = [
      ...(await eventsOf(id, 'application.secret_created')),
      ...(await eventsOf(id, 'application.secret_revoked')),
    ];
    expect(told).toEqual([
      { secretId: older?.id, hint: older?.hint, expiresAt: null },
      { secretId: newer?.id, hint: newer?.hint, expiresAt: null },
      { secretId: older?.id, hint: older?.hint },
    ]);
    const again = await run('revokeApplicationSecret', { applicationId: id, secretId: older?.id });
    expect(again.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('are never three, also when several are asked for at once', async () => {
    const { id } = await machine();
    const attempts = await Promise.all(
      Array.from({ length: 5 }, () => run('createApplicationSecret', { applicationId: id })),
    );
    expect(attempts.filter(({ clientSecret }) => clientSecret != null)).toHaveLength(1);
    expect(attempts.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(
      Array.from({ length: 4 }, () => 'LIMIT_REACHED'),
    );
    expect(await secretsOf(id)).toHaveLength(2);
  });

  it('prove nothing after their time, and make room for the next', async () => {
    const { id } = await machine();
    const made = await run('createApplicationSecret', { applicationId: id, expiresInSeconds: 3600 });
    const secretId = made.secret?.id ?? '';
    expect(await proves(id, made.clientSecret ?? '')).toBe(true);
    await test.database.db
      .updateTable('application_secrets')
      .set({ expires_at: secondsFromNow(-1) })
      .where('id', '=', secretId)
      .execute();
    expect(await proves(id, made.clientSecret ?? '')).toBe(false);
    expect((await secretsOf(id)).map((row) => row.id)).not.toContain(secretId);
    expect((await run('createApplicationSecret', { applicationId: id })).errors).toEqual([]);
    for (const expiresInSeconds of [10, 157_680_001])
      expect(
        (await run('createApplicationSecret', { applicationId: id, expiresInSeconds })).errors,
      ).toMatchObject([{ code: 'INVALID_INPUT', path: ['expiresInSeconds'] }]);
  });

  it('say when they were last used, written at most once a minute, and not by a wrong one', async () => {
    const { id, secret } = await machine();
    const used = async () => (await secretsOf(id))[0]?.lastUsedAt;
    await proves(id, 'wrong');
    expect(await used()).toBeNull();
    await proves(id, secret);
    const first = await used();
    expect(Date.now() - Date.parse(first ?? '')).toBeLessThan(30_000);
    await proves(id, secret);
    expect(await used()).toBe(first);
    await test.database.db
      .updateTable('application_secrets')
      .set({ last_used_at: secondsFromNow(-61) })
      .where('application_id', '=', id)
      .execute();
    await proves(id, secret);
    expect(Date.now() - Date.parse((await used()) ?? '')).toBeLessThan(30_000);
  });

  it('are warned of 14, 7 and 1 days before their end, of each once, and swept after it', async () => {
    const { id } = await machine();
    const made = await run('createApplicationSecret', { applicationId: id, expiresInSeconds: 90 * DAY });
    const secretId = made.secret?.id ?? '';
    const expected = [
      [20 * DAY, []],
      [13 * DAY, [14]],
      [6 * DAY, [14, 7]],
      [DAY / 2, [14, 7, 1]],
      [-1, [14, 7, 1]],
    ] as const;
    for (const [seconds, days] of expected) {
      await test.database.db
        .updateTable('application_secrets')
        .set({ expires_at: secondsFromNow(seconds), created_at: secondsFromNow(-80 * DAY) })
        .where('id', '=', secretId)
        .execute();
      for (let time = 0; time < 2; time++) await test.services.applicationSecrets.sweep();
      const told = await eventsOf(id, 'application.secret_expiring');
      expect(told.map((data) => data.days)).toEqual(days);
    }
    const left = await test.database.db
      .selectFrom('application_secrets')
      .select('expires_at')
      .where('application_id', '=', id)
      .execute();
    expect(left).toEqual([{ expires_at: null }]);
  });

  it('are not made for who may not see them, and not for a public application', async () => {
    const blind = await test.apiToken(ALL_SCOPES.filter((scope) => scope !== 'applications:read-secrets'));
    const made = await run('createApplication', wanted(), blind);
    expect(made).toMatchObject({ clientSecret: null, errors: [] });
    expect(await secretsOf(made.application?.id ?? '')).toEqual([]);
    const open = await run('createApplication', {
      displayName: 'Page',
      type: 'PUBLIC',
      grantTypes: ['AUTHORIZATION_CODE'],
      redirectUris: ['https://app.example.com/callback'],
    });
    const refused = await run('createApplicationSecret', { applicationId: open.application?.id });
    expect(refused.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['applicationId'] }]);
  });

  it('of an application that may more than the caller are neither made nor revoked by them', async () => {
    const weak = await test.apiToken([
      'realms:read',
      'applications:read',
      'applications:update',
      'applications:read-secrets',
    ]);
    const { adminRealmId: realmId, managementApi } = test.tenant;
    const [live] = await test.database.db
      .selectFrom('application_secrets')
      .select('id')
      .where('application_id', '=', managementApi.clientId)
      .execute();
    const target = { realmId, applicationId: managementApi.clientId };
    for (const attempt of [
      () => run('createApplicationSecret', target, weak),
      () => run('revokeApplicationSecret', { ...target, secretId: live?.id }, weak),
    ])
      expect((await attempt()).errors).toMatchObject([{ code: 'SCOPE_NOT_HELD' }]);
    expect((await run('createApplicationSecret', target)).errors).toEqual([]);
  });

  it('belong to their realm and application, and need their scopes', async () => {
    const { id } = await machine();
    const other = await machine();
    const elsewhere = await test.services.realms.create(await test.caller(), { displayName: newId() });
    const [secret] = await secretsOf(id);
    for (const wrong of [{ realmId: elsewhere.id, applicationId: id }, { applicationId: other.id }])
      expect((await run('revokeApplicationSecret', { ...wrong, secretId: secret?.id })).errors).toMatchObject(
        [{ code: 'NOT_FOUND' }],
      );
    const attempts: [Mutation, object, Scope][] = [
      ['createApplicationSecret', { applicationId: id }, 'applications:read-secrets'],
      ['revokeApplicationSecret', { applicationId: id, secretId: secret?.id }, 'applications:update'],
    ];
    for (const [name, input, scope] of attempts) {
      const weak = await test.apiToken(ALL_SCOPES.filter((one) => one !== scope));
      await expect(run(name, input, weak)).rejects.toThrow('FORBIDDEN');
    }
    expect(await secretsOf(id)).toHaveLength(1);
  });
});
