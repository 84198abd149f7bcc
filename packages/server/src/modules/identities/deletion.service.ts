import { z } from 'zod';
import type { IdentitySnapshot } from '../../database/schema.js';
import { now } from '../../kernel/clock.js';
import { type Db, parseInput, type Runner, type Work } from '../../kernel/command.js';
import { actorName, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, notFound } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageOf, sliceOf } from '../../kernel/page.js';
import { comparable, id } from '../../kernel/text.js';
import type { RolesService } from '../roles/roles.service.js';
import * as queries from './deletion.queries.js';
import { usernameConstraints } from './identities.constraints.js';
import { deleteIdentity, type IdentityRow, selectIdentity } from './identities.queries.js';
import { usernameKey } from './identities.types.js';

export type { DeletedIdentityRow } from './deletion.queries.js';

interface Deps {
  db: Db;
  command: Runner;
  roles: Pick<RolesService, 'refuseMorePowerful' | 'managementScopes'>;
}

/** What hung on a deleted identity and could not be put back, because it is gone or taken. */
export interface Skipped {
  readonly kind: 'GROUP' | 'ROLE' | 'CREDENTIAL';
  readonly id: string;
  readonly name: string;
}

export interface Restored {
  readonly identity: IdentityRow;
  readonly skipped: readonly Skipped[];
}

export interface RestoreResult extends Partial<Restored> {
  readonly identityId: string;
  readonly error: DomainError | undefined;
}

const UNDO_DAYS = 7;
const DAY = 86_400_000;
const PURGED_AT_ONCE = 500;

const restoreMany = z.object({
  identityIds: z.array(id).min(1).max(1000, 'At most 1,000 ids at a time.'),
});

const subjectOf = (row: IdentityRow) => ({ kind: 'IDENTITY' as const, id: row.id, name: row.display_name });

export type DeletionService = ReturnType<typeof createDeletionService>;

/**
 * A deleted identity leaves the directory's tables for one that nothing else reads, so no query can forget that it is
 * gone, and its username is free at once.
 */
