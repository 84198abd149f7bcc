import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { notFound, versionMismatch } from '../../kernel/errors.js';
import type { Part, Span } from '../../kernel/filter.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageOf, sliceOf } from '../../kernel/page.js';
import { ownerAfter } from '../../kernel/provenance.js';
import { id, ifVersion } from '../../kernel/text.js';
import type { AttributeSchemasService } from '../attribute-schemas/attribute-schemas.service.js';
import type { RolesService } from '../roles/roles.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import type { DeletionService } from './deletion.service.js';
import { changeOf, newProfile, profileOf, subjectOf } from './identities.changes.js';
import { usernameConstraints as constraints } from './identities.constraints.js';
import type { DirectoryFilter, DirectoryOrder } from './identities.filter.js';
import { countFiltered, type ListedRow, selectFiltered } from './identities.filter.queries.js';
import {
  CURSOR_LENGTH,
  type IdentityFilter,
  type IdentityOrder,
  selectIdentities,
  selectLastSignIns,
} from './identities.list.queries.js';
import { createManyDoors } from './identities.many.js';
import * as queries from './identities.queries.js';
import type { Profile } from './identities.types.js';
import { createIndexedPages } from './indexed-pages.js';

export { profileOf } from './identities.changes.js';
export { usernameConstraints } from './identities.constraints.js';
export type { IdentityFilter, IdentityOrder } from './identities.list.queries.js';
export type { IdentityRow } from './identities.queries.js';
export type { Profile } from './identities.types.js';

type IdentityRow = queries.IdentityRow;

interface Deps {
  db: Db;
  command: Runner;
  sessions: { endAllOf(work: Work, identityId: string): Promise<number> };
  roles: Pick<RolesService, 'refuseMorePowerful'>;
  guard: AccessGuard;
  attributeSchemas: Pick<AttributeSchemasService, 'check' | 'checker'>;
  deletion: Pick<DeletionService, 'removeIn'>;
  /** Told of each identity that a provisioning client takes access from. @throws DomainError when it is one too many */
  deprovisioned: (work: Work) => Promise<void>;
}

export interface Changed {
  readonly identity: IdentityRow;
  readonly warnings: readonly Warning[];
  /** The fields that are no longer what they were. */
  readonly changed: readonly string[];
}

export type IdentitiesService = ReturnType<typeof createIdentitiesService>;

