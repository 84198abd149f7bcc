import { type Attribute, attribute, readOnly, type Schema } from './schema.js';

const text = (name: string, description: string, more: Partial<Attribute> = {}): Attribute =>
  attribute(name, description, { ...readOnly, ...more });
const flag = (name: string, description: string): Attribute =>
  text(name, description, { type: 'boolean', required: true });
const number = (name: string, description: string): Attribute =>
  text(name, description, { type: 'integer', required: true });
const complex = (
  name: string,
  description: string,
  parts: readonly Attribute[],
  more: Partial<Attribute> = {},
) => text(name, description, { type: 'complex', required: true, subAttributes: parts, ...more });
const required = { required: true } as const;
const exact = { required: true, caseExact: true } as const;
const uri = { type: 'reference', caseExact: true, referenceTypes: ['uri'] } as const;

const supported = flag('supported', 'Whether it is.');

const SERVICE_PROVIDER_CONFIG: readonly Attribute[] = [
  text('documentationUri', 'Where it is written down.', { type: 'reference', referenceTypes: ['external'] }),
  complex('patch', 'Changes by PATCH.', [supported]),
  complex('bulk', 'Many operations in one request.', [
    supported,
    number('maxOperations', 'How many at most.'),
    number('maxPayloadSize', 'How many bytes at most.'),
  ]),
  complex('filter', 'Filters.', [supported, number('maxResults', 'How many resources a page has at most.')]),
  complex('changePassword', 'Changing a password.', [supported]),
  complex('sort', 'Sorting.', [supported]),
  complex('etag', 'Entity tags.', [supported]),
  complex(
    'pagination',
    'Pages (RFC 9865).',
    [
      flag('cursor', 'By cursor.'),
      flag('index', 'By index.'),
      text('defaultPaginationMethod', 'What a request without either gets.', {
        canonicalValues: ['cursor', 'index'],
      }),
      text('defaultPageSize', 'How many resources, unless said.', { type: 'integer' }),
      text('maxPageSize', 'How many resources at most.', { type: 'integer' }),
      text('cursorTimeout', 'How many seconds a cursor is good for.', { type: 'integer' }),
    ],
    { required: false },
  ),
  complex(
    'authenticationSchemes',
    'How a client says who it is.',
    [
      text('type', 'The kind of scheme.', required),
      text('name', 'Its name.', required),
      text('description', 'What it is.', required),
      text('specUri', 'Where it is specified.', { type: 'reference', referenceTypes: ['external'] }),
      text('documentationUri', 'How it is used.', { type: 'reference', referenceTypes: ['external'] }),
      text('primary', 'Whether it is the preferred one.', { type: 'boolean' }),
    ],
    { multiValued: true },
  ),
];

const RESOURCE_TYPE: readonly Attribute[] = [
  text('id', 'The name of the type.'),
  text('name', 'The name of the type.', required),
  text('description', 'What it is.'),
  text('endpoint', 'Where its resources are, below the base address.', { ...uri, required: true }),
  text('schema', 'Its own schema.', { ...uri, required: true }),
  complex(
    'schemaExtensions',
    'What else its resources may carry.',
    [
      text('schema', 'The schema of the extension.', { ...uri, required: true }),
      flag('required', 'Whether it must be there.'),
    ],
    { multiValued: true, required: false },
  ),
];

/** What is said of an attribute (RFC 7643, section 7); of a part of one the same, but for its parts. */
const facts: readonly Attribute[] = [
  text('name', 'Its name.', exact),
  text('type', 'The kind of its values.', {
    ...required,
    canonicalValues: [
      'string',
      'boolean',
      'decimal',
      'integer',
      'dateTime',
      'binary',
      'reference',
      'complex',
    ],
  }),
  flag('multiValued', 'Whether there may be several.'),
  text('description', 'What it is.'),
  flag('required', 'Whether there must be one.'),
  text('canonicalValues', 'Values that everyone knows.', { multiValued: true, caseExact: true }),
  text('caseExact', 'Whether case matters.', { type: 'boolean' }),
  text('mutability', 'Who may write it, and when.', {
    ...exact,
    canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  }),
  text('returned', 'When it is given.', {
    ...exact,
    canonicalValues: ['always', 'never', 'default', 'request'],
  }),
  text('uniqueness', 'Among whom it is unique.', { ...exact, canonicalValues: ['none', 'server', 'global'] }),
  text('referenceTypes', 'What it may refer to.', { multiValued: true, caseExact: true }),
];

const SCHEMA: readonly Attribute[] = [
  text('id', 'The URN of the schema.', required),
  text('name', 'Its name.'),
  text('description', 'What it describes.'),
  complex(
    'attributes',
    'What it describes it by.',
    [
      ...facts,
      complex('subAttributes', 'The parts of a complex one.', facts, { multiValued: true, required: false }),
    ],
    { multiValued: true },
  ),
];

/** The schemas of discovery itself (RFC 7643, section 8.7.2): read by clients that trust nothing else. */
export const DISCOVERY_SCHEMAS: readonly Schema[] = [
  {
    urn: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
    name: 'ServiceProviderConfig',
    description: 'What this server can do.',
    attributes: SERVICE_PROVIDER_CONFIG,
  },
  {
    urn: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
    name: 'ResourceType',
    description: 'A kind of resource.',
    attributes: RESOURCE_TYPE,
  },
  {
    urn: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
    name: 'Schema',
    description: 'The attributes of a resource or an extension.',
    attributes: SCHEMA,
  },
];
