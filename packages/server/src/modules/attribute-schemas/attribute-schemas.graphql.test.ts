import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import type { Scope } from '../../kernel/permissions.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

const schemaOf = (properties: object, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

describe('attribute schemas in GraphQL', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let token: string;

  beforeAll(async () => {
    test = await buildTestApp();
    token = await test.apiToken();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Typed' });
    realm = await test.caller(undefined, row.id);
  });
  afterAll(() => test.close());

  const update = (input: object, as = token, realmId = realm.realm.id) =>
    test.graphql<{ updateAttributeSchema: Record<string, unknown> }>(
      as,
      `mutation ($input: UpdateAttributeSchemaInput!) { updateAttributeSchema(input: $input) {
        attributeSchema { schema version updatedByName } errors { code message path } } }`,
      { input: { realmId, ...input } },
    );
  const impact = (schema: unknown, as = token) =>
    test.graphql(
      as,
      `query ($id: ID!, $schema: JSON!) { realm(id: $id) { attributeSchemaImpact(schema: $schema) {
        count identities { username problems { path message } } errors { code path } } } }`,
      { id: realm.realm.id, schema },
    );

  it('go from none to one, show who would break, and are refused or kept as asked', async () => {
    const badge = schemaOf({ badge: { type: 'string' } });
    const first = await update({ schema: badge, ifVersion: 1 });
    expect(first.data.updateAttributeSchema).toEqual({
      attributeSchema: { schema: badge, version: 2, updatedByName: 'Management API (Test)' },
      errors: [],
    });
    await test.services.identities.create(realm, { username: 'with', attributes: { badge: 'A1' } });
    await test.services.identities.create(realm, { username: 'without' });
    const strict = schemaOf({ badge: { type: 'string', minLength: 3 } }, ['badge']);
    expect((await impact(strict)).data).toEqual({
      realm: {
        attributeSchemaImpact: {
          count: 2,
          identities: [
            { username: 'with', problems: [{ path: ['badge'], message: 'At least 3 characters.' }] },
            { username: 'without', problems: [{ path: ['badge'], message: 'badge is required.' }] },
          ],
          errors: [],
        },
      },
    });
    expect((await update({ schema: strict })).data.updateAttributeSchema).toMatchObject({
      attributeSchema: null,
      errors: [{ code: 'ATTRIBUTES_WOULD_BREAK', path: ['schema'] }],
    });
    const kept = await update({ schema: strict, keepInvalid: true });
    expect(kept.data.updateAttributeSchema).toMatchObject({ attributeSchema: { version: 3 }, errors: [] });
    await expect(
      test.services.identities.create(realm, { username: 'new', attributes: { badge: 'A1' } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', path: ['attributes', 'badge'] });
    const shown = await test.graphql(
      token,
      'query ($id: ID!) { realm(id: $id) { attributeSchema { schema version } } }',
      { id: realm.realm.id },
    );
    expect(shown.data).toEqual({ realm: { attributeSchema: { schema: strict, version: 3 } } });
  });

  it('that are none are refused with the place of the fault, whether asked about or saved', async () => {
    const wrong = schemaOf({ evil: { type: 'string', pattern: '(a+)+$' } });
    const place = { code: 'INVALID_INPUT', path: ['schema', 'properties', 'evil'] };
    expect((await impact(wrong)).data).toMatchObject({
      realm: { attributeSchemaImpact: { count: null, identities: [], errors: [place] } },
    });
    expect((await update({ schema: wrong })).data.updateAttributeSchema).toMatchObject({ errors: [place] });
    for (const nonsense of ['text', 7, [], { $ref: '#' }])
      expect((await update({ schema: nonsense })).data.updateAttributeSchema).toMatchObject({
        attributeSchema: null,
      });
  });

  it('are looked at once a request, as each look is at a whole directory', async () => {
    const answer = await test.graphql(
      token,
      `query ($id: ID!, $schema: JSON!) { realm(id: $id) {
        a: attributeSchemaImpact(schema: $schema) { count errors { code } }
        b: attributeSchemaImpact(schema: $schema) { count errors { code } } } }`,
      { id: realm.realm.id, schema: schemaOf({}) },
    );
    expect(answer.data).toMatchObject({
      realm: { a: { errors: [] }, b: { count: null, errors: [{ code: 'INVALID_INPUT' }] } },
    });
  });

  it('need their scopes, and are the affair of their own realm and tenant', async () => {
    const schema = schemaOf({});
    const without = async (...scopes: Scope[]) => test.apiToken(scopes);
    expect((await impact(schema, await without('realms:read'))).errors?.[0]?.message).toBe(
      'This needs the scope identities:read.',
    );
    expect(
      (await update({ schema }, await without('realms:read', 'identities:update'))).errors?.[0]?.message,
    ).toBe('This needs the scope realms:update.');
    const facts = {
      requestId: realm.requestId,
      correlationId: realm.correlationId,
      ip: null,
      userAgent: null,
    };
    const other = await test.services.tenants.create(facts, { name: 'Other', adminEmail: 'o@example.com' });
    expect((await update({ schema }, token, other.adminRealmId)).data.updateAttributeSchema).toMatchObject({
      errors: [{ code: 'NOT_FOUND' }],
    });
  });
});
