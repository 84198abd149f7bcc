import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, machineOf, type TestApp } from '../../testing/app.js';
import type { ProvisioningRequest, RequestFilter } from './provisioning.types.js';
import { createRequestLog } from './requests.service.js';

describe('the request log of a realm', () => {
  let test: TestApp;
  let admin: RealmCtx;
  let clientId: string;

  beforeAll(async () => {
    test = await buildTestApp();
    ({ admin, clientId } = await realm());
  });
  afterAll(() => test.close());

  async function realm() {
    const { realms, provisioning } = test.services;
    const row = await realms.create(await test.caller(), { displayName: newId() });
    const client = await provisioning.enter(machineOf(test.tenant, ['scim:all']), row.id);
    return {
      admin: await test.caller(undefined, row.id),
      clientId: client.provisioning?.clientId ?? '',
    };
  }

  const entry = (more: Partial<ProvisioningRequest> = {}): ProvisioningRequest => ({
    realmId: admin.realm.id,
    clientId,
    requestId: newId(),
    method: 'GET',
    path: `/realms/${admin.realm.id}/scim/v2/Users`,
    status: 200,
    durationMs: 3.25,
    dryRun: false,
    ...more,
  });

  async function kept(entries: ProvisioningRequest[], ctx = admin, filter: RequestFilter = {}) {
    const log = createRequestLog({ db: test.database.db });
    for (const one of entries) {
      log.log(one);
      // Ids of one millisecond have no order.
      await setTimeout(2);
    }
    await log.close();
    return (await log.requests(ctx, filter, { first: 200 })).items.map(({ node }) => node);
  }

  it('keeps what was asked and what came of it, without a value', async () => {
    const resource = { kind: 'User', id: newId() };
    const [row] = await kept([
      entry({
        method: 'PATCH',
        path: `/realms/${admin.realm.id}/scim/v2/Users/${resource.id}?filter=userName eq "yvonne"`,
        status: 400,
        scimType: 'invalidValue',
        detail: 'emails.value: "yvonne@x.example" is not an address.',
        effect: 'changed active, title',
        resource,
        dryRun: true,
      }),
    ]);
    expect(row).toMatchObject({
      client_id: clientId,
      method: 'PATCH',
      path: `/Users/${resource.id}?filter=userName eq "…"`,
      status: 400,
      scim_type: 'invalidValue',
      detail: 'emails.value: "…" is not an address.',
      duration_ms: 3.25,
      effect: 'changed active, title',
      dry_run: true,
      resource_kind: 'User',
      resource_id: resource.id,
    });
    const text = await sql<{ text: string }>`select q::text as text from provisioning_requests q`.execute(
      test.database.db,
    );
    expect(JSON.stringify(text.rows)).not.toContain('yvonne');
  });

  it('writes a moment later, hundreds at a time, and makes no request wait', async () => {
    const own = await realm();
    const { provisioning } = test.services;
    const before = test.database.statements();
    for (let i = 0; i < 450; i++)
      provisioning.log(entry({ realmId: own.admin.realm.id, clientId: own.clientId }));
    expect(test.database.statements()).toBe(before);
    await vi.waitFor(
      async () => {
        const count = await sql<{ n: number }>`select count(*) as n from provisioning_requests
          where realm_id = ${own.admin.realm.id}`.execute(test.database.db);
        expect(Number(count.rows[0]?.n)).toBe(450);
      },
      { timeout: 5000, interval: 100 },
    );
    const inserts = test.database.statements() - before;
    expect(inserts).toBeLessThan(60);
  });

  it('lists the newest first, by client, method, kind of status, effect and time, page by page', async () => {
    const own = await realm();
    const here = { realmId: own.admin.realm.id, clientId: own.clientId };
    await kept([
      entry({ ...here, requestId: 'one', status: 200 }),
      entry({ ...here, requestId: 'two', method: 'POST', status: 201, effect: 'created' }),
      entry({ ...here, requestId: 'three', method: 'POST', status: 409 }),
      entry({ ...here, requestId: 'four', status: 503 }),
      entry({ ...here, requestId: 'five', clientId: null, status: 401 }),
    ]);
    const ids = async (filter: RequestFilter) =>
      (await test.services.provisioning.requests(own.admin, filter, {})).items.map(
        ({ node }) => node.request_id,
      );
    expect(await ids({})).toEqual(['five', 'four', 'three', 'two', 'one']);
    expect(await ids({ clientId: own.clientId })).toEqual(['four', 'three', 'two', 'one']);
    expect(await ids({ method: 'POST' })).toEqual(['three', 'two']);
    expect(await ids({ statusClass: 'SUCCESS' })).toEqual(['two', 'one']);
    expect(await ids({ statusClass: 'CLIENT_ERROR' })).toEqual(['five', 'three']);
    expect(await ids({ statusClass: 'SERVER_ERROR' })).toEqual(['four']);
    expect(await ids({ effectOnly: true })).toEqual(['two']);
    expect(await ids({ until: new Date(Date.now() - 60_000) })).toEqual([]);
    expect(await ids({ since: new Date(Date.now() - 60_000) })).toHaveLength(5);
    const first = await test.services.provisioning.requests(own.admin, {}, { first: 2 });
    const after = first.items.at(-1)?.cursor;
    const next = await test.services.provisioning.requests(own.admin, {}, { first: 2, after });
    expect(next.items.map(({ node }) => node.request_id)).toEqual(['three', 'two']);
  });

  it('shows a realm only its own requests, and nobody without events:read', async () => {
    const [one, two] = [await realm(), await realm()];
    const rows = await kept([entry({ realmId: two.admin.realm.id, clientId: two.clientId })], one.admin);
    expect(rows).toEqual([]);
    const reader = await test.caller(['realms:read', 'scim:all'], two.admin.realm.id);
    await expect(test.services.provisioning.requests(reader, {}, {})).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('loses nothing for a neighbour that names no realm of ours, or holds what can not be stored', async () => {
    const own = await realm();
    const here = { realmId: own.admin.realm.id, clientId: own.clientId };
    const rows = await kept(
      [
        entry({ realmId: newId(), clientId: null }),
        entry({ realmId: 'nonsense' }),
        entry({
          ...here,
          requestId: 'odd\u0000\ud800',
          method: 'G\u0000T',
          detail: '\ud800\u0000',
          scimType: '<b>',
        }),
        entry({ ...here, requestId: 'fine', resource: { kind: 'User', id: 'ada' } }),
      ],
      own.admin,
    );
    expect(rows.map((row) => [row.request_id, row.method, row.resource_id, row.scim_type])).toEqual([
      ['fine', 'GET', null, null],
      ['odd \ufffd', '?', null, null],
    ]);
  });

  it('keeps a bounded number of requests of strangers, and every one of a client', async () => {
    const own = await realm();
    const rows = await kept(
      [
        ...Array.from({ length: 150 }, () =>
          entry({ realmId: own.admin.realm.id, clientId: null, status: 401 }),
        ),
        ...Array.from({ length: 70 }, () => entry({ realmId: own.admin.realm.id, clientId: own.clientId })),
      ],
      own.admin,
    );
    expect(rows.filter((row) => row.client_id === null)).toHaveLength(60);
    expect(rows.filter((row) => row.client_id !== null)).toHaveLength(70);
  });

  it('forgets requests after 90 days and deprovisionings after a day, however many there are', async () => {
    const own = await realm();
    const at = (interval: string) => sql`uuid_v7_floor(now() - ${interval}::interval)`;
    const fill = (interval: string, count: number) =>
      sql`
      insert into provisioning_requests (realm_id, id, occurred_at, request_id, method, path, status, duration_ms, dry_run)
      select ${own.admin.realm.id}::uuid, (left(${at(interval)}::text, 24) || lpad(to_hex(n), 12, '0'))::uuid, now(),
        'x', 'GET', '/Users', 200, 1, false from generate_series(1, ${count}::int) n`.execute(
        test.database.db,
      );
    await fill('91 days', 5001);
    await fill('89 days', 3);
    for (const interval of ['25 hours', '23 hours'])
      await sql`insert into provisioning_deprovisions values
        (${own.admin.realm.id}, ${own.clientId}, ${at(interval)})`.execute(test.database.db);
    await test.services.housekeeping.sweep();
    expect(await kept([], own.admin)).toHaveLength(3);
    const left = await test.database.db
      .selectFrom('provisioning_deprovisions')
      .selectAll()
      .where('client_id', '=', own.clientId)
      .execute();
    expect(left).toHaveLength(1);
  });

  it('is written down when the server stops', async () => {
    const stopping = await buildTestApp();
    const before = await stopping.caller();
    stopping.services.provisioning.log(
      entry({ realmId: before.realm.id, clientId: null, requestId: 'last' }),
    );
    await stopping.app.close();
    const rows = await stopping.services.provisioning.requests(before, {}, {});
    expect(rows.items.map(({ node }) => node.request_id)).toEqual(['last']);
    await stopping.database.drop();
  });
});
