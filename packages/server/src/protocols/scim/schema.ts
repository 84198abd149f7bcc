export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export type AttributeType = 'string' | 'boolean' | 'dateTime' | 'reference' | 'complex';

/** RFC 7643, section 7. */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readWrite' | 'readOnly';
  readonly returned: 'default' | 'always';
  readonly uniqueness: 'none' | 'server';
  readonly description: string;
  readonly subAttributes: readonly Attribute[];
}

const attribute = (name: string, description: string, more: Partial<Attribute> = {}): Attribute => ({
  name,
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  description,
  subAttributes: [],
  ...more,
});

const readOnly = { mutability: 'readOnly' } as const;

/** What a user has here. The table is the only way from a name in a request to a property. */
export const USER_ATTRIBUTES: readonly Attribute[] = [
  attribute('userName', 'Unique in the realm without regard to case.', {
    required: true,
    uniqueness: 'server',
  }),
  attribute('name', 'The parts of the name.', {
    type: 'complex',
    subAttributes: [
      attribute('formatted', 'The whole name.'),
      attribute('familyName', 'The family name.'),
      attribute('givenName', 'The given name.'),
    ],
  }),
  attribute('displayName', 'What the person is called on screen.'),
  attribute('active', 'False suspends the identity and ends its sessions.', { type: 'boolean' }),
  attribute('emails', 'E-mail addresses; at most one is primary.', {
    type: 'complex',
    multiValued: true,
    subAttributes: [
      attribute('value', 'The address.'),
      attribute('display', 'A label.'),
      attribute('type', 'For example work or home.'),
      attribute('primary', 'The address that stands for the person.', { type: 'boolean' }),
    ],
  }),
];

/** Common to every resource (RFC 7643, section 3.1). */
export const COMMON_ATTRIBUTES: readonly Attribute[] = [
  attribute('id', 'Made by Keyrealm.', {
    ...readOnly,
    caseExact: true,
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', 'What the provisioning client knows the user by.', { caseExact: true }),
  attribute('meta', 'When and where.', {
    ...readOnly,
    type: 'complex',
    subAttributes: [
      attribute('resourceType', 'The kind of resource.', { ...readOnly, caseExact: true }),
      attribute('created', 'When it was made.', { ...readOnly, type: 'dateTime' }),
      attribute('lastModified', 'When it was changed last.', { ...readOnly, type: 'dateTime' }),
      attribute('location', 'Its address.', { ...readOnly, type: 'reference', caseExact: true }),
      attribute('version', 'Its entity tag.', { ...readOnly, caseExact: true }),
    ],
  }),
];

const byName = (attributes: readonly Attribute[]): ReadonlyMap<string, Attribute> =>
  new Map(attributes.map((item) => [item.name.toLowerCase(), item]));

const users = byName([...COMMON_ATTRIBUTES, ...USER_ATTRIBUTES]);
const subs = new Map([...users.values()].map((item) => [item, byName(item.subAttributes)]));

/** Attributes of RFC 7643 that are taken without a fault and not kept. */
const NOT_KEPT = new Set(
  [
    'nickName profileUrl title userType preferredLanguage locale timezone password phoneNumbers ims photos addresses',
    'groups entitlements roles x509Certificates employeeNumber costCenter organization division department manager schemas',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
);
const PARTS_NOT_KEPT = new Set(['name.middlename', 'name.honorificprefix', 'name.honorificsuffix']);

export interface Resolved {
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
}

/**
 * A name as clients write it: any case, with or without the schema's URN.
 * @returns 'not-kept' for an attribute of the standard that we take and ignore, undefined for an unknown one
 */
export function resolve(name: string): Resolved | 'not-kept' | undefined {
  const lower = name.toLowerCase();
  const enterprise = ENTERPRISE_SCHEMA.toLowerCase();
  if (lower === enterprise || lower.startsWith(`${enterprise}:`) || lower.startsWith(`${enterprise}.`))
    return 'not-kept';
  const prefix = `${USER_SCHEMA.toLowerCase()}:`;
  const [first = '', second, ...rest] = (lower.startsWith(prefix) ? lower.slice(prefix.length) : lower).split(
    '.',
  );
  const attribute = users.get(first);
  if (!attribute) return NOT_KEPT.has(first) ? 'not-kept' : undefined;
  if (rest.length > 0) return undefined;
  if (second === undefined) return { attribute, sub: undefined };
  const sub = subs.get(attribute)?.get(second);
  if (sub) return { attribute, sub };
  return PARTS_NOT_KEPT.has(`${first}.${second}`) ? 'not-kept' : undefined;
}

export const subOf = (attribute: Attribute, name: string): Attribute | undefined =>
  subs.get(attribute)?.get(name.toLowerCase());
