import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

describe('provisioning over SCIM', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await buildTestApp();
  });
  afterAll(() => test.close());

  async function scene(settings: object = {}) {
    const row = await test.services.realms.create(await test.caller(), { displayName: newId() });
    const admin = await test.caller(undefined, row.id);
    const token = await test.apiToken(['scim:all']);
    const scim = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: object) => {
      const answer = await test.app.inject({
        method,
        url: `/realms/${row.id}/scim/v2${path}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        ...(body ? { payload: JSON.stringify(body) } : {}),
      });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: answer.body === '' ? undefined : answer.json(),
      };
    };
    await scim('GET', '/Users?count=0');
    const [client] = (await test.services.provisioning.list(admin, {})).items;
    const clientId = client?.node.id ?? '';
    await test.services.provisioning.updateClient(admin, { clientId, ...settings });
    const user = async (): Promise<string> => {
      const made = await scim('POST', '/Users', { schemas: [USER], userName: newId() });
      return made.body.id;
    };
    return { admin, clientId, scim, user };
  }

  const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
  const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
  const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
  const deactivate = { schemas: [PATCH], Operations: [{ op: 'replace', value: { active: false } }] };

  async function logged(ctx: RealmCtx, count: number) {
    return vi.waitFor(async () => {
      const page = await test.services.provisioning.requests(ctx, {}, {});
      expect(page.items.length).toBeGreaterThanOrEqual(count);
      return page.items.map(({ node }) => node).reverse();
    });
  }

  it('pauses a client that takes access from too many, in the words and the shape of SCIM', async () => {
    const { admin, clientId, scim, user } = await scene({ maxCount: 2 });
    const [a, b, c] = [await user(), await user(), await user()];
    expect((await scim('PATCH', `/Users/${a}`, deactivate)).status).toBe(200);
    expect((await scim('DELETE', `/Users/${b}`)).status).toBe(204);
    const refused = await scim('PATCH', `/Users/${c}`, deactivate);
    expect(refused).toMatchObject({
      status: 429,
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '429',
        detail: expect.stringContaining('until an administrator releases or rejects them'),
      },
    });
    expect((await scim('GET', `/Users/${c}`)).body).toMatchObject({ active: true });
    expect(await test.services.provisioning.find(admin, clientId)).toMatchObject({
      paused_at: expect.any(Date),
    });
    await test.services.provisioning.reject(admin, { clientId });
    expect((await scim('DELETE', `/Users/${c}`)).status).toBe(403);
    await test.services.provisioning.release(admin, { clientId });
    expect((await scim('DELETE', `/Users/${c}`)).status).toBe(204);
  });

  it('brakes inside a bulk request too, and pauses the client for it', async () => {
    const { admin, clientId, scim, user } = await scene({ maxCount: 1 });
    const [a, b] = [await user(), await user()];
    const answer = await scim('POST', '/Bulk', {
      schemas: [BULK],
      Operations: [a, b].map((id) => ({ method: 'DELETE', path: `/Users/${id}` })),
    });
    expect(answer.body.Operations.map(({ status }: { status: string }) => status)).toEqual(['204', '429']);
    expect(await test.services.provisioning.find(admin, clientId)).toMatchObject({
      paused_at: expect.any(Date),
    });
  });

  it('answers a client in dry-run mode as if, and keeps nothing', async () => {
    const { admin, scim } = await scene({ dryRun: true });
    const made = await scim('POST', '/Users', { schemas: [USER], userName: 'rehearsed' });
    expect(made).toMatchObject({ status: 201, body: { userName: 'rehearsed' } });
    const again = await scim('POST', '/Users', { schemas: [USER], userName: 'rehearsed' });
    expect(again.status).toBe(201);
    expect((await scim('GET', '/Users')).body).toMatchObject({ totalResults: 0 });
    const rows = await logged(admin, 4);
    expect(rows.filter((row) => row.method === 'POST').map((row) => row.dry_run)).toEqual([true, true]);
  });

  it('tells in the log what each request did, and nobody of whom it spoke', async () => {
    const { admin, clientId, scim } = await scene();
    const made = await scim('POST', '/Users', {
      schemas: [USER],
      userName: 'lovelace@x.example',
      name: { givenName: 'Augusta' },
    });
    const { id } = made.body;
    await scim('PATCH', `/Users/${id}`, deactivate);
    await scim('GET', `/Users?filter=${encodeURIComponent('userName eq "lovelace@x.example"')}`);
    await scim('GET', `/Users?filter=${encodeURIComponent('userName lovelace@x.example')}`);
    await scim('POST', '/Users', { schemas: [USER], userName: 'lovelace@x.example' });
    const rows = await logged(admin, 6);
    expect(rows.map((row) => [row.method, row.path, row.status, row.scim_type])).toEqual([
      ['GET', '/Users?count=0', 200, null],
      ['POST', '/Users', 201, null],
      ['PATCH', `/Users/${id}`, 200, null],
      ['GET', '/Users?filter=userName eq "…"', 200, null],
      ['GET', '/Users?filter=userName …', 400, 'invalidFilter'],
      ['POST', '/Users', 409, 'uniqueness'],
    ]);
    expect(rows[1]).toMatchObject({ effect: 'created', resource_kind: 'User', resource_id: id });
    expect(rows[2]).toMatchObject({ effect: 'suspended', client_id: clientId });
    expect(JSON.stringify(rows)).not.toMatch(/lovelace|augusta/i);
  });

  it('logs who was refused, as nobody', async () => {
    const { admin } = await scene();
    const url = `/realms/${admin.realm.id}/scim/v2/Users`;
    expect((await test.app.inject({ url })).statusCode).toBe(401);
    const rows = await logged(admin, 2);
    expect(rows.at(-1)).toMatchObject({ status: 401, client_id: null, path: '/Users' });
  });
});
