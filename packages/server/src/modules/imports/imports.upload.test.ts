import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import type { ImportRow } from './imports.service.js';
import { MOST_IMPORTS } from './imports.types.js';

let test: TestApp;
let ctx: RealmCtx;
let token: string;

beforeAll(async () => {
  test = await listenTestApp();
  const { id } = await test.services.realms.create(await test.caller(), { displayName: 'Uploads' });
  ctx = await test.caller(undefined, id);
  token = await test.apiToken();
});
afterAll(() => test.close());

const create = () => test.services.imports.create(ctx, { name: 'People', format: 'CSV', mode: 'CREATE' });
const again = async (of: ImportRow) => test.services.imports.find(ctx, of.id);

const put = (of: ImportRow, body: string, query = '') =>
  fetch(`${test.services.imports.uploadUrl(of)}${query}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body,
  });

const fileOf = (count: number, prefix = 'user') =>
  `username\n${Array.from({ length: count }, (_, index) => `${prefix}-${index}\n`).join('')}`;

/** Sends a part of a file, waits until that much is kept, and breaks the connection. */
async function sendAndBreak(of: ImportRow, part: string, kept: number): Promise<void> {
  const url = new URL(test.services.imports.uploadUrl(of));
  const sending = request({
    host: '127.0.0.1',
    port: url.port,
    path: url.pathname,
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-length': part.length + 10_000 },
  });
  const broken = new Promise((done) => sending.once('error', done));
  sending.write(part);
  await expect.poll(async () => (await again(of))?.lines, { timeout: 10_000 }).toBeGreaterThanOrEqual(kept);
  sending.destroy();
  await broken;
}

describe('an upload', () => {
  it('that breaks off is sent again from the start, and goes on where it was', async () => {
    const of = await create();
    const file = fileOf(3000);
    await sendAndBreak(of, file.slice(0, file.indexOf('user-2000')), 1500);
    expect((await again(of))?.status).toBe('UPLOADING');
    const answer = await put(of, file);
    expect(await answer.json()).toEqual({ import: { id: of.id, status: 'READY', lines: 3000 } });
    const { rows } = await test.database.pool.query(
      `select count(*)::int n, count(distinct data ->> 'username')::int names, max(line) last
       from import_rows where import_id = $1`,
      [of.id],
    );
    expect(rows).toEqual([{ n: 3000, names: 3000, last: 3001 }]);
    expect(test.logged.filter((line) => line.includes('request failed'))).toEqual([]);
  });

  it('of another file is not mixed into what is kept, unless it begins anew', async () => {
    const of = await create();
    const file = fileOf(1500);
    await sendAndBreak(of, file.slice(0, file.indexOf('user-1200')), 1000);
    const other = fileOf(1500, 'other');
    const refused = await put(of, other);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: { code: 'WRONG_STATE' } });
    const shorter = await put(of, fileOf(3));
    expect(shorter.status).toBe(409);
    const anew = await put(of, other, '?restart=true');
    expect(await anew.json()).toMatchObject({ import: { status: 'READY', lines: 1500 } });
    const { rows } = await test.database.pool.query(
      `select count(*)::int n from import_rows where import_id = $1 and data ->> 'username' like 'other-%'`,
      [of.id],
    );
    expect(rows).toEqual([{ n: 1500 }]);
  });

  it('that hangs elsewhere can add nothing once it was sent again', async () => {
    const of = await create();
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    const first = fileOf(600, 'first');
    const hanging = test.services.importUploads.receive(
      ctx,
      { importId: of.id, restart: false },
      (async function* () {
        yield Buffer.from(first.slice(0, 100));
        await held;
        yield Buffer.from(first.slice(100));
      })(),
    );
    await expect.poll(async () => (await again(of))?.upload_id).not.toBeNull();
    const second = await put(of, fileOf(700, 'second'));
    expect(await second.json()).toMatchObject({ import: { lines: 700 } });
    release();
    await expect(hanging).rejects.toMatchObject({ code: 'WRONG_STATE' });
    const { rows } = await test.database.pool.query(
      `select count(*)::int n from import_rows where import_id = $1 and data ->> 'username' like 'first-%'`,
      [of.id],
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('is taken once: a second file needs a second import', async () => {
    const of = await create();
    expect((await put(of, fileOf(1))).status).toBe(200);
    const second = await put(of, fileOf(1));
    expect(second.status).toBe(409);
    await test.services.imports.cancel(ctx, { importId: of.id });
    expect((await put(of, fileOf(1))).status).toBe(409);
  });

  it('reads no faster than the database takes lines', async () => {
    const of = await create();
    let handedOut = 0;
    let kept = 0;
    const lines = fileOf(500).split('\n').slice(1).join('\n');
    await test.services.importUploads.receive(
      ctx,
      { importId: of.id, restart: false },
      (async function* () {
        yield Buffer.from('username\n');
        for (; handedOut < 20; handedOut += 1) {
          // A batch and what is being parsed may be on the way, no more.
          kept = (await again(of))?.lines ?? 0;
          expect(handedOut * 500 - kept).toBeLessThanOrEqual(1000);
          yield Buffer.from(lines.replaceAll('user', `user-${handedOut}`));
        }
      })(),
    );
    expect(kept).toBeGreaterThan(8000);
  });
});

describe('imports that are kept', () => {
  it('lose their lines after 30 days, and go with all of them when they are deleted', async () => {
    const [old, young] = [await create(), await create()];
    for (const of of [old, young]) await put(of, fileOf(3, of.id));
    await test.database.pool.query(
      `update imports set updated_at = now() - interval '31 days' where id = $1`,
      [old.id],
    );
    await test.services.housekeeping.sweep();
    const countOf = async (of: ImportRow) => {
      const { rows } = await test.database.pool.query(
        'select count(*)::int n from import_rows where import_id = $1',
        [of.id],
      );
      return rows[0].n;
    };
    expect([await countOf(old), await countOf(young)]).toEqual([0, 3]);
    expect(await again(old)).toMatchObject({ status: 'CANCELLED', lines: 3, purged_at: expect.any(Date) });
    await test.services.imports.remove(ctx, { importId: young.id });
    expect([await again(young), await countOf(young)]).toEqual([undefined, 0]);
  });

  it('are not deleted while their lines are being done', async () => {
    const of = await create();
    await put(of, fileOf(3, 'busy'));
    await test.services.imports.run(ctx, { importId: of.id });
    await expect(test.services.imports.remove(ctx, { importId: of.id })).rejects.toMatchObject({
      code: 'WRONG_STATE',
    });
    while (await test.services.importRuns.step());
    await test.services.imports.remove(ctx, { importId: of.id });
    expect(await again(of)).toBeUndefined();
  });

  it('have an end in number', async () => {
    const { id } = await test.services.realms.create(await test.caller(), { displayName: 'Full' });
    const full = await test.caller(undefined, id);
    const wanted = { name: 'One of many', format: 'NDJSON', mode: 'CREATE' };
    for (let made = 0; made < MOST_IMPORTS; made += 1) await test.services.imports.create(full, wanted);
    await expect(test.services.imports.create(full, wanted)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    const page = await test.services.imports.list(full, { first: 10 });
    expect([page.items.length, page.hasNextPage]).toEqual([10, true]);
  });
});
