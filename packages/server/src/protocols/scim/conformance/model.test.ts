import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScim, type ScimKit, URN } from '../../../testing/scim.js';

/** A value of a list, as a plain object. */
interface Value {
  readonly value: string;
  readonly type: string;
  readonly display?: string | undefined;
  readonly primary?: boolean | undefined;
}

/** A user as a plain object: what a PATCH means, written down without the server. */
interface Model {
  active: boolean;
  readonly texts: Map<string, string>;
  readonly lists: Map<string, Value[]>;
}

/** An operation for the wire, and the same for the model. */
interface Step {
  readonly operation: object;
  readonly apply: (model: Model) => void;
}

const DEPARTMENT = `${URN.enterprise}:department`;
const TEXTS = [
  'title',
  'nickName',
  'locale',
  'displayName',
  'name.givenName',
  'name.middleName',
  'externalId',
  DEPARTMENT,
];
const KINDS = ['work', 'home', 'other'];

const word = fc.constantFrom('Pilot', 'a b', 'x"y\\z', 'Ö', ' lead', '100%');
const textName = fc.constantFrom(...TEXTS);
const listName = fc.constantFrom('emails', 'phoneNumbers');
const kind = fc.constantFrom(...KINDS);
const set = fc.constantFrom('add', 'replace', 'Add', 'Replace');

/** Each kind has values of its own, so that one value is never said to be of two kinds. */
const numbered = (list: string, type: string, n: number): string =>
  list === 'emails' ? `${type}${n}@corp.example` : `+46 ${KINDS.indexOf(type)}${n}`;

const elements = (list: string) =>
  fc
    .uniqueArray(fc.record({ type: kind, n: fc.nat(1), primary: fc.boolean() }), {
      maxLength: 3,
      selector: ({ type, n }) => `${type}${n}`,
    })
    .map((items) => {
      const chosen = items.findIndex(({ primary }) => primary);
      return items.map(
        ({ type, n }, at): Value => ({
          value: numbered(list, type, n),
          type,
          ...(at === chosen ? { primary: true } : {}),
        }),
      );
    });

/** One primary value: the one said last. */
const demoted = (list: readonly Value[], latest: readonly Value[]): Value[] =>
  latest.some(({ primary }) => primary)
    ? list.map((item) => (latest.includes(item) ? item : { ...item, primary: undefined }))
    : [...list];

function addTo(list: readonly Value[], given: readonly Value[]): Value[] {
  const result = [...list];
  const latest: Value[] = [];
  for (const item of given) {
    const at = result.findIndex(({ value }) => value === item.value);
    const next = { ...result[at], ...item };
    latest.push(next);
    result.splice(at < 0 ? result.length : at, 1, next);
  }
  return demoted(result, latest);
}

