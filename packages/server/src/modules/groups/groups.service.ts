import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { IdentitiesTable } from '../../database/schema.js';
import { searchPatterns } from '../../database/search.js';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, managedObject, notFound, versionMismatch } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, pageOf, pagesOfMany, sliceOf } from '../../kernel/page.js';
import { ownerAfter } from '../../kernel/provenance.js';
import { comparable, id, ifVersion, line } from '../../kernel/text.js';
import type { PoliciesService } from '../policies/policies.service.js';
import type { RolesService } from '../roles/roles.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import * as lists from './groups.list.queries.js';
import { addMembers, type Moved, refuseBeyondOwn, removeMembers } from './groups.members.js';
import * as queries from './groups.queries.js';

export type { GroupOrder } from './groups.list.queries.js';
export type { GroupRow } from './groups.queries.js';

type GroupRow = queries.GroupRow;

export interface MemberResult {
  readonly identityId: string;
  readonly changed: boolean;
  readonly error: DomainError | undefined;
}

export interface MembersChanged {
  readonly group: GroupRow;
  readonly results: readonly MemberResult[];
  readonly warnings: readonly Warning[];
}

const nameTaken = () =>
  new DomainError('conflict', 'GROUP_NAME_TAKEN', 'Another group of this realm has this name.', {
    path: ['displayName'],
  });
export const GROUP_CONSTRAINTS = { groups_realm_display_name_key: nameTaken };

/** Nobody waits for the count of a large group. */
const COUNTED = 10_000;

const subjectOf = (row: GroupRow) => ({ kind: 'GROUP' as const, id: row.id, name: row.display_name });

const membersInput = z.object({
  groupId: id,
  identityIds: z.array(id).min(1).max(1000, 'At most 1,000 ids at a time.'),
});

export type GroupsService = ReturnType<typeof createGroupsService>;

interface Deps {
  db: Db;
  command: Runner;
  guard: AccessGuard;
  roles: Pick<RolesService, 'namesGivenTo'>;
  policies: Pick<PoliciesService, 'rulesNaming'>;
}

