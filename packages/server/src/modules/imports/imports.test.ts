import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, createPool } from '../../database/pool.js';
import { createRunner } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { createVault } from '../../kernel/vault.js';
import { createServices, type Services } from '../../services.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import { createImportRuns } from './imports.runs.service.js';
import type { ImportRow, LineRow } from './imports.service.js';

let test: TestApp;
let services: Services;

beforeAll(async () => {
  test = await buildTestApp();
  services = test.services;
});
afterAll(() => test.close());

async function realm(name: string): Promise<RealmCtx> {
  const { id } = await services.realms.create(await test.caller(), { displayName: name });
  return test.caller(undefined, id);
}

async function* bytes(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}

const create = (ctx: RealmCtx, options: object = {}) =>
  services.imports.create(ctx, { name: 'People', format: 'CSV', mode: 'CREATE', ...options });

async function ready(ctx: RealmCtx, file: string, options: object = {}): Promise<ImportRow> {
  const { id } = await create(ctx, options);
  return services.importUploads.receive(ctx, { importId: id, restart: false }, bytes(file));
}

async function worked(): Promise<void> {
  while (await services.importRuns.step());
}

async function done(ctx: RealmCtx, of: ImportRow, what: 'check' | 'run' = 'run'): Promise<ImportRow> {
  await services.imports[what](ctx, { importId: of.id });
  await worked();
  return again(ctx, of);
}

async function again(ctx: RealmCtx, of: ImportRow): Promise<ImportRow> {
  const row = await services.imports.find(ctx, of.id);
  if (!row) throw new Error('the import is gone');
  return row;
}

async function linesOf(ctx: RealmCtx, of: ImportRow): Promise<LineRow[]> {
  const found: LineRow[] = [];
  for (let after: string | undefined; ; ) {
    const page = await services.imports.rows(ctx, of, undefined, { first: 200, after });
    found.push(...page.items.map(({ node }) => node));
    after = page.items.at(-1)?.cursor;
    if (!page.hasNextPage) return found;
  }
}

const report = async (ctx: RealmCtx, of: ImportRow) =>
  (await linesOf(ctx, of)).map(({ line, status, error_code, error_column }) => [
    line,
    status,
    error_code,
    error_column,
  ]);

const find = (ctx: RealmCtx, username: string) =>
  services.identities.findByUsername(test.database.db, ctx.realm.id, username);

async function countIn(ctx: RealmCtx): Promise<number> {
  const { rows } = await test.database.pool.query(
    'select count(*)::int n from identities where realm_id = $1',
    [ctx.realm.id],
  );
  return rows[0].n;
}

async function typesOf(ctx: RealmCtx, of: ImportRow): Promise<string[]> {
  const page = await services.events.list(ctx, { involvesId: of.id }, { first: 200 });
  return page.items.map(({ node }) => node.type).reverse();
}

/** Every hundredth line has no address that could be one, every thousandth repeats a name. */
const manyLines = (count: number) =>
  `username,email,title\n${Array.from({ length: count }, (_, index) => {
    const name = index % 1000 === 999 ? `user-${index - 1}` : `user-${index}`;
    return `${name},${index % 100 === 50 ? 'nonsense' : `${index}@example.com`},No. ${index}\n`;
  }).join('')}`;

