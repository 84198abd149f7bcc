import { holds, type Reach, type RealmCtx } from '../../kernel/context.js';
import { DomainError, forbidden, notFound } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/permissions.js';
import { badRequest } from '../../protocols/scim/errors.js';
import type { Filter } from '../../protocols/scim/filter.js';
import type { ScimUsers } from '../../protocols/scim/plugin.js';
import type { Attribute, Resolved } from '../../protocols/scim/schema.js';
import type { ScimEmail, ScimUser, StoredUser } from '../../protocols/scim/user.js';
import type { DirectoryFilter, EmailField, EmailFilter, FilterField } from './identities.filter.js';
import { type IdentitiesService, type IdentityRow, profileOf } from './identities.service.js';
import type { Profile } from './identities.types.js';

const PROVISIONS: readonly Scope[] = [
  'identities:read',
  'identities:create',
  'identities:update',
  'identities:delete',
];

/**
 * What `scim:all` means: the whole life of the identities of this realm, and nothing else of the caller's.
 * @throws DomainError FORBIDDEN
 */
export function provisioningContext(ctx: RealmCtx): RealmCtx {
  if (!holds(ctx, 'scim:all')) throw forbidden('This needs the scope scim:all.');
  const here: Reach = new Set([ctx.realm.id]);
  return { ...ctx, grants: new Map(PROVISIONS.map((scope) => [scope, here])) };
}

/** The directory as a SCIM client sees it: the same service as GraphQL, in SCIM's words. */
export function createScimUsers(identities: IdentitiesService): ScimUsers<RealmCtx> {
  return {
    create: async (ctx, user) => stored(await inScimWords(identities.create(ctx, toProfile(user)))),

    async find(ctx, id) {
      const row = await identities.find(ctx, id);
      return row && stored(row);
    },

    async list(ctx, { filter, startIndex, count }) {
      const wanted = filter && toDirectory(filter);
      const page = await identities.listFiltered(ctx, wanted, { offset: startIndex - 1, limit: count });
      return { users: page.rows.map(stored), totalResults: page.total };
    },

    async change(ctx, id, change, ifVersion) {
      const apply = (current: Profile): Profile => ({ ...current, ...toProfile(change(toUser(current))) });
      const work = identities.change(ctx, { id: known(id), ifVersion, change: apply });
      const { identity } = await inScimWords(work);
      return stored(identity);
    },

    async remove(ctx, id, ifVersion) {
      await identities.remove(ctx, { identityId: known(id), ifVersion });
    },
  };
}

/** An id that can't be one of ours is one that does not exist. */
function known(id: string): string {
  if (!isId(id)) throw notFound('user');
  return id;
}

/** A fault in a field is told by the name that the client knows the field by. */
async function inScimWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'invalid' || !error.path) throw error;
    const [field = '', ...rest] = error.path;
    const path = [ATTRIBUTES.get(field) ?? field, ...rest];
    throw new DomainError('invalid', error.code, error.message, { path, cause: error });
  }
}

function stored(row: IdentityRow): StoredUser {
  return {
    id: row.id,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    user: toUser(profileOf(row)),
  };
}

const toUser = (profile: Profile): ScimUser => ({
  userName: profile.username,
  externalId: profile.externalId,
  displayName: profile.displayName,
  active: profile.active,
  name: {
    formatted: profile.formattedName,
    familyName: profile.familyName,
    givenName: profile.givenName,
  },
  emails: profile.emails.map(
    ({ value, type, display, primary }): ScimEmail => ({
      value,
      ...(type === undefined ? {} : { type }),
      ...(display === undefined ? {} : { display }),
      ...(primary === undefined ? {} : { primary }),
    }),
  ),
});

const toProfile = (user: ScimUser) => ({
  username: user.userName,
  externalId: user.externalId,
  displayName: user.displayName,
  active: user.active,
  formattedName: user.name.formatted,
  familyName: user.name.familyName,
  givenName: user.name.givenName,
  emails: [...user.emails],
});

const FIELDS: ReadonlyMap<string, FilterField> = new Map([
  ['id', 'id'],
  ['userName', 'username'],
  ['externalId', 'externalId'],
  ['displayName', 'displayName'],
  ['active', 'active'],
  ['name.givenName', 'givenName'],
  ['name.familyName', 'familyName'],
  ['name.formatted', 'formattedName'],
  ['meta.created', 'createdAt'],
  ['meta.lastModified', 'updatedAt'],
]);

const ATTRIBUTES: ReadonlyMap<string, string> = new Map(
  [...FIELDS].map(([attribute, field]) => [field, attribute]),
);

const pathOf = ({ attribute, sub }: Resolved): string =>
  sub ? `${attribute.name}.${sub.name}` : attribute.name;

/** @throws ScimError invalidFilter for an attribute that the directory does not keep */
function toDirectory(filter: Filter): DirectoryFilter {
  switch (filter.kind) {
    case 'and':
      return { all: filter.items.map(toDirectory) };
    case 'or':
      return { any: filter.items.map(toDirectory) };
    case 'not':
      return { not: toDirectory(filter.item) };
    case 'element':
      return { someEmail: toEmail(filter.item) };
    default: {
      if (filter.target.attribute.multiValued) return emailTest(filter);
      if (filter.kind === 'present') return presence(filter.target);
      return { test: { field: fieldOf(filter.target), op: filter.op, value: filter.value } };
    }
  }
}

function fieldOf(target: Resolved): FilterField {
  const field = FIELDS.get(pathOf(target));
  if (field === undefined) throw badRequest('invalidFilter', `${pathOf(target)} can't be filtered by.`);
  return field;
}

/** A complex attribute is there when a part of it is. */
function presence({ attribute, sub }: Resolved): DirectoryFilter {
  const parts: readonly (Attribute | undefined)[] =
    sub || attribute.subAttributes.length === 0 ? [sub] : attribute.subAttributes;
  const fields = parts.map((part) => FIELDS.get(pathOf({ attribute, sub: part })));
  const kept = fields.filter((field) => field !== undefined);
  if (kept.length === 0) throw badRequest('invalidFilter', `${attribute.name} can't be filtered by.`);
  return { any: kept.map((field) => ({ test: { field, op: 'pr' as const } })) };
}

/** `emails.value ne "x"` means that no address is x, not that some address is another. */
function emailTest(filter: Extract<Filter, { kind: 'present' | 'compare' }>): DirectoryFilter {
  if (filter.kind === 'compare' && filter.op === 'ne')
    return { not: { someEmail: toEmail({ ...filter, op: 'eq' }) } };
  return { someEmail: toEmail(filter) };
}

function toEmail(filter: Filter): EmailFilter {
  switch (filter.kind) {
    case 'and':
      return { all: filter.items.map(toEmail) };
    case 'or':
      return { any: filter.items.map(toEmail) };
    case 'not':
      return { not: toEmail(filter.item) };
    case 'element':
      return toEmail(filter.item);
    default: {
      const field = (filter.target.sub?.name ?? 'value') as EmailField;
      return filter.kind === 'present'
        ? { test: { field, op: 'pr' } }
        : { test: { field, op: filter.op, value: filter.value } };
    }
  }
}
