import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { enrol } from '../../testing/people.js';

describe('an export of the inventory', () => {
  let test: TestApp;
  let token: string;
  beforeAll(async () => {
    test = await listenTestApp();
    token = await test.apiToken();
  });
  afterAll(() => test.close());

  async function realm(name: string): Promise<RealmCtx> {
    const { id } = await test.services.realms.create(await test.caller(), { displayName: name });
    return test.caller(undefined, id);
  }
  const get = (ctx: RealmCtx, query: string, by: string | undefined = token) =>
    test.app.inject({
      url: `/realms/${ctx.realm.id}/credentials/export?${query}`,
      headers: by === '' ? {} : { authorization: `Bearer ${by}` },
    });
  const told = (body: string) =>
    body
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const eventsOf = async (ctx: RealmCtx) =>
    (await test.services.events.list(ctx, { types: ['credential_inventory.exported'] }, {})).items.map(
      ({ node }) => node.data,
    );

  it('names whose passkey it is, and runs no formula that somebody called theirs', async () => {
    const ctx = await realm('People');
    const { id } = await enrol(test, ctx, 'ada');
    await test.services.identities.change(ctx, {
      id,
      change: (profile: object) => ({ ...profile, displayName: '=HYPERLINK("https://evil.example","x")' }),
    });
    const [key] = (await test.services.inventory.list(ctx, {}, undefined, {})).items;
    await test.services.passkeys.rename(ctx, { credentialId: key?.node.id, name: '@SUM(A1)' });
    const { body, headers } = await get(ctx, 'format=csv');
    const [header, line] = body.split('\r\n');
    expect(header).toMatch(/^id,name,status,aaguid,model,attestation,deviceBound/);
    expect(line).toContain(`${key?.node.id},'@SUM(A1),ACTIVE,`);
    expect(line).toContain(`,ada,"'=HYPERLINK(""https://evil.example"",""x"")",`);
    expect(headers['content-type']).toMatch(/^text\/csv/);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="passkeys-\d{4}-\d\d-\d\d\.csv"$/);
    expect(headers['cache-control']).toBe('no-store');
    expect(await eventsOf(ctx)).toEqual([{ format: 'csv', credentials: 1, complete: true }]);
  });

  it('holds what the filter asks for and nothing else, over pages', async () => {
    const ctx = await realm('Filtered');
    const { id } = await enrol(test, ctx, 'bob');
    await test.database.pool.query(
      `insert into passkeys select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(),
         'credential_id', '\\x' || encode(sha256(n::text::bytea), 'hex'), 'backed_up', n % 2 = 0,
         'attestation', case when n % 10 = 0 then 'VERIFIED' else 'NONE' end,
         'last_used_at', case when n % 4 = 0 then now() end))).*
       from passkeys p, generate_series(1, 450) n where p.identity_id = $1`,
      [id],
    );
    const all = told((await get(ctx, 'format=ndjson')).body);
    expect(all).toHaveLength(451);
    expect(new Set(all.map((one) => one.id)).size).toBe(451);
    expect(all[0]).not.toHaveProperty('public_key');
    const attested = told((await get(ctx, 'format=ndjson&attested=true')).body);
    expect(attested).toHaveLength(45);
    expect(new Set(attested.map((one) => one.attestation))).toEqual(new Set(['VERIFIED']));
    expect(told((await get(ctx, 'format=ndjson&neverUsed=false')).body)).toHaveLength(112);
    expect(told((await get(ctx, 'format=ndjson&attested=false&neverUsed=true')).body)).toHaveLength(316);
    expect(told((await get(ctx, 'format=ndjson&status=REVOKED')).body)).toEqual([]);
    expect(told((await get(ctx, 'format=ndjson&createdBefore=2020-01-01T00:00:00Z')).body)).toEqual([]);
    expect(told((await get(ctx, `format=ndjson&query=bob`)).body)).toHaveLength(451);
    expect(told((await get(ctx, `format=ndjson&query=nobody`)).body)).toEqual([]);
  });

  it.each([
    'format=xml',
    'format=csv&status=GONE',
    'format=csv&aaguid=x',
    'format=csv&createdAfter=yesterday',
    'format=csv&neverUsed=maybe',
    'format=csv&nonsense=1',
    '',
  ])('refuses %j', async (query) => {
    const answer = await get(await realm('Strict'), query);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
  });

  it('is closed to other realms, other scopes and who has no token', async () => {
    const ctx = await realm('Closed');
    expect((await get(ctx, 'format=csv', '')).statusCode).toBe(401);
    for (const scope of ['credentials:read', 'identities:read'] as const)
      expect((await get(ctx, 'format=csv', await test.apiToken([scope]))).statusCode).toBe(403);
    const elsewhere = { ...ctx, realm: { ...ctx.realm, id: '01900000-0000-7000-8000-000000000000' } };
    expect((await get(elsewhere, 'format=csv')).statusCode).toBe(404);
    expect(await eventsOf(ctx)).toEqual([]);
  });
});
