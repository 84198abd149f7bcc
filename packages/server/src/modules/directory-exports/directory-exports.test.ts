import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { buildTestApp, listenTestApp, type TestApp } from '../../testing/app.js';
import { profileOf } from '../identities/identities.service.js';
import type { Profile } from '../identities/identities.types.js';
import { guarded, unguarded } from '../imports/columns.types.js';

let test: TestApp;
let token: string;

beforeAll(async () => {
  test = await buildTestApp();
  token = await test.apiToken();
});
afterAll(() => test.close());

async function realm(name: string): Promise<RealmCtx> {
  const { id } = await test.services.realms.create(await test.caller(), { displayName: name });
  return test.caller(undefined, id);
}

const get = (ctx: RealmCtx, query: string, by = token) =>
  test.app.inject({
    url: `/realms/${ctx.realm.id}/directory-export?${query}`,
    headers: { authorization: `Bearer ${by}` },
  });

async function importInto(ctx: RealmCtx, format: 'CSV' | 'NDJSON', file: string, mode = 'CREATE') {
  const { imports, importUploads, importRuns } = test.services;
  const { id } = await imports.create(ctx, { name: 'Back', format, mode });
  await importUploads.receive(
    ctx,
    { importId: id, restart: false },
    (async function* () {
      yield Buffer.from(file);
    })(),
  );
  await imports.run(ctx, { importId: id });
  while (await importRuns.step());
  return imports.find(ctx, id);
}

async function profilesOf(ctx: RealmCtx): Promise<Map<string, Profile>> {
  const found = new Map<string, Profile>();
  for (let after: string | undefined; ; ) {
    const page = await test.services.identities.list(ctx, {}, 'CREATED_AT_ASC', { first: 200, after });
    for (const { node } of page.items) found.set(node.username, profileOf(node));
    after = page.items.at(-1)?.cursor;
    if (!page.hasNextPage) return found;
  }
}

