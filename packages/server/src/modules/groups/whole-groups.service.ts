import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { invalid, managedObject, notFound, versionMismatch } from '../../kernel/errors.js';
import type { Part, Span } from '../../kernel/filter.js';
import { isId } from '../../kernel/ids.js';
import { ownerAfter } from '../../kernel/provenance.js';
import { comparable, id, ifVersion, verbatim } from '../../kernel/text.js';
import type { AccessGuard } from '../tenants/lockout.types.js';
import type { GroupsFilter, GroupsOrder } from './groups.filter.js';
import {
  countFilteredGroups,
  type RelatedRow,
  selectAllGroups,
  selectAllMembers,
  selectFilteredGroups,
} from './groups.filter.queries.js';
import { addMembers, type Moved, refuseBeyondOwn, removeMembers, replaceMembers } from './groups.members.js';
import * as queries from './groups.queries.js';
import { GROUP_CONSTRAINTS, type GroupRow, type GroupsService } from './groups.service.js';
import { type MemberStep, netOf } from './member-steps.js';

const ids = z.array(z.string()).max(20_000, 'At most 20,000 members at a time.');
const step = z.object({ kind: z.enum(['add', 'remove', 'replace']), ids });

const name = verbatim(200);
const externalId = verbatim(512).nullable();

/** What a change of a group came to. */
export interface GroupChanged {
  readonly group: GroupRow;
  /** The fields that are no longer what they were. */
  readonly changed: readonly string[];
  readonly added: number;
  readonly removed: number;
}

/** Members, or groups, of one answer: all of them are in memory at once, about 2 KB each. */
const MOST_RELATED = 200_000;

export type WholeGroupsService = ReturnType<typeof createWholeGroupsService>;

/** Groups as one thing with their members: how provisioning clients see them. */
export function createWholeGroupsService(
  {
    db,
    command,
    groups,
    guard,
  }: {
    db: Db;
    command: Runner;
    groups: Pick<GroupsService, 'createIn'>;
    guard: AccessGuard;
  },
  { mostRelated = MOST_RELATED } = {},
) {
  /** All of the members or none: a client that names somebody unknown is told so. */
  async function take(work: Work, group: GroupRow, { kind, ids: named }: MemberStep): Promise<Moved> {
    const known = named.filter(isId);
    if (kind === 'remove') return removeMembers(work, group, known);
    const moved = await (kind === 'add' ? addMembers : replaceMembers)(work, group, known);
    const stranger = named.find((one) => !moved.present.has(one));
    if (stranger !== undefined)
      throw invalid(`There is no identity "${stranger.slice(0, 100)}" to be a member.`, 'members');
    return moved;
  }

  async function takeAll(work: Work, group: GroupRow, asked: readonly MemberStep[]) {
    const steps = netOf(asked);
    let current = group;
    let [added, removed] = [0, 0];
    if (steps.some(({ kind, ids: named }) => kind !== 'remove' && named.length > 0))
      await refuseBeyondOwn(work, group);
    for (const one of steps) {
      const moved = await take(work, current, one);
      current = moved.group;
      added += moved.added.size;
      removed += moved.removed.size;
    }
    if (removed > 0) await guard.check(work);
    return { group: current, added, removed };
  }

  /** Not the groups that Keyrealm itself refers to, and not those of others. */
  async function lockOwn(work: Work, groupId: string, expected: number | null | undefined) {
    const row = await queries.lockGroup(work.tx, work.ctx.realm.id, groupId);
    if (!row) throw notFound('group');
    if (row.managed !== null) throw managedObject('group');
    if (expected != null && expected !== row.version) throw versionMismatch('group');
    return { row, owner: ownerAfter(work.ctx, row) };
  }

  async function rename(
    work: Work,
    row: GroupRow,
    owner: string | null,
    wanted: { displayName?: string | undefined; externalId?: string | null | undefined },
  ): Promise<{ group: GroupRow; changed: string[] }> {
    const displayName = wanted.displayName ?? row.display_name;
    const external = wanted.externalId === undefined ? row.external_id : wanted.externalId;
    const changed = [
      ...(displayName === row.display_name ? [] : ['displayName']),
      ...(external === row.external_id ? [] : ['externalId']),
    ];
    if (changed.length === 0 && owner === row.provisioned_by) {
      work.unchanged();
      return { group: row, changed };
    }
    const group = await queries.updateGroup(work.tx, row, {
      display_name: displayName,
      display_name_key: comparable(displayName),
      description: row.description,
      external_id: external,
      provisioned_by: owner,
      updated_at: now(),
    });
    const subject = { kind: 'GROUP' as const, id: group.id, name: group.display_name };
    if (owner !== row.provisioned_by) work.record('group.adopted', {}, { subject });
    if (changed.length > 0) work.record('group.updated', { changed }, { subject });
    return { group, changed };
  }

  const relatedOf = (owners: readonly string[], rows: readonly RelatedRow[]) => {
    if (rows.length > mostRelated) return undefined;
    const byOwner = Map.groupBy(rows, ({ owner }) => owner);
    return owners.map((owner) => byOwner.get(owner) ?? []);
  };

  return {
    create: command({
      name: 'groups.createWhole',
      scope: 'groups:create',
      input: z.object({ displayName: name, externalId, members: ids }),
      constraints: GROUP_CONSTRAINTS,
      body: async (work, input): Promise<GroupChanged> => {
        const made = await groups.createIn(work, input);
        const steps = input.members.length > 0 ? [{ kind: 'add' as const, ids: input.members }] : [];
        return { ...(await takeAll(work, made, steps)), changed: ['displayName'] };
      },
    }),

    change: command({
      name: 'groups.changeWhole',
      scope: 'groups:update',
      input: z.object({
        groupId: id,
        ifVersion,
        displayName: name.optional(),
        externalId: externalId.optional(),
        steps: z.array(step).max(1000),
      }),
      constraints: GROUP_CONSTRAINTS,
      body: async (work, input): Promise<GroupChanged> => {
        const { row, owner } = await lockOwn(work, input.groupId, input.ifVersion);
        const { group, changed } = await rename(work, row, owner, input);
        return { ...(await takeAll(work, group, input.steps)), changed };
      },
    }),

    /** A part of the list with the exact number of all that match. */
    async list(
      ctx: RealmCtx,
      asked: { filter: GroupsFilter | undefined; order: GroupsOrder | undefined; span: Span },
    ): Promise<Part<GroupRow> & { total: number }> {
      requireScope(ctx, 'groups:read');
      const { filter, order, span } = asked;
      const part =
        span.limit === 0
          ? { rows: [], next: undefined }
          : await selectFilteredGroups(db, ctx.realm.id, filter, order, span);
      return { ...part, total: await countFilteredGroups(db, ctx.realm.id, filter) };
    },

    /** @returns all members of each group, in the order asked; undefined where they are too many for one answer */
    async membersOf(ctx: RealmCtx, groupIds: readonly string[]): Promise<RelatedRow[][] | undefined> {
      requireScope(ctx, 'groups:read');
      return relatedOf(groupIds, await selectAllMembers(db, ctx.realm.id, groupIds, mostRelated));
    },

    /** @returns all groups of each identity, in the order asked; undefined where they are too many for one answer */
    async groupsOf(ctx: RealmCtx, identityIds: readonly string[]): Promise<RelatedRow[][] | undefined> {
      requireScope(ctx, 'groups:read');
      return relatedOf(identityIds, await selectAllGroups(db, ctx.realm.id, identityIds, mostRelated));
    },
  };
}