describe('a check of an import', () => {
  it('changes nothing, and says of every line what the run then does', async () => {
    const ctx = await realm('Check');
    await services.identities.create(ctx, { username: 'taken' });
    const file = [
      'username,givenName,emails,active',
      'ann,Ann,ann@example.com;a@example.com,TRUE',
      'bob,Bob,nonsense,',
      'ANN,Ann,,',
      'аnn,Look-alike,,',
      'taken,,,',
      ',Nobody,,',
      'eve,Eve,,maybe',
      'fay,Fay,"[{""value"":""fay@example.com"",""type"":""work""}]",false',
      'gus,Gus',
    ].join('\r\n');
    const made = await ready(ctx, file);
    const before = await countIn(ctx);
    expect(await done(ctx, made, 'check')).toMatchObject({
      status: 'CHECKED',
      created: 2,
      failed: 7,
      dry_run: true,
    });
    const foretold = await report(ctx, made);
    expect(await countIn(ctx)).toBe(before);
    expect(await find(ctx, 'ann')).toBeUndefined();
    expect(await done(ctx, made)).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      processed: 9,
      created: 2,
      failed: 7,
      dry_run: false,
    });
    expect(await report(ctx, made)).toEqual(foretold);
    expect(foretold).toEqual([
      [2, 'CREATED', null, null],
      [3, 'FAILED', 'INVALID_INPUT', 'emails'],
      [4, 'FAILED', 'DUPLICATE_LINE', null],
      [5, 'FAILED', 'DUPLICATE_LINE', null],
      [6, 'FAILED', 'USERNAME_TAKEN', 'username'],
      [7, 'FAILED', 'INVALID_INPUT', 'username'],
      [8, 'FAILED', 'INVALID_INPUT', 'active'],
      [9, 'CREATED', null, null],
      [10, 'FAILED', 'INVALID_INPUT', null],
    ]);
    expect(await find(ctx, 'ann')).toMatchObject({ email: 'ann@example.com', status: 'ACTIVE' });
    expect(await find(ctx, 'fay')).toMatchObject({
      status: 'SUSPENDED',
      emails: [{ value: 'fay@example.com', type: 'work' }],
    });
    expect(await typesOf(ctx, made)).toEqual([
      'import.created',
      'import.uploaded',
      'import.started',
      'import.completed',
      'import.started',
      'import.completed',
    ]);
  });

  it('is of no more worth than the moment: what was free then can be taken at the run', async () => {
    const ctx = await realm('Meanwhile');
    const made = await ready(ctx, 'username\nann\n');
    expect(await done(ctx, made, 'check')).toMatchObject({ created: 1 });
    await services.identities.create(ctx, { username: 'ann' });
    expect(await done(ctx, made)).toMatchObject({ created: 0, failed: 1 });
  });
});