export function createIdentitiesService(deps: Deps) {
  const { db, command, sessions, roles, guard, deletion, attributeSchemas, deprovisioned } = deps;
  const pages = createIndexedPages((...asked) => selectFiltered(db, ...asked));

  async function lock(
    work: Work,
    identityId: string,
    expected: number | null | undefined,
  ): Promise<IdentityRow> {
    const row = await queries.lockIdentity(work.tx, work.ctx.realm.id, identityId);
    if (!row) throw notFound('identity');
    if (expected != null && expected !== row.version) throw versionMismatch('identity');
    return row;
  }

  async function createIn(work: Work, value: Profile, wantedId = newId()): Promise<IdentityRow> {
    const { realm, provisioning } = work.ctx;
    await attributeSchemas.check(work, value.attributes);
    const key = { realm_id: realm.id, id: wantedId, provisioned_by: provisioning?.clientId ?? null };
    const row = await queries.insertIdentity(work.tx, key, value);
    work.record('identity.created', { username: row.username }, { subject: subjectOf(row) });
    return row;
  }

  /** Every change of an existing identity ends here, whatever door it came through. */
  async function applyChange(work: Work, row: IdentityRow, wanted: unknown): Promise<Changed> {
    const { value, changed } = changeOf(row, wanted);
    if (changed.includes('attributes')) await attributeSchemas.check(work, value.attributes);
    const owner = ownerAfter(work.ctx, row);
    if (changed.length === 0 && owner === row.provisioned_by) {
      work.unchanged();
      return { identity: row, warnings: [], changed };
    }
    const updated = await queries.updateIdentity(work.tx, row, value, {
      updated_at: now(),
      provisioned_by: owner,
    });
    const subject = subjectOf(updated);
    if (owner !== row.provisioned_by) work.record('identity.adopted', {}, { subject });
    const fields = changed.filter((key) => key !== 'active');
    if (fields.length > 0) work.record('identity.updated', { changed: fields }, { subject });
    if (!changed.includes('active')) return { identity: updated, warnings: [], changed };
    if (value.active) {
      work.record('identity.activated', {}, { subject });
      return { identity: updated, warnings: [], changed };
    }
    const endedSessions = await endAccess(work, row.id);
    work.record('identity.suspended', { endedSessions }, { subject });
    return { identity: updated, warnings: await guard.check(work), changed };
  }

  /** The one way in which an identity stops being one that can act. */
  async function endAccess(work: Work, identityId: string): Promise<number> {
    await deprovisioned(work);
    return sessions.endAllOf(work, identityId);
  }

  const change = command({
    name: 'identities.change',
    scope: 'identities:update',
    input: z.object({
      id,
      ifVersion,
      /** Applied to the locked row, so that two changes at once both survive. */
      change: z.custom<(current: Profile) => unknown>((value) => typeof value === 'function'),
    }),
    constraints,
    body: async (work, input) => {
      const row = await lock(work, input.id, input.ifVersion);
      await roles.refuseMorePowerful(work, row.id);
      return applyChange(work, row, input.change(profileOf(row)));
    },
  });

  return {
    createIn,
    change,
    ...createManyDoors({ command, attributeSchemas }),
    find: async (ctx: RealmCtx, identityId: string): Promise<IdentityRow | undefined> => {
      requireScope(ctx, 'identities:read');
      return isId(identityId) ? queries.selectIdentity(db, ctx.realm.id, identityId) : undefined;
    },
    /** Inside an open transaction, for recovery. @returns whether it was suspended */
    async reactivate(work: Work, identityId: string): Promise<boolean> {
      const row = await lock(work, identityId, null);
      if (row.status === 'ACTIVE') return false;
      await applyChange(work, row, { ...profileOf(row), active: true });
      return true;
    },
    findRow: (source: Db | Tx, realmId: string, identityId: string) =>
      queries.selectIdentity(source, realmId, identityId),
    findByUsername: (source: Db | Tx, realmId: string, username: string) =>
      queries.selectByUsername(source, realmId, username),
    /** One of them, or two where it is ambiguous. */
    findByExternalId: (source: Db | Tx, realmId: string, externalId: string) =>
      queries.selectByExternalId(source, realmId, externalId),
    /** Whoever has one of these addresses among their own, without regard to case. @returns at most `limit` */
    findByAddress: (tx: Tx, realmId: string, addresses: readonly string[], limit: number) =>
      queries.selectByAddress(tx, realmId, addresses, limit),
    /** Whether nobody else of the realm has the same primary address. */
    ownsEmail: async (identity: IdentityRow | undefined): Promise<boolean> =>
      identity?.email != null && (await queries.countByEmail(db, identity.realm_id, identity.email)) === 1,
    findMany: (ctx: RealmCtx, ids: readonly string[]) => {
      requireScope(ctx, 'identities:read');
      return queries.selectMany(db, ctx.realm.id, ids);
    },
    /** Before a passkey or a binding job of the identity changes, which may write down that it is enrolled. */
    lockAlone: (work: Work, identityId: string) =>
      queries.lockIdentity(work.tx, work.ctx.realm.id, identityId),
    lockShared: (work: Work, identityId: string) =>
      queries.lockIdentityShared(work.tx, work.ctx.realm.id, identityId),
    groupIds: queries.selectGroupIds,

    /** How many the realm holds; known without counting them. */
    count(ctx: RealmCtx): Promise<number> {
      requireScope(ctx, 'identities:read');
      return countFiltered(db, ctx.realm.id, undefined);
    },

    /** When each signed in last, in the order asked. */
    async lastSignIns(ctx: RealmCtx, ids: readonly string[]): Promise<(Date | null)[]> {
      requireScope(ctx, 'identities:read');
      const found = await selectLastSignIns(db, ctx.realm.id, ids);
      return ids.map((one) => found.get(one) ?? null);
    },

    /** @param order BEST_MATCH with a query, USERNAME_ASC otherwise, unless said */
    async list(
      ctx: RealmCtx,
      filter: IdentityFilter,
      order: IdentityOrder | undefined,
      args: PageArgs,
    ): Promise<Page<IdentityRow>> {
      requireScope(ctx, 'identities:read');
      const slice = sliceOf(args, CURSOR_LENGTH);
      const rows = await selectIdentities(db, ctx.realm.id, slice, filter, order ?? 'BEST_MATCH');
      return pageOf(
        slice,
        rows,
        ({ row }) => row,
        ({ position }) => position,
      );
    },

    /**
     * A part of the list with the exact number of all that match: what a provisioning client pages by.
     * @param asked.related whether groups come along: null for somebody who is in too many for that
     */
    async listFiltered(
      ctx: RealmCtx,
      asked: {
        filter: DirectoryFilter | undefined;
        order: DirectoryOrder | undefined;
        span: Span;
        related: boolean;
      },
    ): Promise<Part<ListedRow> & { total: number }> {
      requireScope(ctx, 'identities:read');
      const { filter, order, span, related } = asked;
      if (related) requireScope(ctx, 'groups:read');
      const part =
        span.limit === 0
          ? { rows: [], next: undefined }
          : await pages.read(ctx.realm.id, filter, order, span, related);
      // A first page that is not full is the whole of it.
      const first = 'after' in span ? span.after === undefined : span.offset === 0;
      const whole = first && part.next === undefined && span.limit > part.rows.length;
      const total = whole ? part.rows.length : await countFiltered(db, ctx.realm.id, filter);
      return { ...part, total };
    },

    create: command({
      name: 'identities.create',
      scope: 'identities:create',
      input: newProfile,
      constraints,
      body: createIn,
    }),

    suspend: (
      ctx: RealmCtx,
      input: { identityId: string; ifVersion?: number | null | undefined },
    ): Promise<Changed> =>
      change(ctx, {
        id: input.identityId,
        ifVersion: input.ifVersion,
        change: (current: Profile) => ({ ...current, active: false }),
      }),

    activate: (
      ctx: RealmCtx,
      input: { identityId: string; ifVersion?: number | null | undefined },
    ): Promise<Changed> =>
      change(ctx, {
        id: input.identityId,
        ifVersion: input.ifVersion,
        change: (current: Profile) => ({ ...current, active: true }),
      }),

    remove: command({
      name: 'identities.remove',
      scope: 'identities:delete',
      input: z.object({ identityId: id, ifVersion }),
      body: async (work, input): Promise<Changed> => {
        const row = await lock(work, input.identityId, input.ifVersion);
        await roles.refuseMorePowerful(work, row.id);
        ownerAfter(work.ctx, row);
        await deletion.removeIn(work, row, () => endAccess(work, row.id));
        return { identity: row, warnings: await guard.check(work), changed: [] };
      },
    }),
  };
}
