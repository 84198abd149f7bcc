import type { Db, Tx, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import * as queries from './resource-servers.queries.js';

export type { ResourceServerRow } from './resource-servers.queries.js';

type ResourceServerRow = queries.ResourceServerRow;

export interface ScopeRow {
  readonly name: string;
  readonly description: string;
}

export type ResourceServersService = ReturnType<typeof createResourceServersService>;

export function createResourceServersService({ db }: { db: Db }) {
  async function scopesOfMany(
    source: Db | Tx,
    realmId: string,
    ids: readonly string[],
  ): Promise<ScopeRow[][]> {
    const rows = ids.length > 0 ? await queries.selectScopes(source, realmId, ids) : [];
    const byServer = Map.groupBy(rows, (row) => row.resource_server_id);
    return ids.map((id) => byServer.get(id) ?? []);
  }

  return {
    /** A resource server with its scopes inside an open transaction. */
    async createIn(
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
      if (input.scopes.length > 0)
        await queries.insertScopes(
          work.tx,
          input.scopes.map((scope) => ({ realm_id: row.realm_id, resource_server_id: row.id, ...scope })),
        );
      work.record(
        'resource_server.created',
        { identifier: row.identifier },
        { subject: { kind: 'RESOURCE_SERVER', id: row.id, name: row.display_name } },
      );
      return row;
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

    async list(ctx: RealmCtx, args: PageArgs): Promise<Page<ResourceServerRow>> {
      requireScope(ctx, 'resource-servers:read');
      const slice = sliceOf(args);
      const rows = await queries.selectResourceServers(db, ctx.realm.id, slice);
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