describe('a run of an import', () => {
  it('does 5,000 lines with faults in between, each with the event of its own', async () => {
    const ctx = await realm('Many');
    const made = await ready(ctx, manyLines(5000));
    expect(await done(ctx, made)).toMatchObject({ lines: 5000, processed: 5000, created: 4945, failed: 55 });
    expect(await countIn(ctx)).toBe(4945);
    const { rows } = await test.database.pool.query(
      `select count(*)::int n, count(distinct correlation_id)::int flows from events
       where realm_id = $1 and type = 'identity.created'`,
      [ctx.realm.id],
    );
    expect(rows).toEqual([{ n: 4945, flows: 1 }]);
  }, 150_000);

  it('lets somebody whose name is taken meanwhile, or looks like another, fail alone among those around them', async () => {
    const ctx = await realm('Collide');
    await services.groups.create(ctx, { displayName: 'Sales' });
    for (const username of ['user-3', 'usеr-7']) await services.identities.create(ctx, { username });
    const file = manyLines(20).replaceAll('\n', ',Sales\n').replace('title,Sales', 'title,groups');
    const made = await ready(ctx, file);
    expect(await done(ctx, made, 'check')).toMatchObject({ created: 18, failed: 2 });
    expect(await countIn(ctx)).toBe(2);
    expect(await done(ctx, made)).toMatchObject({ created: 18, failed: 2 });
    const failed = (await report(ctx, made)).filter(([, status]) => status === 'FAILED');
    expect(failed).toEqual([
      [5, 'FAILED', 'USERNAME_TAKEN', 'username'],
      [9, 'FAILED', 'USERNAME_TAKEN', 'username'],
    ]);
    const { rows } = await test.database.pool.query(
      `select (select count(*)::int from group_members where realm_id = $1) members,
         count(*) filter (where type = 'identity.created')::int created,
         count(*) filter (where type = 'group.member_added')::int added
       from events where realm_id = $1`,
      [ctx.realm.id],
    );
    expect(rows).toEqual([{ members: 18, created: 20, added: 18 }]);
  });

  it('changes who is there already, leaves empty cells alone, and tells what stays as it is', async () => {
    const ctx = await realm('Upsert');
    await services.identities.create(ctx, { username: 'Ann', title: 'Head', givenName: 'Ann' });
    await services.identities.create(ctx, { username: 'bob', title: 'Head' });
    const file = 'username,title,givenName\nANN,,Anne\nbob,Head,\ncid,Clerk,Cid\n';
    const made = await ready(ctx, file, { mode: 'UPSERT' });
    const foretold = await done(ctx, made, 'check');
    expect(await done(ctx, made)).toMatchObject({
      status: 'COMPLETED',
      created: 1,
      updated: 1,
      unchanged: 1,
    });
    expect(foretold).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
    expect(await find(ctx, 'ann')).toMatchObject({
      username: 'ANN',
      given_name: 'Anne',
      profile: { title: 'Head' },
    });
  });

  it('leaves rows and events like those of one command for each, whatever changes', async () => {
    const people = ['ann', 'bob', 'cid', 'dan'].map((username) => ({ username, title: 'Clerk' }));
    const told = async (ctx: RealmCtx) => {
      const { rows } = await test.database.pool.query(
        `select i.username, i.display_name, i.status, i.version, i.profile, i.emails, i.attributes, e.type, e.data,
           e.outcome, e.subject_name
         from identities i join events e on e.realm_id = i.realm_id and e.subject_id = i.id
         where i.realm_id = $1 order by i.username_key, e.type`,
        [ctx.realm.id],
      );
      return rows;
    };
    const [one, many] = [await realm('By one'), await realm('By many')];
    const changes = {
      ann: { title: 'Head', givenName: 'Ann', displayName: 'Ann A.' },
      bob: { active: false },
      cid: { username: 'CID' },
    };
    for (const person of people) {
      const { id } = await services.identities.create(one, person);
      const change = changes[person.username as keyof typeof changes] ?? {};
      await services.identities.change(one, { id, change: (now: object) => ({ ...now, ...change }) });
    }
    await done(many, await ready(many, 'username,title\nann,Clerk\nbob,Clerk\ncid,Clerk\ndan,Clerk\n'));
    const second =
      'username,title,givenName,displayName,active\nann,Head,Ann,Ann A.,\nbob,,,,false\nCID,,,,\ndan,,,,\n';
    const changed = await done(many, await ready(many, second, { mode: 'UPSERT' }));
    expect(changed).toMatchObject({ updated: 3, unchanged: 1, failed: 0 });
    expect(await told(many)).toEqual(await told(one));
    expect((await told(many)).map(({ type }) => type)).toContain('identity.suspended');
  });

  it('finds people by their external id, and guesses nothing where two have it', async () => {
    const ctx = await realm('External');
    await services.identities.create(ctx, { username: 'ann', externalId: 'E1' });
    for (const username of ['two-a', 'two-b'])
      await services.identities.create(ctx, { username, externalId: 'E2' });
    const file = 'externalId,username\nE1,anna\nE2,both\nE3,new\nE1,again\n,nobody\n';
    const made = await ready(ctx, file, { mode: 'UPSERT', matchBy: 'EXTERNAL_ID' });
    await done(ctx, made);
    expect(await report(ctx, made)).toEqual([
      [2, 'UPDATED', null, null],
      [3, 'FAILED', 'AMBIGUOUS_MATCH', 'externalId'],
      [4, 'CREATED', null, null],
      [5, 'FAILED', 'DUPLICATE_LINE', null],
      [6, 'FAILED', 'INVALID_INPUT', 'externalId'],
    ]);
    expect(await find(ctx, 'anna')).toMatchObject({ external_id: 'E1' });
  });

  it('empties with null what NDJSON names, and takes declared attributes as their types', async () => {
    const ctx = await realm('Typed');
    const schema = {
      type: 'object',
      properties: { level: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } },
      additionalProperties: false,
    };
    await services.attributeSchemas.save(ctx, { schema });
    const csv = 'username,attributes.level,attributes.tags,title\nann,7,a;b,Head\nbob,high,,\n';
    const made = await ready(ctx, csv);
    await done(ctx, made);
    expect(await report(ctx, made)).toEqual([
      [2, 'CREATED', null, null],
      [3, 'FAILED', 'INVALID_INPUT', 'attributes.level'],
    ]);
    expect(await find(ctx, 'ann')).toMatchObject({ attributes: { level: 7, tags: ['a', 'b'] } });
    const json = '{"username":"ann","title":null,"attributes.tags":null,"attributes.level":8}\n';
    await done(ctx, await ready(ctx, json, { format: 'NDJSON', mode: 'UPSERT' }));
    expect(await find(ctx, 'ann')).toMatchObject({ attributes: { level: 8 }, profile: {} });
  });

  it('puts people into groups that exist, or does not do the line at all', async () => {
    const ctx = await realm('Groups');
    await services.groups.create(ctx, { displayName: 'Sales' });
    await services.groups.create(ctx, { displayName: 'R&D; Berlin' });
    const file = 'username,groups\nann,sales;R&D\\; Berlin\nbob,Sales;Nowhere\n';
    const made = await ready(ctx, file);
    await done(ctx, made);
    expect(await report(ctx, made)).toEqual([
      [2, 'CREATED', null, null],
      [3, 'FAILED', 'INVALID_INPUT', 'groups'],
    ]);
    const ann = await find(ctx, 'ann');
    expect(await services.identities.groupIds(test.database.db, ctx.realm.id, ann?.id ?? '')).toHaveLength(2);
    expect(await find(ctx, 'bob')).toBeUndefined();
    const twice = await ready(ctx, 'username,groups\nann,Sales\n', { mode: 'UPSERT' });
    expect(await done(ctx, twice)).toMatchObject({ unchanged: 1 });
  });
});

