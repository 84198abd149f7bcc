import {
  type Attribute,
  attribute,
  createResourceType,
  type ResourceType,
  readOnly,
  type Schema,
  values,
} from './schema.js';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** What a realm declares by itself. */
export const CUSTOM_SCHEMA = 'urn:keyrealm:params:scim:schemas:extension:custom:2.0:User';

const USER: readonly Attribute[] = [
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
      attribute('middleName', 'The middle name.'),
      attribute('honorificPrefix', 'A title before the name.'),
      attribute('honorificSuffix', 'What stands after the name.'),
    ],
  }),
  attribute('displayName', 'What the person is called on screen.'),
  attribute('nickName', 'What friends call the person.'),
  attribute('profileUrl', 'A page about the person.', {
    type: 'reference',
    caseExact: true,
    referenceTypes: ['external'],
  }),
  attribute('title', 'The job title.'),
  attribute('userType', 'For example Employee or Contractor.'),
  attribute('preferredLanguage', 'As in Accept-Language.'),
  attribute('locale', 'For example en-US.'),
  attribute('timezone', 'For example America/Los_Angeles.'),
  attribute('active', 'False suspends the identity and ends its sessions.', { type: 'boolean' }),
  attribute('password', 'Taken and thrown away: there are no passwords here.', {
    mutability: 'writeOnly',
    returned: 'never',
  }),
  values('emails', 'E-mail addresses; at most one is primary.'),
  values('phoneNumbers', 'Telephone numbers.'),
  values('ims', 'Addresses for instant messages.'),
  values('photos', 'Addresses of pictures.', { type: 'reference', referenceTypes: ['external'] }),
  attribute('addresses', 'Postal addresses.', {
    type: 'complex',
    multiValued: true,
    subAttributes: [
      attribute('formatted', 'The whole address.'),
      attribute('streetAddress', 'Street and number.'),
      attribute('locality', 'The town.'),
      attribute('region', 'The state or region.'),
      attribute('postalCode', 'The postal code.'),
      attribute('country', 'The country.'),
      attribute('type', 'For example work or home.'),
      attribute('primary', 'The address that is meant when one is asked for.', { type: 'boolean' }),
    ],
  }),
  attribute('groups', 'Groups that the user is in; changed through the groups.', {
    ...readOnly,
    type: 'complex',
    multiValued: true,
    subAttributes: [
      attribute('value', 'The id of the group.', readOnly),
      attribute('$ref', 'The address of the group.', {
        ...readOnly,
        type: 'reference',
        referenceTypes: ['Group'],
      }),
      attribute('display', 'The name of the group.', readOnly),
      attribute('type', 'Always direct.', { ...readOnly, canonicalValues: ['direct'] }),
    ],
  }),
  values('entitlements', 'What the client says the user is entitled to.'),
  values('roles', 'What the client says the user is.'),
  values('x509Certificates', 'Certificates, as base64.', { type: 'binary', caseExact: true }),
];

const ENTERPRISE: Schema = {
  urn: ENTERPRISE_SCHEMA,
  name: 'Enterprise User',
  description: 'Enterprise User',
  attributes: [
    attribute('employeeNumber', 'The number of the person in the organisation.'),
    attribute('costCenter', 'The cost centre.'),
    attribute('organization', 'The organisation.'),
    attribute('division', 'The division.'),
    attribute('department', 'The department.'),
    attribute('manager', 'The manager, kept as it was given.', {
      type: 'complex',
      subAttributes: [
        attribute('value', 'The id of the manager.'),
        attribute('$ref', 'The address of the manager.', {
          ...readOnly,
          type: 'reference',
          referenceTypes: ['User'],
        }),
        attribute('displayName', 'The name of the manager.', readOnly),
      ],
    }),
  ],
};

/** Users with the attributes that the realm declares, if it declares any. */
export function userType(custom: readonly Attribute[]): ResourceType {
  const declared: Schema = {
    urn: CUSTOM_SCHEMA,
    name: 'Custom attributes',
    description: 'Attributes that this realm declares.',
    attributes: custom,
  };
  return createResourceType({
    id: 'User',
    urn: USER_SCHEMA,
    name: 'User',
    description: 'User Account',
    endpoint: '/Users',
    own: USER,
    extensions: custom.length === 0 ? [ENTERPRISE] : [ENTERPRISE, declared],
  });
}

export const PLAIN_USER = userType([]);

export const GROUP = createResourceType({
  id: 'Group',
  urn: GROUP_SCHEMA,
  name: 'Group',
  description: 'Group',
  endpoint: '/Groups',
  own: [
    attribute('displayName', 'Unique in the realm without regard to case.', {
      required: true,
      uniqueness: 'server',
    }),
    attribute('members', 'The users in the group.', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('value', 'The id of the user.', { caseExact: true }),
        attribute('$ref', 'The address of the user.', {
          ...readOnly,
          type: 'reference',
          referenceTypes: ['User'],
        }),
        attribute('display', 'The name of the user.', readOnly),
        attribute('type', 'Always User.', { ...readOnly, canonicalValues: ['User'] }),
      ],
    }),
  ],
  extensions: [],
});
