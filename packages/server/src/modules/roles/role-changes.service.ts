import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { covers, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, managedObject, notFound, versionMismatch } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import type {
  ResourceServerRow,
  ResourceServersService,
} from '../resource-servers/resource-servers.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import * as changes from './role-changes.queries.js';
import type { RoleFilter } from './role-lists.queries.js';
import * as lists from './role-lists.queries.js';
import { insertRoleScopes } from './roles.queries.js';
import type { RoleRow, RolesService } from './roles.service.js';
import { createInput, deleteInput, updateInput } from './roles.types.js';

interface Deps {
  db: Db;
  command: Runner;
  roles: Pick<RolesService, 'createIn'>;
  resourceServers: Pick<ResourceServersService, 'findRow' | 'scopesOfMany'>;
  guard: AccessGuard;
}

const NAMED = 10;

/** Roles as administrators make them: named sets of scopes of one resource server. */
export function createRoleChangesService({ db, command, roles, resourceServers, guard }: Deps) {
  async function scopesOf(work: Work, roleId: string): Promise<string[]> {
    const rows = await lists.selectScopesOfRoles(work.tx, work.ctx.realm.id, [roleId]);
    return rows.map(({ scope }) => scope);
  }

  async function serverOf(work: Work, serverId: string): Promise<ResourceServerRow> {
    const server = await resourceServers.findRow(work.tx, work.ctx.realm.id, serverId);
    if (!server) throw invalid('There is no such resource server in this realm.', 'resourceServerId');
    return server;
  }

  async function refuseUnknown(work: Work, server: ResourceServerRow, wanted: readonly string[]) {
    const [known = []] = await resourceServers.scopesOfMany(work.tx, server.realm_id, [server.id]);
    const names = new Set(known.map(({ name }) => name));
    const unknown = wanted.find((scope) => !names.has(scope));
    if (unknown !== undefined)
      throw invalid(`There is no scope ${unknown} in “${server.display_name}”.`, 'scopes');
  }

  async function lock(work: Work, roleId: string, expected: number | null | undefined): Promise<RoleRow> {
    const row = await changes.lockRole(work.tx, work.ctx.realm.id, roleId);
    if (!row) throw notFound('role');
    if (row.managed !== null) throw managedObject('role');
    if (expected != null && expected !== row.version) throw versionMismatch('role');
    return row;
  }

  /** What a role gives reaches as far as its assignments; one that nobody holds may yet be given for the whole tenant. */
  async function refuseBeyondOwn(
    work: Work,
    server: ResourceServerRow,
    role: RoleRow,
    scopes: readonly string[],
  ) {
    const reaches = await changes.selectReaches(work.tx, role, undefined);
    refuseNotHeld(work, server, scopes, reaches.length > 0 ? reaches : [null]);
  }

  return {
    create: command({
      name: 'roles.create',
      scope: 'roles:create',
      input: createInput,
      constraints: CONSTRAINTS,
      body: async (work, input): Promise<RoleRow> => {
        const server = await serverOf(work, input.resourceServerId);
        await refuseUnknown(work, server, input.scopes);
        refuseNotHeld(work, server, input.scopes, [null]);
        return roles.createIn(work, { ...input, description: input.description ?? null, managed: null });
      },
    }),

    /** Whoever changes what a role gives must hold what comes and what goes, as far as the role reaches. */
    update: command({
      name: 'roles.update',
      scope: 'roles:update',
      input: updateInput,
      constraints: CONSTRAINTS,
      body: async (work, input): Promise<{ role: RoleRow; warnings: readonly Warning[] }> => {
        const row = await lock(work, input.roleId, input.ifVersion);
        const server = await serverOf(work, row.resource_server_id);
        const before = await scopesOf(work, row.id);
        const wanted = input.scopes ?? before;
        const added = wanted.filter((scope) => !before.includes(scope));
        const removed = before.filter((scope) => !wanted.includes(scope));
        const set = {
          display_name: input.displayName ?? row.display_name,
          description: input.description === undefined ? row.description : input.description,
        };
        const changed = [
          ...(set.display_name === row.display_name ? [] : ['displayName']),
          ...(set.description === row.description ? [] : ['description']),
          ...(added.length + removed.length === 0 ? [] : ['scopes']),
        ];
        if (changed.length === 0) {
          work.unchanged();
          return { role: row, warnings: [] };
        }
        await refuseUnknown(work, server, added);
        await refuseBeyondOwn(work, server, row, [...added, ...removed]);
        if (added.length > 0) await insertRoleScopes(work.tx, row, added);
        if (removed.length > 0) await changes.deleteRoleScopes(work.tx, row, removed);
        const role = await changes.updateRole(work.tx, row, set, now());
        work.record('role.updated', { changed, added, removed }, { subject: subjectOf(role) });
        return { role, warnings: removed.length > 0 ? await guard.check(work) : [] };
      },
    }),

    /** @throws DomainError IN_USE naming who holds it, unless `cascade` takes it from them */
    remove: command({
      name: 'roles.remove',
      scope: 'roles:delete',
      input: deleteInput,
      body: async (work, input): Promise<{ role: RoleRow; warnings: readonly Warning[] }> => {
        const row = await lock(work, input.roleId, input.ifVersion);
        if (!input.cascade) await refuseHeld(work, row);
        const server = await serverOf(work, row.resource_server_id);
        await refuseBeyondOwn(work, server, row, await scopesOf(work, row.id));
        await changes.deleteRole(work.tx, row);
        work.record('role.deleted', { displayName: row.display_name }, { subject: subjectOf(row) });
        return { role: row, warnings: await guard.check(work) };
      },
    }),

    async list(ctx: RealmCtx, filter: RoleFilter, args: PageArgs): Promise<Page<RoleRow>> {
      requireScope(ctx, 'roles:read');
      const slice = sliceOf(args);
      if (filter.resourceServerId !== undefined && !isId(filter.resourceServerId)) return pageById(slice, []);
      return pageById(slice, await lists.selectRoles(db, ctx.realm.id, slice, filter));
    },

    /** @returns the role of each id, in the order asked */
    async findMany(ctx: RealmCtx, ids: readonly string[]): Promise<(RoleRow | undefined)[]> {
      requireScope(ctx, 'roles:read');
      const known = ids.filter(isId);
      const rows = known.length > 0 ? await lists.selectManyRoles(db, ctx.realm.id, known) : [];
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id));
    },

    /** @returns the scopes of each role, in the order asked */
    async scopesFor(ctx: RealmCtx, ids: readonly string[]): Promise<string[][]> {
      requireScope(ctx, 'roles:read');
      const rows = await lists.selectScopesOfRoles(db, ctx.realm.id, ids);
      const byRole = Map.groupBy(rows, (row) => row.role_id);
      return ids.map((id) => (byRole.get(id) ?? []).map(({ scope }) => scope));
    },
  };
}

