import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Method, openScim, type ScimKit, URN } from '../../../testing/scim.js';

interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly canonicalValues?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

/* A client that knows nothing but the schemas: whatever they say may be written can be added, replaced and removed. */
describe('a client that goes by the published schemas', () => {
  let scim: ScimKit;
  let schemas: readonly {
    readonly id: string;
    readonly name: string;
    readonly attributes: readonly Attribute[];
  }[];
  let person: string;
  let turn = 0;

  beforeAll(async () => {
    scim = await openScim();
    schemas = (await scim.get('/Schemas')).body.Resources as never;
    person = (await scim.post('/Users', { schemas: [URN.user], userName: 'member' })).body.id;
    await scim.test.database.pool.query(
      'update provisioning_clients set max_count = null, max_percent = null',
    );
  });
  afterAll(() => scim.close());

  const writable = (urn: string): Attribute[] =>
    (schemas.find(({ id }) => id === urn)?.attributes ?? []).filter(
      ({ mutability, required, name }) => mutability === 'readWrite' && !required && name !== 'externalId',
    );

  /** A value as the schema asks for, another each time. */
  function sample(attribute: Attribute, within = ''): unknown {
    turn += 1;
    const one = (): unknown => {
      if (attribute.type === 'complex')
        return Object.fromEntries(
          (attribute.subAttributes ?? [])
            .filter(({ mutability }) => mutability !== 'readOnly')
            .map((sub) => [sub.name, sample(sub, attribute.name)]),
        );
      if (attribute.canonicalValues?.length)
        return attribute.canonicalValues[turn % attribute.canonicalValues.length];
      if (attribute.type === 'boolean') return attribute.name === 'primary' || turn % 2 === 0;
      if (attribute.type === 'integer' || attribute.type === 'decimal') return turn;
      if (attribute.type === 'dateTime') return new Date(turn * 86_400_000).toISOString();
      if (attribute.type === 'binary') return Buffer.from(`certificate ${turn}`).toString('base64');
      if (attribute.name === 'value' && (within === 'members' || within === 'manager')) return person;
      if (attribute.type === 'reference') return `https://www.example.com/${turn}`;
      return within === 'emails' && attribute.name === 'value'
        ? `sample${turn}@corp.example`
        : `sample ${turn}`;
    };
    return attribute.multiValued ? [one()] : one();
  }

  const at = (body: Readonly<Record<string, unknown>>, urn: string, name: string): unknown =>
    urn === URN.enterprise ? Reflect.get(Object(body[urn]), name) : body[name];

  const holds = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(holds)
      : value instanceof Object
        ? expect.objectContaining(Object.fromEntries(Object.entries(value).filter(([key]) => key !== '$ref')))
        : value;

  async function fresh(collection: string): Promise<string> {
    turn += 1;
    const body =
      collection === '/Users'
        ? { schemas: [URN.user], userName: `subject ${turn}` }
        : { schemas: [URN.group], displayName: `subject ${turn}` };
    return `${collection}/${(await scim.post(collection, body)).body.id}`;
  }

  it.each([
    ['/Users', URN.user],
    ['/Users', URN.enterprise],
    ['/Groups', URN.group],
  ])('adds, replaces and removes every attribute of %s that %s lets it write', async (collection, urn) => {
    const path = await fresh(collection);
    const attributes = writable(urn);
    expect(attributes.length).toBeGreaterThan(0);
    for (const attribute of attributes) {
      const target = `${urn}:${attribute.name}`;
      for (const op of ['add', 'replace']) {
        const value = sample(attribute);
        const answer = await scim.patch(`${path}?attributes=${target}`, { op, path: target, value });
        expect(answer, `${op} ${target} ${JSON.stringify(value)}: ${answer.text}`).toMatchObject({
          status: 200,
        });
        expect(at(answer.body, urn, attribute.name), `${op} ${target}`).toEqual(holds(value));
        expect(at((await scim.get(path)).body, urn, attribute.name), target).toEqual(holds(value));
      }
      const boolean = attribute.type === 'boolean';
      const removed = await scim.patch(path, { op: 'remove', path: target });
      expect(removed.status, `remove ${target}: ${removed.text}`).toBe(
        boolean ? 400 : collection === '/Users' ? 200 : 204,
      );
      if (boolean || attribute.name === 'displayName') continue;
      expect(at((await scim.get(path)).body, urn, attribute.name), target).toBeUndefined();
    }
  });

  it('writes the whole of an extension by its name, and removes it', async () => {
    const path = await fresh('/Users');
    const value = { department: 'Bridge', costCenter: '42' };
    for (const op of ['add', 'replace']) {
      const answer = await scim.patch(path, { op, path: URN.enterprise, value });
      expect(answer.body).toMatchObject({ schemas: [URN.user, URN.enterprise], [URN.enterprise]: value });
    }
    expect((await scim.patch(path, { op: 'remove', path: URN.enterprise })).body).not.toHaveProperty([
      URN.enterprise,
    ]);
  });

  it('gives what was asked for and leaves out what was not, one by one, in lists and in searches', async () => {
    const path = await fresh('/Users');
    await scim.patch(path, {
      op: 'add',
      value: { title: 'Pilot', nickName: 'Ace', emails: [{ value: 'a@b.example' }] },
    });
    const id = path.split('/')[2];
    const search = (more: object) =>
      scim.post('/.search', { schemas: [URN.search], filter: `id eq "${id}"`, ...more });
    const filter = `filter=${encodeURIComponent(`id eq "${id}"`)}`;
    const only = [
      (await scim.get(`${path}?attributes=title`)).body,
      (await scim.get(`/Users?attributes=title&${filter}`)).body.Resources[0],
      (await search({ attributes: ['title'] })).body.Resources[0],
    ];
    for (const body of only) {
      expect(body).toMatchObject({ id, title: 'Pilot' });
      expect(Object.keys(body ?? {}).sort()).toEqual(['id', 'schemas', 'title']);
    }
    const without = [
      (await scim.get(`${path}?excludedAttributes=nickName`)).body,
      (await scim.get(`/Users?excludedAttributes=nickName&${filter}`)).body.Resources[0],
      (await search({ excludedAttributes: ['nickName'] })).body.Resources[0],
    ];
    for (const body of without) {
      expect(body).toMatchObject({ id, title: 'Pilot' });
      expect(body).not.toHaveProperty('nickName');
    }
  });

  it('finds each schema, type and location that discovery names, and may only read them', async () => {
    for (const collection of ['/Schemas', '/ResourceTypes']) {
      const { Resources } = (await scim.get(collection)).body;
      for (const { id, meta } of Resources) {
        const answer = await scim.get(`${collection}/${id}`);
        expect(answer.body).toMatchObject({ id, meta: { location: meta.location } });
        expect(decodeURIComponent(meta.location)).toMatch(new RegExp(`/scim/v2${collection}/${id}$`));
      }
    }
    for (const path of ['/Schemas', '/ResourceTypes', '/ServiceProviderConfig'])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] satisfies Method[])
        expect((await scim.send({ method, path, body: {} })).status, `${method} ${path}`).toBe(405);
    expect((await scim.get('/Schemas/b2a7')).body).toMatchObject({ schemas: [URN.error], status: '404' });
    expect((await scim.get('/b2a7')).body).toMatchObject({ schemas: [URN.error], status: '404' });
  });

  it('publishes the schemas of discovery itself', () => {
    expect(schemas.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ResourceType', 'ServiceProviderConfig', 'Schema']),
    );
  });
});
