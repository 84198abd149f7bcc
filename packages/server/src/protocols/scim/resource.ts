import { badRequest } from './errors.js';
import { resolve, USER_SCHEMA } from './schema.js';
import type { ScimUser, StoredUser } from './user.js';
import { booleanOf, emailsOf, entriesOf, nameOf, onePrimary, textOf } from './values.js';

/** A POST or PUT body. What we do not keep is left out (RFC 7644, section 3.3); `id` and `meta` are ours. */
export function parseUser(body: unknown, before?: ScimUser): ScimUser {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('invalidSyntax', 'A user is a JSON object.');
  let user: ScimUser = {
    userName: '',
    externalId: null,
    displayName: null,
    // A replacement that says nothing of it leaves a suspended user suspended.
    active: before?.active ?? true,
    name: { formatted: null, familyName: null, givenName: null },
    emails: [],
  };
  for (const [key, value] of entriesOf(body)) {
    const found = resolve(key);
    if (found === undefined || found === 'not-kept' || found.sub) continue;
    const { attribute } = found;
    if (attribute.name === 'userName') user = { ...user, userName: textOf('userName', value) ?? '' };
    else if (attribute.name === 'externalId' || attribute.name === 'displayName')
      user = { ...user, [attribute.name]: textOf(attribute.name, value) };
    else if (attribute.name === 'active' && value !== null)
      user = { ...user, active: booleanOf('active', value) };
    else if (attribute.name === 'name')
      user = { ...user, name: { ...user.name, ...nameOf(attribute, value) } };
    else if (attribute.name === 'emails')
      user = { ...user, emails: onePrimary(emailsOf(attribute, value), new Set()) };
  }
  if (user.userName === '') throw badRequest('invalidValue', 'userName is required.');
  return user;
}

export interface Projection {
  readonly attributes: string | undefined;
  readonly excludedAttributes: string | undefined;
}

/** The resource as it is sent, or the part of it that was asked for (RFC 7644, section 3.9). */
export function renderUser(
  stored: StoredUser,
  base: string,
  projection?: Projection,
): Record<string, unknown> {
  const { user } = stored;
  const name = Object.fromEntries(Object.entries(user.name).filter(([, part]) => part !== null));
  const whole: Record<string, unknown> = {
    schemas: [USER_SCHEMA],
    id: stored.id,
    ...(user.externalId === null ? {} : { externalId: user.externalId }),
    userName: user.userName,
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...(user.displayName === null ? {} : { displayName: user.displayName }),
    active: user.active,
    ...(user.emails.length === 0 ? {} : { emails: user.emails }),
    meta: {
      resourceType: 'User',
      created: stored.createdAt.toISOString(),
      lastModified: stored.updatedAt.toISOString(),
      location: `${base}/Users/${stored.id}`,
      version: etagOf(stored),
    },
  };
  return project(whole, projection);
}

export const etagOf = ({ version }: Pick<StoredUser, 'version'>): string => `W/"${version}"`;

/** A whole attribute, or some parts of it. */
type Part = 'whole' | ReadonlySet<string>;

function project(
  whole: Record<string, unknown>,
  projection: Projection | undefined,
): Record<string, unknown> {
  const wanted = partsOf(projection?.attributes);
  const unwanted = partsOf(projection?.excludedAttributes);
  const kept = Object.entries(whole).map(([key, value]): [string, unknown] => {
    if (key === 'id' || key === 'schemas') return [key, value];
    if (wanted) return [key, selected(value, wanted.get(key), true)];
    return [key, unwanted?.has(key) ? selected(value, unwanted.get(key), false) : value];
  });
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

/** The value with only those parts, or with all but those; undefined where nothing is left of it. */
function selected(value: unknown, part: Part | undefined, keep: boolean): unknown {
  if (part === undefined || part === 'whole') return keep === (part === 'whole') ? value : undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => selected(item, part, keep)).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  const entries = entriesOf(value).filter(([key]) => part.has(key) === keep);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** @returns undefined where no list was given; a name that we do not have selects nothing */
function partsOf(list: string | undefined): ReadonlyMap<string, Part> | undefined {
  const names = (list ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length === 0) return undefined;
  const parts = new Map<string, Part>();
  for (const name of names) {
    const found = resolve(name);
    if (found === undefined || found === 'not-kept') continue;
    const { attribute, sub } = found;
    const before = parts.get(attribute.name);
    if (!sub || before === 'whole') parts.set(attribute.name, 'whole');
    else parts.set(attribute.name, new Set([...(before ?? []), sub.name]));
  }
  return parts;
}
