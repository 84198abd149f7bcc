export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex';

/** RFC 7643, section 7. */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readWrite' | 'readOnly' | 'writeOnly';
  readonly returned: 'default' | 'always' | 'never';
  readonly uniqueness: 'none' | 'server';
  readonly description: string;
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes: readonly Attribute[];
}

export const attribute = (name: string, description: string, more: Partial<Attribute> = {}): Attribute => ({
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

export const readOnly = { mutability: 'readOnly' } as const;

/** Several values of a kind (RFC 7643, section 2.4). */
export const values = (name: string, description: string, more: Partial<Attribute> = {}): Attribute =>
  attribute(name, description, {
    type: 'complex',
    multiValued: true,
    subAttributes: [
      attribute('value', 'The value.', more),
      attribute('display', 'A label.'),
      attribute('type', 'For example work or home.'),
      attribute('primary', 'The value that is meant when one is asked for.', { type: 'boolean' }),
    ],
  });

/** Common to every resource (RFC 7643, section 3.1). */
const common = (what: string): readonly Attribute[] => [
  attribute('id', 'Made by Keyrealm.', {
    ...readOnly,
    caseExact: true,
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', `What the provisioning client knows the ${what} by.`, { caseExact: true }),
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

/** A schema: the core one of a resource, or an extension of it. */
export interface Schema {
  readonly urn: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

export interface ResourceType extends Schema {
  readonly id: 'User' | 'Group';
  readonly endpoint: '/Users' | '/Groups';
  readonly extensions: readonly Schema[];
  /** The name as a client wrote it -> what it names. The table is the only way from a name in a request to a property. */
  resolve(name: string): Resolved | undefined;
}

/** An attribute, a part of one, or a whole extension. */
export type Resolved = ResolvedAttribute | { readonly extension: Schema; readonly attribute: undefined };

export interface ResolvedAttribute {
  /** Set for an attribute of an extension. */
  readonly extension: Schema | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
}

const byName = (attributes: readonly Attribute[]): ReadonlyMap<string, Attribute> =>
  new Map(attributes.map((item) => [item.name.toLowerCase(), item]));

const subs = new WeakMap<Attribute, ReadonlyMap<string, Attribute>>();

export function subOf(of: Attribute, name: string): Attribute | undefined {
  const known = subs.get(of) ?? byName(of.subAttributes);
  subs.set(of, known);
  return known.get(name.toLowerCase());
}

export function createResourceType(
  core: Omit<ResourceType, 'resolve' | 'attributes'> & { readonly own: readonly Attribute[] },
): ResourceType {
  const { own, ...rest } = core;
  const attributes = [...common(core.name.toLowerCase()), ...own];
  const tables = [
    { extension: undefined, prefix: core.urn.toLowerCase(), table: byName(attributes) },
    ...core.extensions.map((extension) => ({
      extension,
      prefix: extension.urn.toLowerCase(),
      table: byName(extension.attributes),
    })),
  ];
  const within = (at: (typeof tables)[number] | undefined, name: string): Resolved | undefined => {
    const [first = '', second, ...more] = name.split('.');
    const found = at?.table.get(first);
    if (!at || !found || more.length > 0) return undefined;
    if (second === undefined) return { extension: at.extension, attribute: found, sub: undefined };
    const sub = subOf(found, second);
    return sub && { extension: at.extension, attribute: found, sub };
  };
  return {
    ...rest,
    attributes,
    resolve(name) {
      const lower = name.toLowerCase();
      if (!lower.startsWith('urn:')) return within(tables[0], lower);
      const at = tables.find(({ prefix }) => lower === prefix || /^[:.]/.test(after(lower, prefix)));
      if (!at) return undefined;
      if (lower !== at.prefix) return within(at, lower.slice(at.prefix.length + 1));
      return at.extension && { extension: at.extension, attribute: undefined };
    },
  };
}

/** @returns the rest of the text where it begins so, otherwise nothing that a name could follow */
const after = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : '';

/** The attribute by its full name: `name.givenName`, `urn:...:User:department`. */
export const pathOf = ({ extension, attribute: found, sub }: ResolvedAttribute): string =>
  `${extension ? `${extension.urn}:` : ''}${found.name}${sub ? `.${sub.name}` : ''}`;
