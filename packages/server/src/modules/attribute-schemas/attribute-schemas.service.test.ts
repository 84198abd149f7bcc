import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import type { AttributeSchema } from './attribute-schemas.types.js';

const declared = (properties: AttributeSchema['properties'], required: string[] = []): AttributeSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const badge = declared({ badge: { type: 'string', maxLength: 8 }, level: { type: 'integer' } });

describe('attribute schemas', () => {
  let test: TestApp;
  let realm: RealmCtx;
  const schemas = () => test.services.attributeSchemas;

  beforeAll(async () => {
    test = await buildTestApp();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const row = await test.services.realms.create(await test.caller(), { displayName: newId() });
    realm = await test.caller(undefined, row.id);
  });

  /** An identity whose attributes were written while they met the schema of that time. */
  const person = async (username: string, attributes: object) => {
    const { id } = await test.services.identities.create(realm, { username });
    await test.database.pool.query('update identities set attributes = $3 where realm_id = $1 and id = $2', [
      realm.realm.id,
      id,
      JSON.stringify(attributes),
    ]);
    return id;
  };

  it('declare nothing in a new realm', async () => {
    expect(await schemas().get(realm)).toMatchObject({ version: 1, schema: { properties: {} } });
  });

  it('are kept in the order given, version by version, each change with its event', async () => {
    const zebra = declared({ zebra: { type: 'boolean' }, ant: { type: 'boolean' } });
    const saved = await schemas().save(realm, { schema: zebra, ifVersion: 1 });
    expect(saved.version).toBe(2);
    const { schema } = await schemas().get(realm);
    expect(Object.keys(schema.properties)).toEqual(['zebra', 'ant']);
    const next = declared({ ant: { type: 'string' }, bee: { type: 'boolean' } });
    await expect(schemas().save(realm, { schema: next, ifVersion: 1 })).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
    });
    await schemas().save(realm, { schema: next, ifVersion: 2 });
    await schemas().save(realm, { schema: next, ifVersion: 3 });
    const events = await test.services.events.list(realm, { types: ['attribute_schema.updated'] }, {});
    expect(events.items.map(({ node }) => node.data)).toEqual([
      { version: 3, added: ['bee'], changed: ['ant'], removed: ['zebra'], invalid: 0 },
      { version: 2, added: ['zebra', 'ant'], changed: [], removed: [], invalid: 0 },
    ]);
  });

  it('tell who would break before they are saved, and then refuse, unless told to keep them', async () => {
    await schemas().save(realm, { schema: badge });
    const long = await person('long', { badge: 'A-123456' });
    await person('short', { badge: 'A-1' });
    await person('none', {});
    const narrow = declared({ badge: { type: 'string', maxLength: 4 } });
    const [broken, ...others] = (await schemas().impact(realm, { schema: narrow })).identities;
    expect(others).toEqual([]);
    expect(broken).toMatchObject({
      id: long,
      username: 'long',
      problems: [{ path: ['badge'], message: 'At most 4 characters.' }],
    });
    await expect(schemas().save(realm, { schema: narrow })).rejects.toMatchObject({
      code: 'ATTRIBUTES_WOULD_BREAK',
      message: 'The attributes of 1 identity do not meet this schema.',
    });
    const required = declared(badge.properties, ['level']);
    expect((await schemas().impact(realm, { schema: required })).count).toBe(3);
    await schemas().save(realm, { schema: required, keepInvalid: true });
    expect((await schemas().get(realm)).schema.required).toEqual(['level']);
  });

  it('look at more than one batch of a directory, and never at another realm', async () => {
    const other = await test.caller(undefined, test.tenant.adminRealmId);
    await test.database.pool.query(
      `insert into identities (realm_id, id, username, username_key, display_name, attributes)
       select $1, gen_random_uuid(), 'u' || n, 'u' || n, 'U', jsonb_build_object('level', n)
       from generate_series(1, 4500) n`,
      [realm.realm.id],
    );
    const schema = declared({ level: { type: 'integer', maximum: 200 } });
    const impact = await schemas().impact(realm, { schema });
    expect(impact.count).toBe(4300);
    expect(impact.identities).toHaveLength(100);
    expect((await schemas().impact(other, { schema })).count).toBe(0);
  });

  it('hold still while attributes are written, so that nobody is checked against an old one', async () => {
    await schemas().save(realm, { schema: badge });
    const id = await person('racing', {});
    let saved: Promise<unknown> | undefined;
    let done = false;
    await test.database.db.transaction().execute(async (tx) => {
      const work = { tx, ctx: realm } as Parameters<ReturnType<typeof schemas>['check']>[0];
      await schemas().check(work, { badge: 'A-123456' });
      const narrow = declared({ badge: { type: 'string', maxLength: 4 } });
      saved = schemas()
        .save(realm, { schema: narrow })
        .finally(() => {
          done = true;
        });
      saved.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(done).toBe(false);
      await tx
        .updateTable('identities')
        .set({ attributes: JSON.stringify({ badge: 'A-123456' }), updated_at: new Date() })
        .where('id', '=', id)
        .execute();
    });
    await expect(saved).rejects.toMatchObject({ code: 'ATTRIBUTES_WOULD_BREAK' });
  });

  it('refuse what is not as declared, with the path of every fault', async () => {
    await schemas().save(realm, { schema: badge });
    const checked = test.database.db.transaction().execute((tx) => {
      const work = { tx, ctx: realm } as Parameters<ReturnType<typeof schemas>['check']>[0];
      return schemas().check(work, { badge: 1, colour: 'red' });
    });
    await expect(checked).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      problems: [{ path: ['attributes', 'badge'] }, { path: ['attributes', 'colour'] }],
    });
  });

  it('need their scopes', async () => {
    const schema = declared({});
    const with_ = (...scopes: Parameters<TestApp['caller']>[0] & object) =>
      test.caller(scopes, realm.realm.id);
    await expect(schemas().get(await with_('identities:read'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(schemas().impact(await with_('realms:read'), { schema })).rejects.toMatchObject({
      message: 'This needs the scope identities:read.',
    });
    await expect(schemas().impact(await with_('identities:read'), { schema })).rejects.toMatchObject({
      message: 'This needs the scope realms:read.',
    });
    await expect(
      schemas().save(await with_('realms:read', 'identities:read'), { schema }),
    ).rejects.toMatchObject({ message: 'This needs the scope realms:update.' });
  });
});
