import fc from 'fast-check';

/* Filters and PATCH bodies as a hostile or careless client makes them: mostly near the grammar, some far from it. */

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const attribute = fc.constantFrom(
  ...[
    'userName',
    'displayName',
    'externalId',
    'id',
    'active',
    'title',
    'nickName',
    'locale',
    'groups',
    'members',
  ],
  ...[
    'name',
    'name.givenName',
    'name.familyName',
    'NAME.formatted',
    'meta.created',
    'meta.lastModified',
    'meta.version',
  ],
  ...[
    'emails',
    'emails.value',
    'emails.type',
    'emails.primary',
    'phoneNumbers.value',
    'addresses.locality',
    'roles',
  ],
  ...[
    `${CORE}:userName`,
    `${ENTERPRISE}:department`,
    `${ENTERPRISE}:manager.value`,
    `${ENTERPRISE}:manager`,
    ENTERPRISE,
  ],
  ...[
    '__proto__',
    'constructor.prototype',
    'toString',
    'nothing',
    'emails.nothing',
    'a.b.c.d',
    '',
    'schemas',
    'password',
  ],
);
const list = fc.constantFrom(
  'emails',
  'phoneNumbers',
  'addresses',
  'members',
  'groups',
  'roles',
  'userName',
  'manager',
  'x',
);
const operator = fc.constantFrom(
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'ge',
  'lt',
  'le',
  'EQ',
  'Sw',
  'like',
  '=',
  '',
);
const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    '%',
    '_',
    '\\',
    "'",
    '"',
    '%_%',
    "'; drop table identities; --",
    '\u0000',
    '\ud800',
    'ﬁ',
    'İ',
  ),
  fc.constantFrom(
    '2024-01-01T00:00:00Z',
    '2024-13-45',
    '99999-01-01T00:00:00Z',
    '01890000-0000-7000-8000-000000000000',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
);
const literal = fc.oneof(
  { weight: 5, arbitrary: text.map((value) => JSON.stringify(value)) },
  fc.constantFrom(
    'true',
    'False',
    'null',
    '1',
    '-1.5e300',
    '1e999',
    '0x1',
    'bare',
    '"open',
    '{}',
    '[]',
    '""""',
    "'a'",
  ),
);

const condition = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(attribute, operator, literal).map((words) => words.join(' ')) },
  { weight: 2, arbitrary: attribute.map((name) => `${name} pr`) },
);

/** A filter: a tree of conditions, sometimes with a character lost or one too many. */
export const filter: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, depthIdentifier: 'filter' },
        condition,
        fc
          .tuple(tie('tree'), fc.constantFrom('and', 'or', 'AND', 'Or', 'xor'), tie('tree'))
          .map((all) => all.join(' ')),
        tie('tree').map((inner) => `(${inner})`),
        tie('tree').map((inner) => `not (${inner})`),
        fc.tuple(list, tie('tree')).map(([name, inner]) => `${name}[${inner}]`),
        fc
          .tuple(list, condition, operator, literal)
          .map(([name, inner, op, to]) => `${name}[${inner}].value ${op} ${to}`),
      ),
    })).tree,
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(condition, fc.nat(40), text)
      .map(([whole, at, junk]) => whole.slice(0, at) + junk + whole.slice(at + 1)),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('(', 'not (', 'emails[', 'a or ', 'title pr and ', '((', '"', '\\'),
        fc.nat(3_000),
      )
      .map(([piece, times]) => piece.repeat(times)),
  },
);

const path = fc.oneof(
  { weight: 4, arbitrary: attribute },
  { weight: 3, arbitrary: fc.tuple(list, condition).map(([name, inner]) => `${name}[${inner}]`) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        list,
        condition,
        fc.constantFrom('value', 'type', 'primary', 'display', '__proto__', 'locality', ''),
      )
      .map(([name, inner, sub]) => `${name}[${inner}].${sub}`),
  },
  { weight: 1, arbitrary: text },
);

const element = fc.record(
  {
    value: fc.oneof(text, fc.constantFrom('a@b.example', 'c@d.example'), fc.anything({ maxDepth: 1 })),
    type: fc.constantFrom('work', 'home', 'x', 7, null),
    primary: fc.constantFrom(true, false, 'True', null),
    $ref: fc.constant(null),
  },
  { requiredKeys: [] },
);
const value = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(true, false, 'True', 'False', null, 0, -1, [], {}) },
  { weight: 3, arbitrary: fc.array(element, { maxLength: 4 }) },
  { weight: 1, arbitrary: element },
  {
    weight: 3,
    arbitrary: fc.dictionary(fc.oneof(attribute, text), fc.oneof(text, fc.boolean(), element), {
      maxKeys: 4,
    }),
  },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 3 }) },
);

const operation = fc.record(
  {
    op: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('add', 'replace', 'remove', 'Add', 'REPLACE') },
      text,
    ),
    path,
    value,
  },
  { requiredKeys: ['op'] },
);

/** A PATCH body as it goes over the wire. */
export const patchBody: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .array(operation, { maxLength: 4 })
      .map((Operations) => wire({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations })),
  },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 2 }).map(wire) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

/** JSON of whatever it is: what JSON does not have becomes null. */
function wire(body: unknown): string {
  const kept = (_: string, item: unknown) => (typeof item === 'bigint' ? String(item) : item);
  return JSON.stringify(body, kept) ?? 'null';
}
