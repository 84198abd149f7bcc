/** Every scope of the Management API with what it allows, in one list: the resource server is made from it. */
export const MANAGEMENT_SCOPES = {
  'tenants:read': 'See the tenant',
  'tenants:update': 'Rename the tenant',
  'realms:read': 'See realms',
  'realms:create': 'Create realms',
  'realms:update': 'Rename realms and change their settings',
  'realms:delete': 'Delete realms',
  'identities:read': 'See identities',
  'identities:create': 'Create identities',
  'identities:update': 'Change, suspend and activate identities',
  'identities:delete': 'Delete identities',
  'identities:erase': 'Erase people for good',
  'groups:read': 'See groups and their members',
  'groups:create': 'Create groups',
  'groups:update': 'Change groups and their members',
  'groups:delete': 'Delete groups',
  'credentials:read': 'See passkeys',
  'credentials:revoke': 'Revoke passkeys',
  'credential-binding-jobs:read': 'See binding jobs',
  'credential-binding-jobs:create': 'Create binding links',
  'credential-binding-jobs:revoke': 'Revoke binding links',
  'resource-servers:read': 'See resource servers',
  'resource-servers:create': 'Create resource servers',
  'resource-servers:update': 'Change resource servers',
  'resource-servers:delete': 'Delete resource servers',
  'roles:read': 'See roles and assignments',
  'roles:create': 'Create roles',
  'roles:update': 'Change roles and assignments',
  'roles:delete': 'Delete roles',
  'applications:read': 'See applications',
  'applications:read-secrets': 'Make client secrets and see them once',
  'applications:create': 'Create applications',
  'applications:update': 'Change applications',
  'applications:delete': 'Delete applications',
  'authenticator-configs:read': 'See authenticator configs',
  'authenticator-configs:create': 'Create authenticator configs',
  'authenticator-configs:update': 'Change authenticator configs',
  'authenticator-configs:delete': 'Delete authenticator configs',
  'policies:read': 'See policies',
  'policies:create': 'Publish policies',
  'events:read': 'See events',
  'event-exports:read': 'See event exports',
  'event-exports:create': 'Create event exports',
  'event-exports:update': 'Change event exports',
  'event-exports:delete': 'Delete event exports',
  'themes:read': 'See themes',
  'themes:update': 'Change themes',
  'tokens:read': 'See tokens',
  'tokens:create': 'Mint API tokens',
  'tokens:revoke': 'Revoke tokens',
  'signing-keys:read': 'See signing keys',
  'signing-keys:update': 'Rotate signing keys',
  'scim:all': 'Provision users and groups over SCIM',
} as const;

/**
 * Scopes with which one can come to hold more than one was given, in the realms they reach, and how: whoever gets one of
 * them is trusted with everything there.
 */
export const SENSITIVE_SCOPES: Readonly<Partial<Record<keyof typeof MANAGEMENT_SCOPES, string>>> = {
  'identities:update': 'Changes whom others know a person by, their e-mail address among it.',
  'groups:update': 'Puts people into groups that policies and roles of applications refer to.',
  'credential-binding-jobs:create': 'Makes a link with which a passkey of anybody can be bound.',
  'roles:create': 'Makes roles with scopes of applications.',
  'roles:update': 'Gives people roles.',
  'applications:read-secrets': 'Acts in the name of applications.',
  'applications:update': 'Sends sign-ins of an application to another address.',
  'authenticator-configs:update': 'Trusts other pages with sign-ins.',
  'policies:create': 'Decides who may sign in.',
  'tokens:create': 'Makes tokens that outlive a session.',
  'signing-keys:update': 'Ends what keys signed, and decides what signs.',
  'realms:update': 'Decides how people get back in who lost their passkeys.',
  'scim:all': 'Provisions people and groups as an identity provider does.',
};

export type Scope = keyof typeof MANAGEMENT_SCOPES;

export const ALL_SCOPES = Object.keys(MANAGEMENT_SCOPES) as readonly Scope[];

export const isScope = (value: string): value is Scope => Object.hasOwn(MANAGEMENT_SCOPES, value);

/** For what a person may do without being signed in, such as a passkey ceremony. Said out loud, never by omission. */
export const anyone = Symbol('anyone');

/** `aud` of Management API tokens. */
export const MANAGEMENT_AUDIENCE = 'urn:keyrealm:management-api';
