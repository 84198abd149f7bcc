import { now } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, managedObject, notFound, versionMismatch } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import * as queries from './resource-servers.queries.js';
import {
  addScopesInput,
  createInput,
  deleteInput,
  describeScopeInput,
  MOST_SCOPES,
  removeScopesInput,
  type Usage,
  updateInput,
} from './resource-servers.types.js';
import { recordLoss, refuseInUse, useOf } from './usage.js';

export type { ResourceServerRow } from './resource-servers.queries.js';

type ResourceServerRow = queries.ResourceServerRow;

export interface ScopeRow {
  readonly name: string;
  readonly description: string;
}

export type ResourceServersService = ReturnType<typeof createResourceServersService>;

export function createResourceServersService({ db, command }: { db: Db; command: Runner }) {
  async function scopesOfMany(
    source: Db | Tx,
    realmId: string,
    ids: readonly string[],
  ): Promise<ScopeRow[][]> {
    const rows = ids.length > 0 ? await queries.selectScopes(source, realmId, ids) : [];
    const byServer = Map.groupBy(rows, (row) => row.resource_server_id);
    return ids.map((id) => byServer.get(id) ?? []);
  }

  async function lock(
    work: Work,
    serverId: string,
    expected: number | null | undefined,
  ): Promise<ResourceServerRow> {
    const row = await queries.lockResourceServer(work.tx, work.ctx.realm.id, serverId);
    if (!row) throw notFound('resource server');
    if (row.managed !== null) throw managedObject('resource server');
    if (expected != null && expected !== row.version) throw versionMismatch('resource server');
    return row;
  }

  const usageIn = async (
    source: Db | Tx,
    realmId: string,
    serverId: string,
    names?: readonly string[],
  ): Promise<Usage> => ({
    roles: await queries.selectRoles(source, realmId, serverId, names),
    applications: await queries.selectApplications(source, realmId, serverId, names),
  });

  /** A resource server with its scopes inside an open transaction. */
  async function createIn(
    work: Work,
    input: { displayName: string; identifier: string; managed: string | null; scopes: readonly ScopeRow[] },
  ): Promise<ResourceServerRow> {
    const row = await queries.insertResourceServer(work.tx, {
      realm_id: work.ctx.realm.id,
      id: newId(),
      display_name: input.displayName,
      identifier: input.identifier,
      managed: input.managed,
    });
    if (input.scopes.length > 0) await queries.insertScopes(work.tx, scopeRows(row, input.scopes));
    work.record('resource_server.created', { identifier: row.identifier }, { subject: subjectOf(row) });
    return row;
  }

  const touched = (work: Work, row: ResourceServerRow): Promise<ResourceServerRow> =>
    queries.updateResourceServer(work.tx, row, row, now());

  return {
    createIn,

    create: command({
      name: 'resourceServers.create',
      scope: 'resource-servers:create',
      input: createInput,
      constraints: CONSTRAINTS,
      body: (work, input): Promise<ResourceServerRow> => createIn(work, { ...input, managed: null }),
    }),

    update: command({
      name: 'resourceServers.update',
      scope: 'resource-servers:update',
      input: updateInput,
      constraints: CONSTRAINTS,
      body: async (work, input): Promise<ResourceServerRow> => {
        const row = await lock(work, input.resourceServerId, input.ifVersion);
        const set = {
          display_name: input.displayName ?? row.display_name,
          identifier: input.identifier ?? row.identifier,
        };
        const changed = [
          ...(set.display_name === row.display_name ? [] : ['displayName']),
          ...(set.identifier === row.identifier ? [] : ['identifier']),
        ];
        if (changed.length === 0) {
          work.unchanged();
          return row;
        }
        const updated = await queries.updateResourceServer(work.tx, row, set, now());
        work.record('resource_server.updated', { changed }, { subject: subjectOf(updated) });
        return updated;
      },
    }),

    /** Those that are there already stay as they are. */
    addScopes: command({
      name: 'resourceServers.addScopes',
      scope: 'resource-servers:update',
      input: addScopesInput,
      body: async (work, input): Promise<ResourceServerRow> => {
        const row = await lock(work, input.resourceServerId, input.ifVersion);
        const added = await queries.insertScopes(work.tx, scopeRows(row, input.scopes));
        const [all = []] = await scopesOfMany(work.tx, row.realm_id, [row.id]);
        if (all.length > MOST_SCOPES)
          throw new DomainError(
            'invalid',
            'LIMIT_REACHED',
            `A resource server has at most ${MOST_SCOPES} scopes.`,
          );
        if (added.length === 0) {
          work.unchanged();
          return row;
        }
        work.record('resource_server.scopes_added', { scopes: added.sort() }, { subject: subjectOf(row) });
        return touched(work, row);
      },
    }),

    describeScope: command({
      name: 'resourceServers.describeScope',
      scope: 'resource-servers:update',
      input: describeScopeInput,
      body: async (work, { resourceServerId, name, description }): Promise<ResourceServerRow> => {
        const row = await lock(work, resourceServerId, undefined);
        const outcome = await queries.describeScope(work.tx, row, name, description);
        if (outcome === 'missing') throw invalid(`There is no scope ${name} here.`, 'name');
        if (outcome === 'same') {
          work.unchanged();
          return row;
        }
        work.record('resource_server.updated', { changed: [`scope ${name}`] }, { subject: subjectOf(row) });
        return touched(work, row);
      },
    }),

    /**
     * Roles and applications lose them in the same transaction, where `cascade` says so.
     * @throws DomainError IN_USE naming who would
     */
    removeScopes: command({
      name: 'resourceServers.removeScopes',
      scope: 'resource-servers:update',
      input: removeScopesInput,
      body: async (work, input): Promise<ResourceServerRow> => {
        const row = await lock(work, input.resourceServerId, input.ifVersion);
        const [all = []] = await scopesOfMany(work.tx, row.realm_id, [row.id]);
        const known = new Set(all.map(({ name }) => name));
        const missing = input.names.find((name) => !known.has(name));
        if (missing !== undefined) throw invalid(`There is no scope ${missing} here.`, 'names');
        const usage = await usageIn(work.tx, row.realm_id, row.id, input.names);
        if (!input.cascade) refuseInUse('These scopes are', usage, 'names');
        await queries.withdrawFromApplications(work.tx, row, input.names, now());
        await queries.deleteScopes(work.tx, row, input.names);
        recordLoss(work, usage);
        const scopes = [...new Set(input.names)].sort();
        work.record('resource_server.scopes_removed', { scopes }, { subject: subjectOf(row) });
        return touched(work, row);
      },
    }),

    /**
     * With `cascade` its roles go with it, and its applications go on without a resource server and without scopes.
     * @throws DomainError IN_USE naming who uses it
     */
    remove: command({
      name: 'resourceServers.remove',
      scope: 'resource-servers:delete',
      input: deleteInput,
      body: async (work, input): Promise<ResourceServerRow> => {
        const row = await lock(work, input.resourceServerId, input.ifVersion);
        const usage = await usageIn(work.tx, row.realm_id, row.id);
        if (!input.cascade) refuseInUse('This resource server is', usage, 'resourceServerId');
        await queries.withdrawFromApplications(work.tx, row, undefined, now());
        await queries.deleteRoles(work.tx, row);
        await queries.deleteResourceServer(work.tx, row);
        for (const role of usage.roles)
          work.record('role.deleted', { displayName: role.displayName }, { subject: useOf('ROLE', role) });
        for (const application of usage.applications)
          work.record(
            'application.updated',
            { changed: ['resourceServerId', 'allowedScopes'] },
            { subject: useOf('APPLICATION', application) },
          );
        work.record('resource_server.deleted', { identifier: row.identifier }, { subject: subjectOf(row) });
        return row;
      },
    }),

    /** Who uses it; with names, who uses one of those scopes. */
    async usageOf(ctx: RealmCtx, serverId: string, names?: readonly string[]): Promise<Usage> {
      requireScope(ctx, 'resource-servers:read');
      requireScope(ctx, 'roles:read');
      requireScope(ctx, 'applications:read');
      return usageIn(db, ctx.realm.id, serverId, names);
    },

    async find(ctx: RealmCtx, id: string): Promise<ResourceServerRow | undefined> {
      requireScope(ctx, 'resource-servers:read');
      return isId(id) ? queries.selectResourceServer(db, ctx.realm.id, id) : undefined;
    },

    /** @returns the resource server of each id, in the order asked */
    async findMany(ctx: RealmCtx, ids: readonly string[]): Promise<(ResourceServerRow | undefined)[]> {
      requireScope(ctx, 'resource-servers:read');
      const rows = await queries.selectMany(db, ctx.realm.id, ids);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id));
    },

    findRow: (source: Db | Tx, realmId: string, id: string) =>
      queries.selectResourceServer(source, realmId, id),

    async list(
      ctx: RealmCtx,
      search: string | null | undefined,
      args: PageArgs,
    ): Promise<Page<ResourceServerRow>> {
      requireScope(ctx, 'resource-servers:read');
      const slice = sliceOf(args);
      const rows = await queries.selectResourceServers(db, ctx.realm.id, slice, search?.trim() || undefined);
      return pageById(slice, rows);
    },

    scopesOfMany,
    /** @returns the scopes of each id, in the order asked */
    async scopesFor(ctx: RealmCtx, ids: readonly string[]): Promise<ScopeRow[][]> {
      requireScope(ctx, 'resource-servers:read');
      return scopesOfMany(db, ctx.realm.id, ids);
    },
  };
}

const CONSTRAINTS = {
  resource_servers_realm_identifier_key: () =>
    new DomainError('conflict', 'IDENTIFIER_TAKEN', 'Another resource server has this identifier.', {
      path: ['identifier'],
    }),
};

const scopeRows = (row: ResourceServerRow, scopes: readonly ScopeRow[]) =>
  scopes.map(({ name, description }) => ({
    realm_id: row.realm_id,
    resource_server_id: row.id,
    name,
    description,
  }));

const subjectOf = (row: ResourceServerRow) => ({
  kind: 'RESOURCE_SERVER' as const,
  id: row.id,
  name: row.display_name,
});