/** Text that a spreadsheet, a parser or a careless writer could trip over. */
const odd = fc.oneof(
  fc.constantFrom(
    '=1+1',
    "'=x",
    "'",
    '-5',
    '+49 30 1',
    '@a',
    '＝1',
    'a;b',
    'a\\;b',
    '"',
    '""',
    ',',
    '[1]',
    'null',
    ' x ',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
);

const directory = fc.array(
  fc.record(
    {
      displayName: odd,
      givenName: odd,
      title: odd,
      externalId: odd,
      active: fc.boolean(),
      emails: fc.array(fc.record({ value: fc.emailAddress(), type: odd }, { requiredKeys: ['value'] }), {
        maxLength: 3,
      }),
      phoneNumbers: fc.array(fc.record({ value: odd, primary: fc.boolean() }), { maxLength: 2 }),
      addresses: fc.array(fc.record({ formatted: fc.constantFrom('A\r\nB', 'A\nB', '=A'), country: odd }), {
        maxLength: 2,
      }),
      attributes: fc.record(
        {
          note: fc.oneof(odd, fc.constant('')),
          level: fc.integer({ min: -9, max: 9 }),
          tags: fc.array(odd, { minLength: 1, maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 8 },
);

const SCHEMA = {
  type: 'object',
  properties: {
    note: { type: 'string' },
    level: { type: 'integer' },
    tags: { type: 'array', items: { type: 'string' } },
  },
  additionalProperties: false,
};

describe('an export over a real connection', () => {
  it('ends when its reader goes away, having read no more than a few pages ahead', async () => {
    const listening = await listenTestApp();
    const { id } = await listening.services.realms.create(await listening.caller(), { displayName: 'Large' });
    const ctx = await listening.caller(undefined, id);
    await listening.database.pool.query(
      `insert into identities (realm_id, id, username, username_key, display_name, profile)
       select $1, gen_random_uuid(), 'u' || n, 'u' || n, 'U', jsonb_build_object('title', repeat('x', 2500))
       from generate_series(1, 12000) n`,
      [id],
    );
    const leaving = new AbortController();
    const answer = await fetch(`${listening.url}/realms/${id}/directory-export?format=ndjson`, {
      headers: { authorization: `Bearer ${await listening.apiToken()}` },
      signal: leaving.signal,
    });
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^\{"username":"u/);
    leaving.abort();
    const told = async () =>
      (await listening.services.events.list(ctx, { types: ['directory.exported'] }, {})).items[0]?.node.data;
    await expect.poll(told, { timeout: 10_000 }).toMatchObject({ complete: false });
    // What the sockets between them hold, and a little more; never the whole of it.
    expect(Number((await told())?.identities)).toBeLessThan(9000);
    await listening.close();
  });
});

describe('an export of the directory', () => {
  const madeIn = { CSV: 0, NDJSON: 0 };

  it.each(['CSV', 'NDJSON'] as const)(
    'comes back from %s as it was, whatever people are called',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(directory, async (people) => {
          const [from, to] = [await realm('From'), await realm('To')];
          for (const ctx of [from, to]) await test.services.attributeSchemas.save(ctx, { schema: SCHEMA });
          let made = 0;
          for (const [index, person] of people.entries()) {
            const wanted = { username: `person-${index}`, ...person };
            // Some of the text is refused by the directory itself, which is another matter.
            await test.services.identities.create(from, wanted).then(
              () => {
                made += 1;
              },
              () => undefined,
            );
          }
          madeIn[format] += made;
          const { body } = await get(from, `format=${format.toLowerCase()}`);
          expect(await importInto(to, format, body)).toMatchObject({
            status: 'COMPLETED',
            created: made,
            failed: 0,
          });
          expect(await profilesOf(to)).toEqual(await profilesOf(from));
          const twice = await importInto(to, format, body, 'UPSERT');
          expect(twice).toMatchObject({ status: 'COMPLETED', unchanged: made });
        }),
        { numRuns: 12 },
      );
    },
  );

  it('guards every text that a spreadsheet would run, and takes the guard off again', () => {
    fc.assert(
      fc.property(fc.oneof(odd, fc.string()), (text) => {
        expect(guarded(text)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
        expect(unguarded(guarded(text))).toBe(text);
      }),
    );
  });

  it('goes over pages, says so in an event, and names only what was asked for', async () => {
    const ctx = await realm('Pages');
    for (let index = 0; index < 450; index++)
      await test.services.identities.create(ctx, {
        username: `user-${index}`,
        givenName: index % 2 ? 'Odd' : null,
      });
    const { body, headers } = await get(ctx, 'format=csv&columns=username,givenName');
    const lines = body.split('\r\n');
    expect(lines).toHaveLength(452);
    expect(lines.slice(0, 3)).toEqual(['username,givenName', 'user-0,', 'user-1,Odd']);
    expect(headers['content-type']).toMatch(/^text\/csv/);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="directory-\d{4}-\d\d-\d\d\.csv"$/);
    const events = await test.services.events.list(ctx, { types: ['directory.exported'] }, {});
    expect(events.items.map(({ node }) => node.data)).toEqual([
      { format: 'csv', identities: 450, complete: true },
    ]);
  });

  it('tells in its event how far a reader came who went away', async () => {
    const ctx = await realm('Away');
    for (let index = 0; index < 450; index++)
      await test.services.identities.create(ctx, { username: `away-${index}` });
    const { text } = await test.services.directoryExports.open(ctx, { format: 'ndjson' });
    for await (const part of text) {
      expect(part.split('\n')).toHaveLength(201);
      break;
    }
    const events = await test.services.events.list(ctx, { types: ['directory.exported'] }, {});
    expect(events.items.map(({ node }) => node.data)).toEqual([
      { format: 'ndjson', identities: 200, complete: false },
    ]);
  });

  it('holds who was asked for, with their groups where those may be seen', async () => {
    const ctx = await realm('Filtered');
    const group = await test.services.groups.create(ctx, { displayName: 'a;b' });
    const ann = await test.services.identities.create(ctx, { username: 'ann' });
    await test.services.identities.create(ctx, { username: 'bob', active: false });
    await test.services.groups.addMembers(ctx, { groupId: group.id, identityIds: [ann.id] });
    expect((await get(ctx, 'format=csv&columns=username&status=SUSPENDED')).body).toBe('username\r\nbob\r\n');
    expect((await get(ctx, `format=csv&columns=username,groups&groupId=${group.id}`)).body).toBe(
      'username,groups\r\nann,a\\;b\r\n',
    );
    const created = async (window: string) =>
      (await get(ctx, `format=ndjson&columns=username&${window}`)).body;
    const moment = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
    expect(await created(`createdAfter=${moment}`)).toBe('');
    expect(
      await created(`createdBefore=${moment}&enrollmentStatus=UNENROLLED,PENDING&neverSignedIn=true`),
    ).toBe('{"username":"ann"}\n{"username":"bob"}\n');
    expect(await created('enrollmentStatus=ENROLLED')).toBe('');
    const blind = await test.apiToken(['identities:read']);
    expect((await get(ctx, 'format=csv&columns=username,groups', blind)).statusCode).toBe(403);
    expect((await get(ctx, 'format=csv&columns=username', blind)).statusCode).toBe(200);
  });

  it('refuses what it does not know, who may not read, and a realm that is not theirs', async () => {
    const ctx = await realm('Refusing');
    expect((await get(ctx, 'format=xml')).statusCode).toBe(400);
    expect((await get(ctx, 'format=csv&columns=secret_hash')).statusCode).toBe(400);
    expect((await get(ctx, 'format=csv&stauts=ACTIVE')).statusCode).toBe(400);
    expect((await get(ctx, 'format=csv&createdAfter=yesterday')).statusCode).toBe(400);
    expect((await get(ctx, 'format=csv&status=ACTIVE&status=SUSPENDED')).statusCode).toBe(400);
    const creator = await test.apiToken(['identities:create']);
    expect((await get(ctx, 'format=csv', creator)).statusCode).toBe(403);
    expect(
      (await test.app.inject({ url: `/realms/${ctx.realm.id}/directory-export?format=csv` })).statusCode,
    ).toBe(401);
    const missing = { ...ctx, realm: { ...ctx.realm, id: ctx.requestId } };
    expect((await get(missing, 'format=csv')).statusCode).toBe(404);
  });
});