export function createGroupsService({ db, command, guard, roles, policies }: Deps) {
  async function lock(work: Work, groupId: string, expected?: number | null): Promise<GroupRow> {
    const row = await queries.lockGroup(work.tx, work.ctx.realm.id, groupId);
    if (!row) throw notFound('group');
    if (expected != null && expected !== row.version) throw versionMismatch('group');
    return row;
  }

  async function createIn(
    work: Work,
    input: {
      displayName: string;
      description?: string | null | undefined;
      managed?: string;
      externalId?: string | null;
    },
  ) {
    const row = await queries.insertGroup(work.tx, {
      realm_id: work.ctx.realm.id,
      id: newId(),
      display_name: input.displayName,
      display_name_key: comparable(input.displayName),
      description: input.description ?? null,
      managed: input.managed ?? null,
      external_id: input.externalId ?? null,
      provisioned_by: work.ctx.provisioning?.clientId ?? null,
    });
    work.record('group.created', { displayName: row.display_name }, { subject: subjectOf(row) });
    return row;
  }

  /** What hangs on a group would end or change its meaning without anyone having said so. */
  async function refuseInUse(work: Work, group: GroupRow): Promise<void> {
    const uses = [
      ...(await roles.namesGivenTo(work, group.id)).map((name) => `the role “${name}”`),
      ...(await policies.rulesNaming(work, group.id)).map((name) => `the policy rule “${name}”`),
    ];
    if (uses.length === 0) return;
    const named = uses.slice(0, 10).join(', ');
    const more = uses.length > 10 ? ` and ${uses.length - 10} more` : '';
    throw new DomainError('conflict', 'IN_USE', `This group is used by ${named}${more}.`, {
      path: ['groupId'],
    });
  }

  async function addIn(work: Work, group: GroupRow, identityIds: readonly string[]): Promise<MembersChanged> {
    const change = await addMembers(work, group, identityIds);
    return { group: change.group, results: resultsOf(identityIds, change), warnings: [] };
  }

  return {
    createIn,
    addIn,

    /** Inside an open transaction, for recovery. @returns whether it was no member before */
    async addToManaged(work: Work, managed: string, identityId: string): Promise<boolean> {
      const group = await queries.selectManagedGroup(work.tx, work.ctx.realm.id, managed);
      if (!group) throw notFound('group');
      return (await addIn(work, group, [identityId])).results.some((result) => result.changed);
    },

    /** By name in the form that names are compared in; those that are missing are left out. */
    async findByNames(
      source: Db | Tx,
      realmId: string,
      names: readonly string[],
    ): Promise<Map<string, GroupRow>> {
      const keys = [...new Set(names.map(comparable))];
      const rows = keys.length === 0 ? [] : await queries.selectGroupsByKeys(source, realmId, keys);
      return new Map(rows.map((row) => [row.display_name_key, row]));
    },

    /** For who is going to change them and their members: a group comes before its members, whoever locks them. */
    async lockAll(work: Work, groupIds: readonly string[]): Promise<void> {
      requireScope(work.ctx, 'groups:update');
      await queries.lockGroups(work.tx, work.ctx.realm.id, groupIds);
    },

    async find(ctx: RealmCtx, groupId: string): Promise<GroupRow | undefined> {
      requireScope(ctx, 'groups:read');
      return isId(groupId) ? queries.selectGroup(db, ctx.realm.id, groupId) : undefined;
    },

    async list(
      ctx: RealmCtx,
      {
        order = 'NAME_ASC',
        ...filter
      }: lists.GroupFilter & { readonly order?: lists.GroupOrder | undefined },
      args: PageArgs,
    ): Promise<Page<GroupRow>> {
      requireScope(ctx, 'groups:read');
      const slice = sliceOf(args, 2);
      const [ofOrder = order, from = ''] = slice.from ?? [];
      const column = lists.columnOf(order);
      if (ofOrder !== order || from.includes('\0') || (column === 'id' && from !== '' && !isId(from)))
        throw invalid('This cursor does not belong to this list.', slice.backward ? 'before' : 'after');
      const rows = await lists.selectGroups(db, ctx.realm.id, slice, filter, order);
      return pageOf(
        slice,
        rows,
        (row) => row,
        (row) => [order, row[column]],
      );
    },

    /** How many members each has, in the order asked; 10,000 stands for that many or more. */
    async memberCounts(ctx: RealmCtx, groupIds: readonly string[]): Promise<number[]> {
      requireScope(ctx, 'groups:read');
      const counts = await lists.countMembersOfMany(db, ctx.realm.id, groupIds, COUNTED);
      return groupIds.map((groupId) => counts.get(groupId) ?? 0);
    },

    /** @param query every word of it must be in the member's username, a name, the address or the external id */
    async members(
      ctx: RealmCtx,
      groupId: string,
      { query, ...args }: PageArgs & { readonly query?: string | null | undefined },
    ): Promise<Page<Selectable<IdentitiesTable>>> {
      requireScope(ctx, 'groups:read');
      requireScope(ctx, 'identities:read');
      const slice = sliceOf(args);
      const rows = await lists.selectMembers(db, ctx.realm.id, groupId, slice, searchPatterns(query ?? ''));
      return pageById(slice, rows);
    },

    /** @returns a page for each id, in the order asked */
    async groupsOfMany(
      ctx: RealmCtx,
      identityIds: readonly string[],
      args: PageArgs,
    ): Promise<Page<GroupRow>[]> {
      requireScope(ctx, 'groups:read');
      const slice = sliceOf(args);
      const rows = await lists.selectGroupsOfMany(db, ctx.realm.id, identityIds, slice);
      return pagesOfMany(slice, identityIds, rows, (row) => row.identity_id);
    },

    create: command({
      name: 'groups.create',
      scope: 'groups:create',
      input: z.object({ displayName: line(200), description: line(1000).nullish() }),
      constraints: GROUP_CONSTRAINTS,
      body: (work, input) => createIn(work, input),
    }),

    change: command({
      name: 'groups.change',
      scope: 'groups:update',
      input: z.object({
        groupId: id,
        ifVersion,
        displayName: line(200).optional(),
        description: line(1000).nullish(),
      }),
      constraints: GROUP_CONSTRAINTS,
      body: async (work, input) => {
        const row = await lock(work, input.groupId, input.ifVersion);
        if (row.managed !== null) throw managedObject('group');
        const next = {
          display_name: input.displayName ?? row.display_name,
          description: input.description === undefined ? row.description : input.description,
        };
        const changed = [
          ...(next.display_name === row.display_name ? [] : ['displayName']),
          ...(next.description === row.description ? [] : ['description']),
        ];
        if (changed.length === 0) {
          work.unchanged();
          return row;
        }
        const updated = await queries.updateGroup(work.tx, row, {
          ...next,
          display_name_key: comparable(next.display_name),
          external_id: row.external_id,
          provisioned_by: row.provisioned_by,
          updated_at: now(),
        });
        work.record('group.updated', { changed }, { subject: subjectOf(updated) });
        return updated;
      },
    }),

    remove: command({
      name: 'groups.remove',
      scope: 'groups:delete',
      input: z.object({ groupId: id, ifVersion }),
      body: async (work, input) => {
        const row = await lock(work, input.groupId, input.ifVersion);
        if (row.managed !== null) throw managedObject('group');
        ownerAfter(work.ctx, row);
        await refuseInUse(work, row);
        await queries.deleteGroup(work.tx, row);
        work.record('group.deleted', { displayName: row.display_name }, { subject: subjectOf(row) });
        await guard.check(work);
        return row;
      },
    }),

    addMembers: command({
      name: 'groups.addMembers',
      scope: 'groups:update',
      input: membersInput,
      body: async (work, input): Promise<MembersChanged> => {
        const group = await lock(work, input.groupId);
        await refuseBeyondOwn(work, group);
        return addIn(work, group, input.identityIds);
      },
    }),

    removeMembers: command({
      name: 'groups.removeMembers',
      scope: 'groups:update',
      input: membersInput,
      body: async (work, input): Promise<MembersChanged> => {
        const group = await lock(work, input.groupId);
        const change = await removeMembers(work, group, input.identityIds);
        const present = await queries.selectPresent(work.tx, group.realm_id, input.identityIds);
        return {
          group: change.group,
          results: resultsOf(input.identityIds, { ...change, present }),
          warnings: change.removed.size > 0 ? await guard.check(work) : [],
        };
      },
    }),
  };
}

const resultsOf = (asked: readonly string[], { added, removed, present }: Moved): MemberResult[] =>
  asked.map((identityId) => ({
    identityId,
    changed: added.has(identityId) || removed.has(identityId),
    error: present.has(identityId) ? undefined : notFound('identity'),
  }));