const change = (model: Model, name: string, with_: (list: Value[]) => Value[]): void => {
  model.lists.set(name, with_(model.lists.get(name) ?? []));
};

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(set, textName, word).map(
    ([op, path, value]): Step => ({
      operation: { op, path, value },
      apply: (model) => void model.texts.set(path, value),
    }),
  ),
  fc.dictionary(textName, word, { minKeys: 1, maxKeys: 3, noNullPrototype: true }).map(
    (value): Step => ({
      operation: { op: 'replace', value },
      apply: (model) => {
        for (const [name, text] of Object.entries(value)) model.texts.set(name, text);
      },
    }),
  ),
  textName.map(
    (path): Step => ({
      operation: { op: 'remove', path },
      apply: (model) => void model.texts.delete(path),
    }),
  ),
  fc.tuple(word, word).map(
    ([givenName, middleName]): Step => ({
      operation: { op: 'Replace', path: 'name', value: { givenName, middleName } },
      apply: (model) => void model.texts.set('name.givenName', givenName).set('name.middleName', middleName),
    }),
  ),
  fc.tuple(set, fc.boolean(), fc.boolean()).map(
    ([op, active, asText]): Step => ({
      operation: { op, path: 'active', value: asText ? (active ? 'True' : 'False') : active },
      apply: (model) => {
        model.active = active;
      },
    }),
  ),
  listName.chain((name) =>
    elements(name).map(
      (value): Step => ({
        operation: { op: 'add', path: name, value },
        apply: (model) => change(model, name, (list) => addTo(list, value)),
      }),
    ),
  ),
  listName.chain((name) =>
    elements(name).map(
      (value): Step => ({
        operation: { op: 'replace', path: name, value },
        apply: (model) => change(model, name, () => [...value]),
      }),
    ),
  ),
  fc.tuple(listName, kind).map(
    ([name, type]): Step => ({
      operation: { op: 'remove', path: `${name}[type eq "${type}"]` },
      apply: (model) => change(model, name, (list) => list.filter((item) => item.type !== type)),
    }),
  ),
  fc.tuple(listName, kind, fc.nat(1)).map(
    ([name, type, n]): Step => ({
      operation: { op: 'Remove', path: name, value: [{ value: numbered(name, type, n) }] },
      apply: (model) =>
        change(model, name, (list) => list.filter(({ value }) => value !== numbered(name, type, n))),
    }),
  ),
  fc.tuple(set, listName, kind, fc.nat(1)).map(
    ([op, name, type, n]): Step => ({
      // Of a kind whose only value there may be: all of that kind would become the same value.
      operation: {
        op,
        path: `${name}[type eq "only ${type}"].value`,
        value: `${numbered(name, type, n)}.only`,
      },
      apply: (model) =>
        change(model, name, (list) => {
          const value = `${numbered(name, type, n)}.only`;
          const known = list.find((item) => item.type === `only ${type}`);
          return known
            ? list.map((item) => (item === known ? { ...item, value } : item))
            : [...list, { type: `only ${type}`, value }];
        }),
    }),
  ),
  fc.tuple(listName, kind, word).map(
    ([name, type, display]): Step => ({
      operation: { op: 'add', path: `${name}[type eq "only ${type}" and value pr].display`, value: display },
      apply: (model) => {
        const list = model.lists.get(name) ?? [];
        if (!list.some((item) => item.type === `only ${type}`)) throw new NoTarget();
        change(model, name, () =>
          list.map((item) => (item.type === `only ${type}` ? { ...item, display } : item)),
        );
      },
    }),
  ),
);

/** What the model refuses, and the server has to as well. */
class NoTarget extends Error {}

const tidy = (list: readonly Value[]): object[] =>
  list.map(({ value, type, display, primary }) => ({
    value,
    type,
    ...(display === undefined ? {} : { display }),
    ...(primary === true ? { primary } : {}),
  }));

const at = (body: Readonly<Record<string, unknown>>, path: string): unknown => {
  const cut = path.startsWith('urn:') ? path.lastIndexOf(':') : path.indexOf('.');
  if (cut < 0) return body[path];
  const inner = body[path.slice(0, cut)];
  return inner instanceof Object ? Reflect.get(inner, path.slice(cut + 1)) : undefined;
};

describe('a sequence of PATCH operations', () => {
  let scim: ScimKit;
  let made = 0;
  beforeAll(async () => {
    scim = await openScim();
    await scim.get('/Users?count=0');
    await scim.test.database.pool.query(
      'update provisioning_clients set max_count = null, max_percent = null',
    );
  });
  afterAll(() => scim.close());

  it('leaves what the same operations leave on a plain object', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        async (requests) => {
          made += 1;
          const userName = `model-${made}`;
          const { id } = (await scim.post('/Users', { schemas: [URN.user], userName })).body;
          let model: Model = { active: true, texts: new Map(), lists: new Map() };
          for (const steps of requests) {
            const next = structuredClone(model);
            const refused = refusedBy(next, steps);
            const answer = await scim.patch(`/Users/${id}`, ...steps.map(({ operation }) => operation));
            expect(answer, answer.text).toMatchObject({ status: refused ? 400 : 200 });
            if (refused) expect(answer.body.scimType).toBe('noTarget');
            else model = next;
          }
          const { body } = await scim.get(`/Users/${id}`);
          expect(body.active).toBe(model.active);
          for (const name of TEXTS)
            if (name !== 'displayName' || model.texts.has(name))
              expect(at(body, name), name).toBe(model.texts.get(name));
          for (const name of ['emails', 'phoneNumbers'])
            expect(tidy((body[name] ?? []) as Value[]), name).toEqual(tidy(model.lists.get(name) ?? []));
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  }, 300_000);
});

function refusedBy(model: Model, steps: readonly Step[]): boolean {
  try {
    for (const { apply } of steps) apply(model);
    return false;
  } catch (error) {
    if (error instanceof NoTarget) return true;
    throw error;
  }
}