export function createDeletionService({ db, command, roles }: Deps) {
  /** @returns what could not be put back */
  async function putBack(work: Work, kept: IdentitySnapshot): Promise<Skipped[]> {
    const { tx } = work;
    const passkeys = await queries.restoreRows(tx, 'passkeys', kept.passkeys, true);
    await queries.restoreRows(tx, 'credential_binding_jobs', kept.bindingJobs.map(closed), true);
    const groupIds = kept.memberships.map((row) => row.group_id);
    const groups = await queries.lockExisting(tx, 'groups', work.ctx.realm.id, groupIds);
    const members = kept.memberships.filter((row) => groups.has(row.group_id));
    await queries.restoreRows(tx, 'group_members', members, true);
    const roleIds = kept.roleAssignments.map((row) => row.role_id);
    const known = await queries.lockExisting(tx, 'roles', work.ctx.realm.id, roleIds);
    const assigned = kept.roleAssignments.filter((row) => known.has(row.role_id));
    await queries.restoreRows(tx, 'role_assignments', assigned, true);
    return [
      ...kept.passkeys
        .filter((_, at) => !passkeys[at])
        .map((row) => ({ kind: 'CREDENTIAL' as const, id: String(row.id), name: String(row.name) })),
      ...kept.memberships
        .filter((row) => !groups.has(row.group_id))
        .map((row) => ({ kind: 'GROUP' as const, id: row.group_id, name: row._name })),
      ...kept.roleAssignments
        .filter((row) => !known.has(row.role_id))
        .map((row) => ({ kind: 'ROLE' as const, id: row.role_id, name: row._name })),
    ];
  }

  const restore = command({
    name: 'identities.restore',
    scope: 'identities:create',
    input: z.object({ identityId: id }),
    constraints: usernameConstraints,
    body: async (work, input): Promise<Restored> => {
      const realmId = work.ctx.realm.id;
      await queries.lockPerson(work.tx, input.identityId);
      const kept = await queries.takeDeleted(work.tx, realmId, input.identityId, now());
      if (!kept) throw notFound('deleted identity');
      const row = {
        ...kept.snapshot.identity,
        username_key: usernameKey(kept.username),
        version: Number(kept.snapshot.identity.version) + 1,
        updated_at: now().toISOString(),
      };
      await queries.restoreRows(work.tx, 'identities', [row], false);
      const skipped = await putBack(work, kept.snapshot);
      // Whoever brings someone back gives them what they hold from now on.
      await roles.refuseMorePowerful(work, kept.id);
      const identity = await selectIdentity(work.tx, realmId, kept.id);
      if (!identity) throw new Error(`identity ${kept.id} was not put back`);
      work.record(
        'identity.restored',
        { username: identity.username, skipped },
        { subject: subjectOf(identity) },
      );
      return { identity, skipped };
    },
  });

  return {
    restore,

    /**
     * Inside the transaction that locked the row: takes the identity and all that hangs on it out of the directory.
     * @param end ends what the identity can act with, and says how many sessions that were
     */
    async removeIn(work: Work, row: IdentityRow, end: () => Promise<number>): Promise<void> {
      await queries.lockHanging(work.tx, row);
      const endedSessions = await end();
      const at = now();
      const purgeAt = new Date(at.getTime() + UNDO_DAYS * DAY);
      const snapshot = await queries.selectSnapshot(work.tx, row);
      await queries.insertDeleted(work.tx, {
        realm_id: row.realm_id,
        id: row.id,
        username: row.username,
        display_name: row.display_name,
        external_id: row.external_id,
        searched: comparable([row.username, row.display_name, row.email, row.external_id].join(' ')),
        management_scopes: await roles.managementScopes(work, row.id),
        deleted_at: at,
        deleted_by_name: actorName(work.ctx.actor),
        purge_at: purgeAt,
        snapshot: JSON.stringify(snapshot),
      });
      await deleteIdentity(work.tx, row);
      work.record(
        'identity.deleted',
        { username: row.username, endedSessions, restorableUntil: purgeAt.toISOString() },
        { subject: subjectOf(row) },
      );
    },

    /** Each by itself. @returns an answer for each id, in the order asked */
    async restoreMany(ctx: RealmCtx, raw: unknown): Promise<RestoreResult[]> {
      requireScope(ctx, 'identities:create');
      const { identityIds } = parseInput(restoreMany, raw);
      const results: RestoreResult[] = [];
      for (const identityId of identityIds) {
        const done = await restore(ctx, { identityId }).catch((error: unknown) => {
          if (error instanceof DomainError) return error;
          throw error;
        });
        results.push(
          done instanceof DomainError
            ? { identityId, error: done }
            : { identityId, ...done, error: undefined },
        );
      }
      return results;
    },

    async list(
      ctx: RealmCtx,
      query: string | undefined,
      args: PageArgs,
    ): Promise<Page<queries.DeletedIdentityRow>> {
      requireScope(ctx, 'identities:read');
      const slice = sliceOf(args, 2);
      const [deletedAt = '', last = ''] = slice.from ?? [];
      if (slice.from && (Number.isNaN(Date.parse(deletedAt)) || !isId(last)))
        throw invalid('This cursor does not belong to this list.', 'after');
      const rows = await queries.selectDeleted(db, ctx.realm.id, slice, query, now());
      return pageOf(
        slice,
        rows,
        (row) => row,
        (row) => [row.deleted_at.toISOString(), row.id],
      );
    },

    /** Inside an open transaction: passkeys of a model stay revoked for whoever is brought back. @returns how many people */
    revokeKeptOfModel: (work: Work, aaguid: string): Promise<number> =>
      queries.revokeKeptOfModel(work.tx, work.ctx.realm.id, aaguid, now()),

    /** For housekeeping: forgets those whose time is over, some at a time so that no transaction grows with a realm. */
    async purge(): Promise<void> {
      while ((await queries.purgeDeleted(db, now(), PURGED_AT_ONCE)) === PURGED_AT_ONCE);
    },
  };
}

/** A link that was open when its holder was deleted is history, never a way in. */
const closed = (row: Record<string, unknown>): Record<string, unknown> =>
  ['LINK_SENT', 'LINK_OPENED', 'CHALLENGED'].includes(String(row.status))
    ? { ...row, status: 'REVOKED' }
    : row;
