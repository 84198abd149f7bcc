import { ALL_SCOPES, type Scope } from '../../kernel/permissions.js';

export interface PredefinedRole {
  readonly managed: string;
  readonly displayName: string;
  readonly description: string;
  readonly scopes: readonly Scope[];
}

/** What concerns the tenant as a whole, or can't be undone. */
const NOT_FOR_ONE_REALM: readonly Scope[] = [
  'tenants:update',
  'realms:create',
  'realms:delete',
  'identities:erase',
  'tokens:create',
];

const HISTORY: readonly Scope[] = ['events:read', 'event-exports:read', 'tokens:read'];

const reading = ALL_SCOPES.filter((scope) => scope.endsWith(':read'));
const about = (...nouns: string[]) => ALL_SCOPES.filter((scope) => nouns.includes(scope.split(':')[0] ?? ''));

/** Roles of the Management API that every Admin Realm has; the migrations give the same to those that were there before. */
export const PREDEFINED_ROLES: readonly PredefinedRole[] = [
  {
    managed: 'SUPER_ADMINISTRATOR',
    displayName: 'Super Administrator',
    description: 'Everything, in every realm of the tenant',
    scopes: ALL_SCOPES,
  },
  {
    managed: 'REALM_ADMINISTRATOR',
    displayName: 'Realm Administrator',
    description: 'Everything inside the realms that it is given for',
    scopes: ALL_SCOPES.filter((scope) => !NOT_FOR_ONE_REALM.includes(scope)),
  },
  {
    managed: 'DIRECTORY_ADMINISTRATOR',
    displayName: 'Directory Administrator',
    description: 'People, groups, passkeys and binding links',
    scopes: [
      'realms:read',
      ...about('identities', 'groups', 'credentials', 'credential-binding-jobs').filter(
        (scope) => scope !== 'identities:erase',
      ),
      'events:read',
    ],
  },
  {
    managed: 'HELP_DESK',
    displayName: 'Help Desk',
    description: 'Looks people up, gives them new binding links and revokes lost passkeys',
    scopes: [
      'realms:read',
      'identities:read',
      'groups:read',
      ...about('credentials', 'credential-binding-jobs'),
      'events:read',
    ],
  },
  {
    managed: 'AUDITOR',
    displayName: 'Auditor',
    description: 'Sees everything, events and exports too, and changes nothing',
    scopes: reading,
  },
  {
    managed: 'READ_ONLY',
    displayName: 'Read-only',
    description: 'Sees how everything is set up, and changes nothing',
    scopes: reading.filter((scope) => !HISTORY.includes(scope)),
  },
];
