import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secondsFromNow } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/permissions.js';
import { buildTestApp, facts, type TestApp } from '../../testing/app.js';

const FIELDS = 'id name scopes createdByName createdById createdAt expiresAt lastUsedAt revokedAt';
const DAY = 86_400;

interface ApiToken {
  id: string;
  name: string;
  scopes: string[];
  createdByName: string;
  createdById: string | null;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}
interface Payload {
  apiToken: ApiToken | null;
  token?: string | null;
  revoked?: number | null;
  errors: { code: string; path: string[] | null }[];
}
const MUTATIONS = {
  createApiToken: [`token apiToken { ${FIELDS} }`, 'CreateApiTokenInput'],
  revokeApiToken: [`apiToken { ${FIELDS} }`, 'RevokeApiTokenInput'],
  revokeApiTokens: ['revoked', 'RevokeApiTokensInput'],
} as const;
type Mutation = keyof typeof MUTATIONS;

describe('API tokens in GraphQL', () => {
  let test: TestApp;
  let token: string;
  let realmId: string;
  beforeAll(async () => {
    test = await buildTestApp();
    token = await test.apiToken();
    realmId = test.tenant.adminRealmId;
  });
  afterAll(() => test.close());

  async function run(name: Mutation, input: object, as = token): Promise<Payload> {
    const [fields, type] = MUTATIONS[name];
    const answer = await test.graphql<Record<Mutation, Payload>>(
      as,
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code path } } }`,
      { input: { realmId, ...input } },
    );
    if (answer.errors) throw new Error(String(answer.errors[0]?.extensions.code));
    return answer.data[name];
  }

  async function made(name: string = newId(), more: object = {}): Promise<{ id: string; token: string }> {
    const done = await run('createApiToken', { name, scopes: ['realms:read'], ...more });
    expect(done.errors).toEqual([]);
    return { id: done.apiToken?.id ?? '', token: done.token ?? '' };
  }

  async function list(args: string, as = token): Promise<ApiToken[]> {
    const answer = await test.graphql<{ realm: { apiTokens: { nodes: ApiToken[] } } }>(
      as,
      `{ realm(id: "${realmId}") { apiTokens(${args}) { nodes { ${FIELDS} } } } }`,
    );
    if (answer.errors) throw new Error(String(answer.errors[0]?.extensions.code));
    return answer.data.realm.apiTokens.nodes;
  }

  const opens = async (value: string): Promise<boolean> => {
    const answer = await test.graphql(value, `{ realm(id: "${realmId}") { id } }`);
    return answer.errors === undefined;
  };

  const eventsOf = (id: string, type: string) =>
    test.database.db
      .selectFrom('events')
      .select(['data', 'actor_name'])
      .where('realm_id', '=', realmId)
      .where('subject_id', '=', id)
      .where('type', '=', type)
      .orderBy('id')
      .execute();

  it('are shown once, and listed with who made them and for how long, never with their text', async () => {
    const name = `Nightly ${newId()}`;
    const done = await run('createApiToken', {
      name,
      scopes: ['realms:read', 'identities:read', 'realms:read'],
      expiresInSeconds: 3600,
    });
    expect(await opens(done.token ?? '')).toBe(true);
    const [listed, ...others] = await list(`query: "${name}"`);
    expect(others).toEqual([]);
    expect(listed).toMatchObject({
      name,
      scopes: ['identities:read', 'realms:read'],
      createdByName: 'Management API (Test)',
      createdById: test.tenant.managementApi.clientId,
      revokedAt: null,
    });
    const lifetime = Date.parse(listed?.expiresAt ?? '') - Date.parse(listed?.createdAt ?? '');
    expect(Math.abs(lifetime - 3_600_000)).toBeLessThan(60_000);
    const kept = await test.database.db
      .selectFrom('api_tokens')
      .selectAll()
      .where('id', '=', listed?.id ?? '')
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(kept)).not.toContain(done.token?.split('.')[2]);
  });

  it('of one name are not made beside a live one, also by two at once, unless one replaces the other', async () => {
    const name = `Okta ${newId()}`;
    const attempts = await Promise.all(
      Array.from({ length: 5 }, () => run('createApiToken', { name, scopes: ['realms:read'] })),
    );
    expect(attempts.filter(({ token: text }) => text != null)).toHaveLength(1);
    const refused = await run('createApiToken', { name: name.toUpperCase(), scopes: ['realms:read'] });
    expect(refused).toMatchObject({ token: null, errors: [{ code: 'TOKEN_NAME_TAKEN', path: ['name'] }] });
    const first = attempts.find(({ apiToken }) => apiToken)?.apiToken?.id;
    await made(name, { replace: true });
    await run('revokeApiToken', { apiTokenId: first });
    const [left, ...more] = await list(`query: "${name}", live: true`);
    expect(more).toEqual([]);
    await run('revokeApiToken', { apiTokenId: left?.id });
    await made(name);
  });

  it('hold no more than who makes them', async () => {
    const weak = await test.apiToken(['tokens:create', 'realms:read']);
    const refused = await run('createApiToken', { name: newId(), scopes: ['realms:delete'] }, weak);
    expect(refused).toMatchObject({ token: null, errors: [{ code: 'SCOPE_NOT_HELD', path: ['scopes'] }] });
    const unknown = await run('createApiToken', { name: newId(), scopes: ['root'] });
    expect(unknown.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['scopes'] }]);
  });

  it('say when they were last used, written at most once a minute', async () => {
    const { id, token: used } = await made();
    const seen = async () => (await list('live: true, first: 200')).find((row) => row.id === id)?.lastUsedAt;
    expect(await seen()).toBeNull();
    await opens(used);
    const first = await seen();
    expect(Date.now() - Date.parse(first ?? '')).toBeLessThan(30_000);
    await opens(used);
    expect(await seen()).toBe(first);
    await test.database.db
      .updateTable('api_tokens')
      .set({ last_used_at: secondsFromNow(-61) })
      .where('id', '=', id)
      .execute();
    await opens(used);
    expect(Date.now() - Date.parse((await seen()) ?? '')).toBeLessThan(30_000);
  });

  it('open nothing from the moment they are revoked, and are remembered', async () => {
    const { id, token: doomed } = await made();
    expect(await opens(doomed)).toBe(true);
    const done = await run('revokeApiToken', { apiTokenId: id });
    expect(done.apiToken?.revokedAt).not.toBeNull();
    expect(await opens(doomed)).toBe(false);
    const again = await run('revokeApiToken', { apiTokenId: id });
    expect(again.apiToken?.revokedAt).toBe(done.apiToken?.revokedAt);
    expect(await eventsOf(id, 'api_token.revoked')).toHaveLength(1);
    expect((await list('live: false, first: 200')).map((row) => row.id)).toContain(id);
    expect((await list('live: true, first: 200')).map((row) => row.id)).not.toContain(id);
  });

  it('are revoked all at once by who made them, and nobody else’s', async () => {
    const admin = await test.caller();
    const maker = newId();
    const ctx = {
      ...admin,
      actor: { kind: 'APPLICATION', id: maker, realmId, displayName: 'Maker' } as const,
    };
    const own = await Promise.all(
      [1, 2].map(() => test.services.tokens.mint(ctx, { name: newId(), scopes: ['realms:read'] })),
    );
    const other = await made();
    expect(await run('revokeApiTokens', { createdById: maker })).toMatchObject({ revoked: 2, errors: [] });
    for (const minted of own) expect(await opens(minted.token)).toBe(false);
    expect(await opens(other.token)).toBe(true);
    for (const wrong of [{}, { createdById: maker, applicationId: maker }])
      expect((await run('revokeApiTokens', wrong)).errors[0]?.code).toBe('INVALID_INPUT');
  });

  it('are warned of 14, 7 and 1 days before their end, of each once, and not when made for less', async () => {
    const long = await made(undefined, { expiresInSeconds: 90 * DAY });
    const short = await made(undefined, { expiresInSeconds: 3600 });
    const dead = await made(undefined, { expiresInSeconds: 90 * DAY });
    const left = (id: string, seconds: number) =>
      test.database.db
        .updateTable('api_tokens')
        .set({ expires_at: secondsFromNow(seconds), created_at: secondsFromNow(-80 * DAY) })
        .where('id', '=', id)
        .execute();
    await run('revokeApiToken', { apiTokenId: dead.id });
    const expected = [
      [20 * DAY, []],
      [13 * DAY, [14]],
      [6 * DAY, [14, 7]],
      [DAY / 2, [14, 7, 1]],
      [-1, [14, 7, 1]],
    ] as const;
    for (const [seconds, days] of expected) {
      await left(long.id, seconds);
      await left(dead.id, seconds);
      for (let time = 0; time < 2; time++) await test.services.apiTokens.sweep();
      const events = await eventsOf(long.id, 'api_token.expiring');
      expect(events.map(({ data }) => (data as { days: number }).days)).toEqual(days);
      if (seconds > 0) expect(events.every((event) => event.actor_name === 'Housekeeping')).toBe(true);
    }
    for (const { id } of [short, dead]) expect(await eventsOf(id, 'api_token.expiring')).toEqual([]);
  });

  it('of another tenant are neither seen nor revoked', async () => {
    const other = await test.services.tenants.create(facts(), { name: 'Other', adminEmail: 'x@example.com' });
    const { id, token: mine } = await made();
    const elsewhere = await run('revokeApiToken', { realmId: other.adminRealmId, apiTokenId: id });
    expect(elsewhere).toMatchObject({ apiToken: null, errors: [{ code: 'NOT_FOUND' }] });
    expect(await opens(mine)).toBe(true);
    const inside = await test.services.realms.create(await test.caller(), { displayName: 'Plain' });
    const wrong = await run('revokeApiToken', { realmId: inside.id, apiTokenId: id });
    expect(wrong.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const minted = await run('createApiToken', { realmId: inside.id, name: 'x', scopes: ['realms:read'] });
    expect(minted.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['realmId'] }]);
  });

  it('need their scopes', async () => {
    const { id } = await made();
    const attempts: [Scope, () => Promise<unknown>, (weak: string) => Promise<unknown>][] = [
      ['tokens:read', () => list('first: 1'), (weak) => list('first: 1', weak)],
      [
        'tokens:create',
        () => made(),
        (weak) => run('createApiToken', { name: newId(), scopes: ['realms:read'] }, weak),
      ],
      [
        'tokens:revoke',
        () => run('revokeApiToken', { apiTokenId: id }),
        (weak) => run('revokeApiToken', { apiTokenId: id }, weak),
      ],
    ];
    const all: Scope[] = ['realms:read', 'tokens:read', 'tokens:create', 'tokens:revoke'];
    for (const [scope, strong, attempt] of attempts) {
      await strong();
      const weak = await test.apiToken(all.filter((one) => one !== scope));
      await expect(attempt(weak)).rejects.toThrow('FORBIDDEN');
    }
  });
});
