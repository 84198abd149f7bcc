import { CUSTOM_SCHEMA, ENTERPRISE_SCHEMA } from '../../protocols/scim/resource-types.js';
import type { Element, Resource, Value } from '../../protocols/scim/values.js';
import type { Profile } from './identities.types.js';

/** Where in a SCIM resource a field of the profile is: an attribute, or a part of `name` or of an extension. */
type Place = readonly [
  field: keyof Profile,
  holder: 'name' | typeof ENTERPRISE_SCHEMA | undefined,
  name: string,
];

const own = (field: keyof Profile, name: string = field): Place => [field, undefined, name];

const PLACES: readonly Place[] = [
  own('username', 'userName'),
  own('externalId'),
  own('displayName'),
  own('active'),
  ['formattedName', 'name', 'formatted'],
  ['familyName', 'name', 'familyName'],
  ['givenName', 'name', 'givenName'],
  ['middleName', 'name', 'middleName'],
  ['honorificPrefix', 'name', 'honorificPrefix'],
  ['honorificSuffix', 'name', 'honorificSuffix'],
  own('nickName'),
  own('profileUrl'),
  own('title'),
  own('userType'),
  own('preferredLanguage'),
  own('locale'),
  own('timezone'),
  own('emails'),
  own('phoneNumbers'),
  own('ims'),
  own('photos'),
  own('addresses'),
  own('entitlements'),
  own('scimRoles', 'roles'),
  own('x509Certificates'),
  ['employeeNumber', ENTERPRISE_SCHEMA, 'employeeNumber'],
  ['costCenter', ENTERPRISE_SCHEMA, 'costCenter'],
  ['organization', ENTERPRISE_SCHEMA, 'organization'],
  ['division', ENTERPRISE_SCHEMA, 'division'],
  ['department', ENTERPRISE_SCHEMA, 'department'],
];

const LISTS = new Set<keyof Profile>([
  'emails',
  'phoneNumbers',
  'ims',
  'photos',
  'addresses',
  'entitlements',
  'scimRoles',
  'x509Certificates',
]);

/** The field of the profile -> the full name of its attribute. */
export const ATTRIBUTE_OF: ReadonlyMap<string, string> = new Map([
  ...PLACES.map(([field, holder, name]): [string, string] => [
    field,
    holder === undefined ? name : `${holder}${holder === 'name' ? '.' : ':'}${name}`,
  ]),
  ['managerId', `${ENTERPRISE_SCHEMA}:manager`],
  ['attributes', CUSTOM_SCHEMA],
]);

type Holder = Readonly<Record<string, Value>>;

const holderOf = (resource: Resource, holder: string | undefined): Holder =>
  (holder === undefined ? resource : (resource[holder] ?? {})) as Holder;

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

export function toResource(profile: Profile): Resource {
  const enterprise: Record<string, Value> =
    profile.managerId === null ? {} : { manager: { value: profile.managerId } };
  const name: Record<string, Value> = {};
  const resource: Record<string, Resource[string]> = {};
  const holders = { name, [ENTERPRISE_SCHEMA]: enterprise };
  for (const [field, holder, key] of PLACES) {
    const value = profile[field];
    if (!isEmpty(value)) (holder === undefined ? resource : holders[holder])[key] = value as Value;
  }
  return {
    ...resource,
    ...(isFilled(name) ? { name: name as Element } : {}),
    ...(isFilled(enterprise) ? { [ENTERPRISE_SCHEMA]: enterprise } : {}),
    ...(isFilled(profile.attributes) ? { [CUSTOM_SCHEMA]: profile.attributes } : {}),
  };
}

const isFilled = (holder: object): boolean => Object.keys(holder).length > 0;

/** The whole profile: what the resource does not say is empty. */
export function toProfile(resource: Resource): Profile {
  const fields = PLACES.map(([field, holder, key]) => {
    const value = holderOf(resource, holder)[key];
    return [field, value ?? (LISTS.has(field) ? [] : null)];
  });
  const manager = holderOf(resource, ENTERPRISE_SCHEMA).manager as Element | undefined;
  return {
    ...(Object.fromEntries(fields) as Omit<Profile, 'managerId' | 'attributes'>),
    managerId: (manager?.value as string | undefined) ?? null,
    attributes: holderOf(resource, CUSTOM_SCHEMA) as Profile['attributes'],
  };
}
