import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import type { ImportRow, LineRow } from './imports.service.js';

let test: TestApp;
let ctx: RealmCtx;

beforeAll(async () => {
  test = await buildTestApp();
  const { id } = await test.services.realms.create(await test.caller(), { displayName: 'Shop' });
  ctx = await test.caller(undefined, id);
});
afterAll(() => test.close());

const bytes = (text: string) => Readable.from([Buffer.from(text)]);

async function imported(file: string, options: object = {}): Promise<ImportRow> {
  const made = await test.services.imports.create(ctx, {
    name: 'People',
    format: 'CSV',
    mode: 'CREATE',
    ...options,
  });
  return test.services.importUploads.receive(ctx, { importId: made.id, restart: false }, bytes(file));
}

async function worked(): Promise<void> {
  while (await test.services.importRuns.step());
}

async function report(of: ImportRow): Promise<(readonly [number, string | null, string | null])[]> {
  const page = await test.services.imports.rows(ctx, of, undefined, { first: 200 });
  return page.items.map(({ node }: { node: LineRow }) => [node.line, node.status, node.error_code]);
}

describe('an import', () => {
  it('says in a check what the run then does', async () => {
    const file = 'username,givenName,emails\nann,Ann,ann@example.com\nbob,Bob,nonsense\nANN,Ann,\n';
    const made = await imported(file);
    expect(made).toMatchObject({ status: 'READY', lines: 3 });
    await test.services.imports.check(ctx, { importId: made.id });
    await worked();
    const checked = await test.services.imports.find(ctx, made.id);
    expect(checked).toMatchObject({ status: 'CHECKED', processed: 3, created: 1, failed: 2 });
    const foretold = await report(made);
    expect(
      await test.services.identities.findByUsername(test.database.db, ctx.realm.id, 'ann'),
    ).toBeUndefined();
    await test.services.imports.run(ctx, { importId: made.id });
    await worked();
    expect(await report(made)).toEqual(foretold);
    expect(foretold).toEqual([
      [2, 'CREATED', null],
      [3, 'FAILED', 'INVALID_INPUT'],
      [4, 'FAILED', 'DUPLICATE_LINE'],
    ]);
    expect(await test.services.imports.find(ctx, made.id)).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      created: 1,
      failed: 2,
    });
  });
});