describe('an import that is stopped', () => {
  /** A worker with connections of its own, which can be cut like those of a process that was killed. */
  function doomed(leaseSeconds = 1) {
    const url = new URL(test.database.url);
    url.searchParams.set('application_name', 'doomed');
    const pool = createPool(url.href, { max: 6, onIdleError: () => undefined });
    const db = createDatabase(pool);
    const vault = createVault('a secret of more than thirty-two characters');
    const known = createServices({ db, vault, config: { publicUrl: test.url } });
    return {
      runs: createImportRuns({ ...known, db, command: createRunner(db) }, { leaseSeconds }),
      kill: () =>
        test.database.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name = 'doomed'`,
        ),
      end: () => pool.end(),
    };
  }

  it('goes on elsewhere after a worker was killed in the middle: no line lost, none done twice', async () => {
    const ctx = await realm('Killed');
    const made = await ready(ctx, manyLines(1500));
    await services.imports.run(ctx, { importId: made.id });
    for (const enough of [50, 400, 900]) {
      const worker = doomed();
      const dying = (async () => {
        while (await worker.runs.step());
      })();
      const died = dying.then(
        () => 'finished',
        () => 'died',
      );
      while ((await countIn(ctx)) < enough) await new Promise((next) => setTimeout(next, 5));
      await worker.kill();
      expect(await died).toBe('died');
      await worker.end();
      // Its lease has to run out first.
      await expect.poll(() => services.importRuns.step(), { timeout: 10_000, interval: 200 }).toBe(true);
    }
    await worked();
    expect(await again(ctx, made)).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      processed: 1500,
      created: 1484,
      failed: 16,
    });
    const byStatus = Map.groupBy(await linesOf(ctx, made), (line) => line.status);
    expect([byStatus.get('CREATED')?.length, byStatus.get('FAILED')?.length]).toEqual([1484, 16]);
    const codes = new Set(byStatus.get('FAILED')?.map((line) => line.error_code));
    expect(codes).toEqual(new Set(['INVALID_INPUT', 'DUPLICATE_LINE']));
    expect(await countIn(ctx)).toBe(1484);
    const events = await test.database.pool.query(
      `select count(*)::int n from events where realm_id = $1 and type = 'identity.created'`,
      [ctx.realm.id],
    );
    expect(events.rows).toEqual([{ n: 1484 }]);
  });

  async function whileRefused(body: string, work: () => Promise<void>): Promise<void> {
    const { pool } = test.database;
    await pool.query(
      `create function refuse() returns trigger language plpgsql as $$ begin ${body} return null; end $$`,
    );
    await pool.query(`create trigger refuse after insert on identities
      referencing new table as made for each statement execute function refuse()`);
    try {
      await work();
    } finally {
      await pool.query('drop trigger refuse on identities; drop function refuse()');
    }
  }

  it('does every line before one that breaks the worker, pauses there, and goes on once the fault is gone', async () => {
    const ctx = await realm('Broken');
    const made = await ready(ctx, manyLines(300));
    await services.imports.run(ctx, { importId: made.id });
    const worker = doomed(0);
    const faults: unknown[] = [];
    const refused = `if exists (select from made where username = 'user-30') then raise 'broken'; end if;`;
    await whileRefused(refused, async () => {
      while ((await again(ctx, made)).status === 'RUNNING')
        await worker.runs.step().catch((error: unknown) => faults.push(error));
    });
    await worker.end();
    expect(faults).toHaveLength(5);
    expect(await again(ctx, made)).toMatchObject({ status: 'PAUSED', processed: 30, created: 30 });
    expect(await countIn(ctx)).toBe(30);
    await services.imports.resume(ctx, { importId: made.id });
    await worked();
    expect(await again(ctx, made)).toMatchObject({ processed: 300, created: 297, failed: 3 });
    expect(await countIn(ctx)).toBe(297);
  });

  it('does lines one by one while several at once always collide with what others do', async () => {
    const ctx = await realm('Collisions');
    const made = await ready(ctx, manyLines(60));
    await services.imports.run(ctx, { importId: made.id });
    const refused = `if (select count(*) from made) > 1 then raise serialization_failure; end if;`;
    await whileRefused(refused, worked);
    expect(await again(ctx, made)).toMatchObject({ processed: 60, created: 59, failed: 1 });
    expect(await countIn(ctx)).toBe(59);
  });

  it('is in one hand at a time, however many workers there are', async () => {
    const ctx = await realm('Hands');
    const made = await ready(ctx, manyLines(1000));
    await services.imports.run(ctx, { importId: made.id });
    const worker = doomed();
    const both = async (step: () => Promise<boolean>) => {
      while ((await again(ctx, made)).status === 'RUNNING') await step();
    };
    await Promise.all([both(services.importRuns.step), both(worker.runs.step), both(worker.runs.step)]);
    await worker.end();
    expect(await again(ctx, made)).toMatchObject({ processed: 1000, created: 989, failed: 11 });
    expect(await countIn(ctx)).toBe(989);
  });

  it('begins no line after it was cancelled, and keeps what was done', async () => {
    const ctx = await realm('Cancelled');
    const made = await ready(ctx, manyLines(1000));
    await services.imports.run(ctx, { importId: made.id });
    const working = worked();
    while ((await countIn(ctx)) < 30) await new Promise((next) => setTimeout(next, 5));
    await services.imports.cancel(ctx, { importId: made.id });
    const then = await countIn(ctx);
    await working;
    expect(await countIn(ctx)).toBe(then);
    expect(then).toBeLessThan(989);
    expect(await again(ctx, made)).toMatchObject({ status: 'CANCELLED', created: then });
    await expect(services.imports.resume(ctx, { importId: made.id })).rejects.toMatchObject({
      code: 'WRONG_STATE',
    });
  });

  it('pauses and goes on where it was', async () => {
    const ctx = await realm('Paused');
    const made = await ready(ctx, manyLines(600));
    await services.imports.run(ctx, { importId: made.id });
    const working = worked();
    while ((await countIn(ctx)) < 30) await new Promise((next) => setTimeout(next, 5));
    await services.imports.pause(ctx, { importId: made.id });
    const then = await countIn(ctx);
    await working;
    expect(await countIn(ctx)).toBe(then);
    expect(await services.importRuns.step()).toBe(false);
    await services.imports.resume(ctx, { importId: made.id });
    await worked();
    expect(await again(ctx, made)).toMatchObject({ processed: 600, created: 594, failed: 6 });
    expect(await typesOf(ctx, made)).toContain('import.paused');
  });

  it('works through what waits once it is started, and stops when it is told to', async () => {
    const ctx = await realm('Started');
    const made = await ready(ctx, manyLines(20));
    await services.imports.run(ctx, { importId: made.id });
    const faults: unknown[] = [];
    const stop = services.importRuns.start((error) => faults.push(error));
    await expect.poll(async () => (await again(ctx, made)).status, { timeout: 10_000 }).toBe('COMPLETED');
    await stop();
    const later = await ready(ctx, 'username\nlate\n');
    await services.imports.run(ctx, { importId: later.id });
    await new Promise((next) => setTimeout(next, 1500));
    expect([faults, (await again(ctx, later)).status]).toEqual([[], 'RUNNING']);
    await worked();
    expect((await again(ctx, later)).status).toBe('COMPLETED');
  });
});

describe('the rights of an import', () => {
  it('end with those of whoever started it, and begin again with whoever resumes it', async () => {
    const ctx = await realm('Demoted');
    const admin = await test.caller();
    const person = await services.identities.create(admin, { username: 'importer' });
    const groups = await services.groups.list(admin, { query: 'admin console' }, {});
    const access = { groupId: groups.items[0]?.node.id, identityIds: [person.id] };
    await services.groups.addMembers(admin, access);
    const actor = {
      kind: 'IDENTITY' as const,
      id: person.id,
      realmId: admin.realm.id,
      displayName: 'Importer',
      username: 'importer',
    };
    const asPerson: RealmCtx = { ...ctx, actor };
    const made = await ready(ctx, manyLines(300));
    await services.imports.run(asPerson, { importId: made.id });
    expect(await services.importRuns.step()).toBe(true);
    const then = await countIn(ctx);
    expect(then).toBeGreaterThan(0);
    await services.groups.removeMembers(admin, access);
    await worked();
    expect(await again(ctx, made)).toMatchObject({
      status: 'PAUSED',
      paused_reason: expect.stringMatching(/may not/),
    });
    expect(await countIn(ctx)).toBe(then);
    await services.imports.resume(ctx, { importId: made.id });
    await worked();
    expect(await again(ctx, made)).toMatchObject({ processed: 300 });
  });

  it('shrink while it runs with those of whoever started it, in scope and in reach', async () => {
    const ctx = await realm('Shrinking');
    await services.groups.create(ctx, { displayName: 'Sales' });
    const admin = await test.caller();
    const person = await services.identities.create(admin, { username: 'shrinking' });
    const { pool } = test.database;
    const role = newId();
    await pool.query(
      `insert into roles (realm_id, id, resource_server_id, display_name, description)
       select realm_id, $2, id, 'Importers', '' from resource_servers where realm_id = $1 and managed = 'MANAGEMENT_API'`,
      [admin.realm.id, role],
    );
    await pool.query(
      `insert into role_scopes (realm_id, role_id, resource_server_id, scope)
       select realm_id, id, resource_server_id, unnest($3::text[]) from roles where realm_id = $1 and id = $2`,
      [admin.realm.id, role, ['identities:create', 'groups:update']],
    );
    await pool.query(
      'insert into role_assignments (realm_id, id, role_id, identity_id) values ($1, $2, $3, $4)',
      [admin.realm.id, newId(), role, person.id],
    );
    const actor = {
      kind: 'IDENTITY' as const,
      id: person.id,
      realmId: admin.realm.id,
      displayName: 'Importer',
      username: 'shrinking',
    };
    const lines = Array.from({ length: 500 }, (_, n) => `s${n},Sales`).join('\n');
    const made = await ready(ctx, `username,groups\n${lines}\n`);
    await services.imports.run({ ...ctx, actor }, { importId: made.id });
    expect(await services.importRuns.step()).toBe(true);
    await pool.query(`delete from role_scopes where role_id = $1 and scope = 'groups:update'`, [role]);
    expect(await services.importRuns.step()).toBe(true);
    expect(await again(ctx, made)).toMatchObject({ status: 'RUNNING', created: 200, failed: 200 });
    await pool.query('update role_assignments set reaches_realm_ids = $2 where role_id = $1', [
      role,
      [admin.realm.id],
    ]);
    await worked();
    expect(await again(ctx, made)).toMatchObject({ status: 'PAUSED', created: 200, failed: 200 });
  });

  it('give nobody power over who holds more, nor into a group that gives more', async () => {
    const narrow = await test.caller([
      'identities:create',
      'identities:update',
      'identities:read',
      'groups:update',
    ]);
    const file = 'username,title,groups\nme@example.com,Owned,\nclimber,,Admin Console Access\n';
    const made = await ready(narrow, file, { mode: 'UPSERT' });
    await done(narrow, made);
    expect(await report(narrow, made)).toEqual([
      [2, 'FAILED', 'SCOPE_NOT_HELD', null],
      [3, 'FAILED', 'SCOPE_NOT_HELD', null],
    ]);
    expect(await find(narrow, 'climber')).toBeUndefined();
  });

  it('do not reach groups without the scope, mapped or not', async () => {
    const ctx = await realm('No groups');
    await services.groups.create(ctx, { displayName: 'Sales' });
    const narrow = await test.caller(['identities:create', 'identities:read'], ctx.realm.id);
    const made = await ready(narrow, 'username,groups\nann,Sales\nbob,\n');
    await done(narrow, made);
    expect(await report(narrow, made)).toEqual([
      [2, 'FAILED', 'FORBIDDEN', null],
      [3, 'CREATED', null, null],
    ]);
  });
});