async function refuseHeld(work: Work, row: RoleRow): Promise<void> {
  const holders = await lists.selectHolderNames(work.tx, row.realm_id, row.id, NAMED);
  if (holders.length === 0) return;
  const named = holders
    .slice(0, NAMED)
    .map(({ kind, name }) => (kind === 'GROUP' ? `the group “${name}”` : `“${name}”`));
  const more = holders.length > NAMED ? ' and others' : '';
  throw new DomainError('conflict', 'IN_USE', `This role is held by ${named.join(', ')}${more}.`, {
    path: ['roleId'],
  });
}

/** Power over the tenant is given and taken by who has it, as far as it reaches. @throws DomainError SCOPE_NOT_HELD */
export function refuseNotHeld(
  work: Work,
  server: Pick<ResourceServerRow, 'managed'>,
  scopes: readonly string[],
  reaches: readonly (readonly string[] | null)[],
): void {
  if (server.managed !== 'MANAGEMENT_API') return;
  for (const reach of reaches)
    for (const scope of scopes)
      if (!covers(work.ctx, scope, reach))
        throw new DomainError(
          'forbidden',
          'SCOPE_NOT_HELD',
          `This needs the scope ${scope}, which you do not hold ${reach === null ? 'for the whole tenant' : 'in all of those realms'}.`,
        );
}

const CONSTRAINTS = {
  roles_display_name_key: () =>
    new DomainError('conflict', 'ROLE_NAME_TAKEN', 'Another role of this resource server has this name.', {
      path: ['displayName'],
    }),
};

export const subjectOf = (row: RoleRow) => ({ kind: 'ROLE' as const, id: row.id, name: row.display_name });
