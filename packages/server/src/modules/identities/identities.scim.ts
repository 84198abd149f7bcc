import type { RealmCtx } from '../../kernel/context.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import type { Done, ScimUsers, Stored } from '../../protocols/scim/contract.js';
import { badRequest } from '../../protocols/scim/errors.js';
import type { Attribute } from '../../protocols/scim/schema.js';
import type { AttributeSchema } from '../attribute-schemas/attribute-schemas.types.js';
import { declaredAttributes } from './custom.scim.js';
import { orderOf, toDirectory } from './filter.scim.js';
import {
  type Changed,
  type IdentitiesService,
  type IdentityRow,
  type Profile,
  profileOf,
} from './identities.service.js';
import { ATTRIBUTE_OF, toProfile, toResource } from './profile.scim.js';

interface Deps {
  readonly identities: IdentitiesService;
  readonly schemaOf: (realmId: string) => Promise<AttributeSchema>;
  /** The groups of each identity, in the order asked; undefined where they are too many for one answer. */
  readonly groupsOf: (
    ctx: RealmCtx,
    ids: readonly string[],
  ) => Promise<readonly (readonly { id: string; display: string }[])[] | undefined>;
  /** Around what may take access from somebody. */
  readonly guarded: <T>(ctx: RealmCtx, run: () => Promise<T>) => Promise<T>;
}

/** The directory as a SCIM client sees it: the same service as GraphQL, in SCIM's words. */
export function createScimUsers({ identities, schemaOf, groupsOf, guarded }: Deps): ScimUsers<RealmCtx> {
  const shown = async (ctx: RealmCtx, rows: readonly IdentityRow[], related: boolean): Promise<Stored[]> => {
    const ids = rows.map(({ id }) => id);
    const groups = related && ids.length > 0 ? await groupsOf(ctx, ids) : [];
    if (!groups)
      throw badRequest('tooMany', 'Ask for fewer users at a time, or with excludedAttributes=groups.');
    return rows.map((row, at) => stored(ctx, row, groups[at]));
  };

  return {
    custom: async (ctx): Promise<readonly Attribute[]> => declaredAttributes(await schemaOf(ctx.realm.id)),

    async create(ctx, user) {
      const row = await inScimWords(identities.create(ctx, toProfile(user)));
      return { stored: stored(ctx, row, []), effect: 'created' };
    },

    async find(ctx, id, related) {
      const row = await identities.find(ctx, id);
      return row && (await shown(ctx, [row], related))[0];
    },

    async list(ctx, { filter, sort, span, related }) {
      const asked = { filter: filter && toDirectory(ctx, filter), order: sort && orderOf(ctx, sort), span };
      const { rows, total, next } = await identities.listFiltered(ctx, { ...asked, related });
      const along = rows.flatMap(({ groups }) => (groups ? [groups] : []));
      const items =
        related && along.length === rows.length
          ? rows.map((row, at) => stored(ctx, row, along[at]))
          : await shown(ctx, rows, related);
      return { items, totalResults: total, next };
    },

    async change(ctx, id, change, { ifVersion, related }): Promise<Done> {
      const apply = (current: Profile): Profile => ({
        ...current,
        ...toProfile(change(toResource(current))),
      });
      const work = guarded(ctx, () => identities.change(ctx, { id: known(id), ifVersion, change: apply }));
      const changed = await inScimWords(work);
      // It is changed by now: too many groups are no reason to say that it failed.
      const [groups] = (related && (await groupsOf(ctx, [changed.identity.id]))) || [];
      return { stored: stored(ctx, changed.identity, groups), effect: effectOf(changed) };
    },

    async remove(ctx, id, ifVersion) {
      await guarded(ctx, () => identities.remove(ctx, { identityId: known(id), ifVersion }));
      return 'deleted';
    },
  };
}

/** An id that can't be one of ours is one that does not exist. */
function known(id: string): string {
  if (!isId(id)) throw notFound('user');
  return id;
}

/** Names of attributes, never a value. */
function effectOf({ changed, identity }: Changed): string | undefined {
  const words = changed.map((field) => {
    if (field === 'active') return identity.status === 'ACTIVE' ? 'activated' : 'suspended';
    return `changed ${ATTRIBUTE_OF.get(field) ?? field}`;
  });
  return words.length === 0 ? undefined : words.join(', ');
}

/** A fault in a field is told by the name that the client knows the field by. */
async function inScimWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'invalid' || !error.path) throw error;
    const [field = '', ...rest] = error.path;
    const path = [ATTRIBUTE_OF.get(field) ?? field, ...rest];
    throw new DomainError('invalid', error.code, error.message, { path, cause: error });
  }
}

/** What a client calls it is between it and us: another client does not see it. */
function stored(ctx: RealmCtx, row: IdentityRow, groups: Stored['related']): Stored {
  const { provisioning } = ctx;
  const others = provisioning && row.provisioned_by !== null && row.provisioned_by !== provisioning.clientId;
  const profile = profileOf(row);
  return {
    id: row.id,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    resource: toResource(others ? { ...profile, externalId: null } : profile),
    ...(groups ? { related: groups } : {}),
  };
}
