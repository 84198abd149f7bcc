import type { Db, Runner, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { invalid, notFound } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import type {
  ResourceServerRow,
  ResourceServersService,
} from '../resource-servers/resource-servers.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import * as changes from './role-changes.queries.js';
import { refuseNotHeld } from './role-changes.service.js';
import type { AssignmentRow, HeldRow } from './role-lists.queries.js';
import * as lists from './role-lists.queries.js';
import type { RoleRow } from './roles.service.js';
import {
  assignInput,
  type HeldScope,
  type HolderKind,
  type HolderResult,
  holdersInput,
} from './roles.types.js';

export type { AssignmentRow, HeldRow } from './role-lists.queries.js';

interface Deps {
  db: Db;
  command: Runner;
  resourceServers: Pick<ResourceServersService, 'findRow'>;
  guard: AccessGuard;
}

interface Target {
  readonly role: RoleRow;
  readonly server: ResourceServerRow;
  readonly scopes: readonly string[];
}

export interface Assigned {
  readonly role: RoleRow;
  readonly results: readonly HolderResult[];
  readonly warnings: readonly Warning[];
}

const KINDS = ['IDENTITY', 'GROUP'] as const;

/** Who holds which role, by themselves or through a group, and how far it reaches. */
export function createRoleAssignmentsService({ db, command, resourceServers, guard }: Deps) {
  async function targetOf(work: Work, roleId: string): Promise<Target> {
    const role = await changes.lockRole(work.tx, work.ctx.realm.id, roleId);
    const server = role && (await resourceServers.findRow(work.tx, role.realm_id, role.resource_server_id));
    if (!role || !server) throw notFound('role');
    const rows = await lists.selectScopesOfRoles(work.tx, role.realm_id, [role.id]);
    return { role, server, scopes: rows.map(({ scope }) => scope) };
  }

  async function reachOf(
    work: Work,
    server: ResourceServerRow,
    wanted: readonly string[] | null | undefined,
  ): Promise<string[] | null> {
    if (wanted == null) return null;
    if (server.managed !== 'MANAGEMENT_API')
      throw invalid('Only roles of the Management API reach other realms.', 'reachesRealmIds');
    const named = [...new Set(wanted)].sort();
    const known = await changes.selectRealmsOf(work.tx, work.ctx.realm.tenantId, named);
    if (known.length < named.length) throw invalid('There is no such realm.', 'reachesRealmIds');
    return named;
  }

  /** One event for each holder for whom it is another way than before. */
  async function each(
    work: Work,
    { role }: Target,
    asked: Readonly<Record<HolderKind, readonly string[]>>,
    type: 'role.assigned' | 'role.unassigned',
    act: (kind: HolderKind, present: readonly string[]) => Promise<readonly string[]>,
    more: { reachesRealmIds?: readonly string[] | null } = {},
  ): Promise<HolderResult[]> {
    const results: HolderResult[] = [];
    for (const kind of KINDS) {
      const ids = [...new Set(asked[kind])];
      const names = await changes.lockHolders(work.tx, role.realm_id, kind, ids.filter(isId));
      const changed = new Set(await act(kind, [...names.keys()]));
      for (const id of changed)
        work.record(
          type,
          { roleId: role.id, roleName: role.display_name, ...more },
          { subject: { kind, id, name: names.get(id) ?? id } },
        );
      results.push(...ids.map((id) => ({ kind, id, changed: changed.has(id), missing: !names.has(id) })));
    }
    if (!results.some(({ changed }) => changed)) work.unchanged();
    return results;
  }

  return {
    /**
     * A holder that has the role already has it as far as is said now.
     * @throws DomainError SCOPE_NOT_HELD for power over the tenant that the caller lacks
     */
    assign: command({
      name: 'roles.assign',
      scope: 'roles:update',
      input: assignInput,
      body: async (work, input): Promise<Assigned> => {
        const target = await targetOf(work, input.roleId);
        const { role, server, scopes } = target;
        const reach = await reachOf(work, server, input.reachesRealmIds);
        // What it gave before may go with it.
        const before = await changes.selectReaches(work.tx, role, {
          identityIds: input.identityIds.filter(isId),
          groupIds: input.groupIds.filter(isId),
        });
        refuseNotHeld(work, server, scopes, [reach, ...before]);
        const results = await each(
          work,
          target,
          { IDENTITY: input.identityIds, GROUP: input.groupIds },
          'role.assigned',
          (kind, present) =>
            changes.upsertAssignments(
              work.tx,
              role,
              kind,
              present.map((holderId) => ({ id: newId(), holderId })),
              reach,
            ),
          server.managed === 'MANAGEMENT_API' ? { reachesRealmIds: reach } : {},
        );
        // Less reach than before is something taken away.
        return { role, results, warnings: before.length > 0 ? await guard.check(work) : [] };
      },
    }),

    /** @throws DomainError SCOPE_NOT_HELD for power over the tenant that the caller lacks, ADMIN_LOCKOUT */
    unassign: command({
      name: 'roles.unassign',
      scope: 'roles:update',
      input: holdersInput,
      body: async (work, input): Promise<Assigned> => {
        const target = await targetOf(work, input.roleId);
        const { role, server, scopes } = target;
        const before = await changes.selectReaches(work.tx, role, {
          identityIds: input.identityIds.filter(isId),
          groupIds: input.groupIds.filter(isId),
        });
        refuseNotHeld(work, server, scopes, before);
        const results = await each(
          work,
          target,
          { IDENTITY: input.identityIds, GROUP: input.groupIds },
          'role.unassigned',
          (kind, present) => changes.deleteAssignments(work.tx, role, kind, present),
        );
        const taken = results.some(({ changed }) => changed);
        return { role, results, warnings: taken ? await guard.check(work) : [] };
      },
    }),

    async holders(ctx: RealmCtx, roleId: string, args: PageArgs): Promise<Page<AssignmentRow>> {
      requireScope(ctx, 'roles:read');
      const slice = sliceOf(args);
      return pageById(slice, await lists.selectAssignments(db, ctx.realm.id, roleId, slice));
    },

    /** @returns what each identity holds, its own and its groups', in the order asked */
    async heldByIdentities(ctx: RealmCtx, ids: readonly string[]): Promise<HeldRow[][]> {
      requireScope(ctx, 'roles:read');
      return ofMany(ids, await lists.selectHeldByIdentities(db, ctx.realm.id, ids));
    },

    async heldByGroups(ctx: RealmCtx, ids: readonly string[]): Promise<HeldRow[][]> {
      requireScope(ctx, 'roles:read');
      return ofMany(ids, await lists.selectHeldByGroups(db, ctx.realm.id, ids));
    },

    /** The scopes of one resource server that the identity holds now, each with every way that gave it. */
    async effectiveScopes(ctx: RealmCtx, identityId: string, serverId: string): Promise<HeldScope[]> {
      requireScope(ctx, 'roles:read');
      const held = (await lists.selectHeldByIdentities(db, ctx.realm.id, [identityId])).filter(
        (row) => row.resource_server_id === serverId,
      );
      if (held.length === 0) return [];
      const roleIds = [...new Set(held.map((row) => row.role_id))];
      const scopes = await lists.selectScopesOfRoles(db, ctx.realm.id, roleIds);
      const byScope = Map.groupBy(scopes, ({ scope }) => scope);
      return [...byScope]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([scope, rows]) => {
          const through = held.filter((row) => rows.some(({ role_id }) => role_id === row.role_id));
          return { scope, reachesRealmIds: reachTogether(through), through: through.map(wayOf) };
        });
    },
  };
}

const wayOf = (row: HeldRow): HeldScope['through'][number] => ({
  roleId: row.role_id,
  roleName: row.role_name,
  groupId: row.group_id,
  groupName: row.group_name,
  reachesRealmIds: row.reaches_realm_ids,
});

const reachTogether = (rows: readonly HeldRow[]): string[] | null =>
  rows.some((row) => row.reaches_realm_ids === null)
    ? null
    : [...new Set(rows.flatMap((row) => row.reaches_realm_ids ?? []))].sort();

function ofMany(ids: readonly string[], rows: readonly HeldRow[]): HeldRow[][] {
  const byHolder = Map.groupBy(rows, (row) => row.holder_id);
  return ids.map((id) => byHolder.get(id) ?? []);
}
